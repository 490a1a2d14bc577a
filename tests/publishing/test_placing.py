from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from publishing.models import (
    Article,
    ArticleByline,
    ArticleTopic,
    Byline,
    Correction,
    Image,
    Placement,
    Redirect,
    Revision,
    SearchEntry,
    Section,
    Topic,
)
from publishing.placing import (
    discard,
    elect_canonical,
    move,
    override,
    place,
    prepare,
    recall,
    unpublish,
)
from publishing.redirects import redirect
from publishing.slugs import slug_from
from publishing.writing import correct, revise, write
from sites_core.models import SiteState
from tests.cast import FINANCEBLOG, TECHBLOG, House, placement_of

pytestmark = pytest.mark.django_db


def written(house: House, title: str = "A headline", body: str = "Words.") -> Article:
    return write(tenant=house.tenant, title=title, body=body)


def canonical_sites(article: Article) -> list[str]:
    return [p.site.domain for p in article.placements.filter(is_canonical=True).select_related("site")]


def redirects(house: House, domain: str) -> dict[str, str]:
    return dict(Redirect.objects.filter(site=house.sites[domain]).values_list("path", "target"))


def test_an_article_is_placed_on_two_sites_with_its_own_words_on_one(house: House):
    article = written(house)
    place(article=article, site=house.sites[TECHBLOG])
    place(article=article, site=house.sites[FINANCEBLOG], slug="own-slug", title="An own headline")
    assert {p.slug: p.title for p in article.placements.all()} == {"a-headline": "", "own-slug": "An own headline"}
    assert canonical_sites(article) == [TECHBLOG]


def test_an_article_is_pinned_on_one_site_and_stays_so_until_told_otherwise(house: House):
    article = written(house)
    place(article=article, site=house.sites[TECHBLOG], pin=1)
    place(article=article, site=house.sites[FINANCEBLOG])
    place(article=article, site=house.sites[TECHBLOG], title="Another headline")
    assert {p.site.domain: p.pin for p in article.placements.select_related("site")} == {TECHBLOG: 1, FINANCEBLOG: None}
    assert place(article=article, site=house.sites[TECHBLOG], pin=None).pin is None


def test_placing_again_changes_the_placement_and_makes_no_second(house: House):
    article = written(house)
    first = place(article=article, site=house.sites[TECHBLOG])
    second = place(article=article, site=house.sites[TECHBLOG], title="Later")
    assert first.pk == second.pk
    assert second.slug == first.slug
    assert second.go_live == first.go_live


def test_a_slug_that_is_taken_gets_a_number(house: House):
    slugs = [place(article=written(house), site=house.sites[TECHBLOG]).slug for _ in range(3)]
    assert slugs == ["a-headline", "a-headline-2", "a-headline-3"]
    assert place(article=written(house, title="Search"), site=house.sites[TECHBLOG]).slug == "search-2"


@pytest.mark.parametrize(
    ("title", "slug"),
    {
        "Ünïcode & más": "unicode-mas",
        "日本語": "post-77710aed",
        "  --x--  ": "x",
        "a" * 500: "a" * 200,
        "": "post-e3b0c442",
    }.items(),
)
def test_slugs_are_made_of_titles(title: str, slug: str):
    assert slug_from(title) == slug


@pytest.mark.parametrize("slug", ["Upper", "two--hyphens", "-x", "x-", "a/b", "a b", "", "é", "search", "media"])
def test_the_database_keeps_slugs_canonical(house: House, slug: str):
    placement = place(article=written(house), site=house.sites[TECHBLOG])
    with pytest.raises(IntegrityError), transaction.atomic():
        Placement.objects.filter(pk=placement.pk).update(slug=slug)


def test_a_scheduled_placement_is_live_from_its_moment_until_its_end(house: House):
    now = timezone.now()
    start, end = now + timedelta(hours=1), now + timedelta(hours=2)
    place(article=written(house), site=house.sites[TECHBLOG], go_live=start, expires_at=end)
    live = Placement.objects.on(house.sites[TECHBLOG]).live
    assert [live(now + timedelta(minutes=minutes)).count() for minutes in (0, 60, 119, 120)] == [0, 1, 1, 0]


def test_an_end_before_the_beginning_is_refused(house: House):
    article, now = written(house), timezone.now()
    for _ in ("not placed yet", "placed"):
        with pytest.raises(ValidationError, match="before it is shown"):
            place(article=article, site=house.sites[TECHBLOG], go_live=now, expires_at=now - timedelta(days=1))
        place(article=article, site=house.sites[TECHBLOG])


def test_recall_takes_an_article_back_everywhere_and_names_the_sites(house: House):
    article = written(house)
    for domain in (TECHBLOG, FINANCEBLOG):
        place(article=article, site=house.sites[domain])
    assert [site.domain for site in recall(article=article)] == [FINANCEBLOG, TECHBLOG]
    assert set(article.placements.values_list("status", flat=True)) == {"recalled"}
    assert canonical_sites(article) == []


def test_a_recall_does_not_speak_of_what_had_not_appeared(house: House):
    article = written(house)
    place(article=article, site=house.sites[TECHBLOG])
    place(article=article, site=house.sites[FINANCEBLOG], go_live=timezone.now() + timedelta(days=1))
    recall(article=article)
    statuses = dict(article.placements.values_list("site__domain", "status"))
    assert statuses == {TECHBLOG: "recalled", FINANCEBLOG: "unpublished"}


def test_the_canonical_placement_is_elected_anew_when_it_goes(house: House):
    article = written(house)
    first = place(article=article, site=house.sites[TECHBLOG])
    place(article=article, site=house.sites[FINANCEBLOG])
    unpublish(placements=[first])
    assert canonical_sites(article) == [FINANCEBLOG]
    place(article=article, site=house.sites[TECHBLOG])
    assert canonical_sites(article) == [FINANCEBLOG]
    place(article=article, site=house.sites[TECHBLOG], canonical=True)
    assert canonical_sites(article) == [TECHBLOG]
    assert elect_canonical(article=article) == placement_of(article, house.sites[TECHBLOG])


@pytest.mark.parametrize("way", ["placement", "site", "sql"])
def test_a_deleted_canonical_placement_is_followed_by_another(house: House, way: str):
    article = written(house)
    first = place(article=article, site=house.sites[TECHBLOG])
    place(article=article, site=house.sites[FINANCEBLOG])
    before = generations(house)[FINANCEBLOG]
    if way == "placement":
        first.delete()
    elif way == "site":
        house.sites[TECHBLOG].delete()
    else:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_site WHERE domain = %s", [TECHBLOG])
    assert canonical_sites(article) == [FINANCEBLOG]
    assert generations(house)[FINANCEBLOG] > before, "its canonical link has changed"


def test_two_canonical_placements_cannot_be_stored(house: House):
    article = written(house)
    for domain in (TECHBLOG, FINANCEBLOG):
        place(article=article, site=house.sites[domain])
    with pytest.raises(IntegrityError), transaction.atomic():
        article.placements.update(is_canonical=True)


def test_a_moved_slug_leaves_a_redirect_and_chains_collapse(house: House):
    placement = place(article=written(house), site=house.sites[TECHBLOG])
    for slug in ("second", "third"):
        move(placement=placement, slug=slug)
    assert redirects(house, TECHBLOG) == {"/a-headline/": "/third/", "/second/": "/third/"}
    assert redirects(house, FINANCEBLOG) == {}


def test_a_slug_that_comes_back_ends_its_redirect_instead_of_looping(house: House):
    placement = place(article=written(house), site=house.sites[TECHBLOG])
    move(placement=placement, slug="second")
    move(placement=placement, slug="a-headline")
    assert redirects(house, TECHBLOG) == {"/second/": "/a-headline/"}


def test_a_page_that_arrives_at_a_redirected_path_is_not_hidden(house: House):
    placement = place(article=written(house), site=house.sites[TECHBLOG])
    move(placement=placement, slug="second")
    place(article=written(house), site=house.sites[TECHBLOG], slug="a-headline")
    assert redirects(house, TECHBLOG) == {}


def test_a_redirect_stays_on_its_site(house: House):
    site = house.sites[TECHBLOG]
    redirect(tenant=house.tenant, site=site, path="/same/", target="/same/")
    assert redirects(house, TECHBLOG) == {}
    for target in ("//evil.test/", "https://evil.test/", "/\\evil.test", "evil"):
        with pytest.raises(IntegrityError), transaction.atomic():
            redirect(tenant=house.tenant, site=site, path="/from/", target=target)


def test_moving_to_a_slug_that_is_taken_is_a_sentence(house: House):
    place(article=written(house), site=house.sites[TECHBLOG], slug="taken")
    placement = place(article=written(house), site=house.sites[TECHBLOG])
    with pytest.raises(ValidationError, match="already has the slug"):
        move(placement=placement, slug="taken")


def test_each_change_of_words_leaves_a_revision_and_none_can_be_changed(house: House):
    article = written(house)
    revise(article=article, title="Better")
    revise(article=article, title="Better")
    assert list(article.revisions.order_by("number").values_list("number", "title")) == [
        (1, "A headline"),
        (2, "Better"),
    ]
    with pytest.raises(IntegrityError, match="snapshot"), transaction.atomic():
        Revision.objects.filter(article=article).update(title="Forged")


def test_the_body_is_sanitised_when_it_is_saved_and_its_source_stays(house: House):
    source = "Hello <script>alert(1)</script> *you*"
    article = written(house, body=source)
    assert article.body == source
    assert "<script" not in article.html
    assert "<em>you</em>" in article.html
    assert "alert(1)" not in article.html + article.text


def test_a_deed_on_a_stale_object_does_not_undo_what_others_did(house: House):
    article = written(house)
    stale = place(article=article, site=house.sites[TECHBLOG])
    place(article=article, site=house.sites[FINANCEBLOG], canonical=True)
    move(placement=placement_of(article, house.sites[TECHBLOG]), slug="moved")
    override(placement=stale, title="Own")
    assert placement_of(article, house.sites[TECHBLOG]).slug == "moved"
    assert canonical_sites(article) == [FINANCEBLOG]
    move(placement=stale, slug="moved-on")
    assert redirects(house, TECHBLOG) == {"/a-headline/": "/moved-on/", "/moved/": "/moved-on/"}


def test_a_recalled_article_is_brought_back_by_placing_it_and_by_nothing_else(house: House):
    article = written(house)
    stale = place(article=article, site=house.sites[TECHBLOG])
    recall(article=article)
    with pytest.raises(ValidationError, match="recalled"):
        prepare(article=article, site=house.sites[TECHBLOG])
    unpublish(placements=[stale])
    assert placement_of(article, house.sites[TECHBLOG]).status == "recalled"
    assert place(article=article, site=house.sites[TECHBLOG]).status == "published"


def test_an_expired_placement_gives_the_canonical_mark_to_one_that_lasts(house: House):
    article, now = written(house), timezone.now()
    place(
        article=article, site=house.sites[TECHBLOG], go_live=now - timedelta(days=2), expires_at=now - timedelta(days=1)
    )
    place(article=article, site=house.sites[FINANCEBLOG])
    assert canonical_sites(article) == [FINANCEBLOG]


@pytest.mark.parametrize("fields", [{"slug": "Bad Slug"}, {"slug": "-"}, {"go_live": datetime(1, 1, 1, tzinfo=UTC)},
                                    {"expires_at": datetime(2000, 1, 1, tzinfo=UTC)}])  # fmt: skip
def test_what_cannot_be_placed_is_refused_with_a_sentence(house: House, fields: dict[str, Any]):
    with pytest.raises(ValidationError):
        place(article=written(house), site=house.sites[TECHBLOG], **fields)


def test_revising_changes_what_is_named_and_leaves_what_others_wrote(house: House):
    article = written(house)
    stale = Article.objects.get(pk=article.pk)
    revise(article=article, summary="Theirs")
    revise(article=stale, title="Ours")
    assert (stale.title, stale.summary) == ("Ours", "Theirs")


def test_an_article_that_becomes_a_page_leaves_the_lists(house: House):
    article = written(house)
    place(article=article, site=house.sites[TECHBLOG])
    revise(article=article, kind=Article.Kind.PAGE)
    assert not Placement.objects.on(house.sites[TECHBLOG]).listed().exists()


def test_words_too_many_for_the_search_index_are_saved_all_the_same(house: House):
    many = " ".join(f"शब्द-{number:x}-{number * 7919:x}" for number in range(22_000))
    article = written(house, body=many)
    place(article=article, site=house.sites[TECHBLOG], summary=many)
    assert SearchEntry.objects.filter(placement__article=article).exists()


def test_an_own_title_remembers_what_the_article_said_by_whatever_way_it_comes(house: House):
    article = written(house)
    there = place(article=article, site=house.sites[TECHBLOG], title="Own", summary="Own too")
    assert there.sources == {"title": "A headline", "summary": ""}
    revise(article=article, title="Changed beneath")
    place(article=article, site=house.sites[TECHBLOG], title="Own")
    assert placement_of(article, house.sites[TECHBLOG]).sources["title"] == "A headline"
    place(article=article, site=house.sites[TECHBLOG], title="Own, but otherwise")
    assert placement_of(article, house.sites[TECHBLOG]).sources["title"] == "Changed beneath"
    override(placement=there, title="")
    assert placement_of(article, house.sites[TECHBLOG]).sources == {"summary": ""}
    there = prepare(article=article, site=house.sites[FINANCEBLOG], title="A draft's own")
    assert there.sources == {"title": "Changed beneath"}


def test_an_override_that_is_given_once_more_is_still_meant(house: House):
    article = written(house)
    there = place(article=article, site=house.sites[TECHBLOG], title="Own")
    revise(article=article, title="Changed beneath")
    override(placement=there, title="Own")
    assert placement_of(article, house.sites[TECHBLOG]).sources == {"title": "Changed beneath"}


def test_a_draft_is_met_by_nobody_and_takes_the_canonical_mark_from_none(house: House):
    article = written(house)
    place(article=article, site=house.sites[TECHBLOG])
    there = prepare(article=article, site=house.sites[FINANCEBLOG], slug="planned")
    assert (there.status, there.slug, there.is_canonical) == ("draft", "planned", False)
    prepare(article=article, site=house.sites[TECHBLOG])
    assert canonical_sites(article) == []
    assert not Placement.objects.live(timezone.now()).exists()


def test_an_end_that_is_set_passes_the_canonical_mark_on(house: House):
    article = written(house)
    past = timezone.now() - timedelta(hours=2)
    place(article=article, site=house.sites[TECHBLOG], go_live=past)
    place(article=article, site=house.sites[FINANCEBLOG])
    place(article=article, site=house.sites[TECHBLOG], expires_at=timezone.now() - timedelta(hours=1))
    assert canonical_sites(article) == [FINANCEBLOG]


def test_only_a_draft_is_discarded(house: House):
    there = place(article=written(house), site=house.sites[TECHBLOG])
    with pytest.raises(ValidationError, match="only what is prepared"):
        discard(placement=there)
    unpublish(placements=[there])
    discard(placement=prepare(article=there.article, site=house.sites[TECHBLOG]))
    assert not Placement.objects.exists()


# --- generations -----------------------------------------------------------------------------------------------------


def generations(house: House) -> dict[str, int]:
    return dict(SiteState.objects.values_list("site__domain", "generation"))


def touched(house: House, deed) -> set[str]:
    before = generations(house)
    deed()
    return {domain for domain, generation in generations(house).items() if generation != before.get(domain)}


def test_a_deed_raises_the_generation_of_exactly_the_sites_it_touches(house: House):
    both, here = written(house), written(house)
    techblog, financeblog = house.sites[TECHBLOG], house.sites[FINANCEBLOG]
    assert touched(house, lambda: place(article=here, site=techblog)) == {TECHBLOG}
    assert touched(house, lambda: place(article=both, site=techblog)) == {TECHBLOG}
    place(article=both, site=financeblog)
    assert touched(house, lambda: revise(article=here, title="New")) == {TECHBLOG}
    assert touched(house, lambda: revise(article=both, title="New")) == {TECHBLOG, FINANCEBLOG}
    assert touched(house, lambda: correct(article=both, note="We were wrong.")) == {TECHBLOG, FINANCEBLOG}
    assert touched(house, lambda: unpublish(placements=[placement_of(here, techblog)])) == {TECHBLOG}
    assert touched(house, lambda: written(house)) == set()


def test_a_canonical_address_that_changes_is_seen_on_the_sites_that_link_to_it(house: House):
    article = written(house)
    first = place(article=article, site=house.sites[TECHBLOG])
    second = place(article=article, site=house.sites[FINANCEBLOG])
    assert touched(house, lambda: move(placement=first, slug="moved")) == {TECHBLOG, FINANCEBLOG}
    assert touched(house, lambda: move(placement=second, slug="moved")) == {FINANCEBLOG}


def test_what_nobody_could_have_met_raises_nothing(house: House):
    article = written(house)
    placement = place(article=article, site=house.sites[TECHBLOG])
    assert touched(house, lambda: revise(article=article, title=article.title)) == set()
    assert touched(house, lambda: Placement.objects.update(summary="")) == set(), "written, not changed"
    unpublish(placements=[placement])
    assert touched(house, lambda: revise(article=article, title="Nobody sees this")) == set()
    Placement.objects.update(status="draft")
    assert touched(house, lambda: revise(article=article, title="Nor this")) == set()


def test_a_canonical_site_that_is_renamed_retired_or_brought_back_is_seen_on_the_others(house: House):
    article = written(house)
    place(article=article, site=house.sites[TECHBLOG])
    place(article=article, site=house.sites[FINANCEBLOG])
    techblog = Site.objects.filter(domain=TECHBLOG)
    state = SiteState.objects.filter(site=house.sites[TECHBLOG])
    assert touched(house, lambda: state.update(retired_at=timezone.now())) >= {FINANCEBLOG}
    assert touched(house, lambda: state.update(retired_at=None)) >= {FINANCEBLOG}
    before = generations(house)[FINANCEBLOG]
    techblog.update(domain="renamed.test")
    assert generations(house)[FINANCEBLOG] > before


def test_a_stand_in_for_a_canonical_placement_that_is_not_served_is_seen_on_the_others(house: House):
    article = written(house)
    place(article=article, site=house.sites[TECHBLOG])
    second = place(article=article, site=house.sites[FINANCEBLOG])
    assert touched(house, lambda: move(placement=second, slug="moved")) == {FINANCEBLOG}
    past = timezone.now() - timedelta(minutes=1)
    Placement.objects.filter(is_canonical=True).update(go_live=past - timedelta(days=1), expires_at=past)
    assert touched(house, lambda: move(placement=second, slug="moved-again")) == {TECHBLOG, FINANCEBLOG}


def test_every_row_that_a_reader_sees_raises_the_generation_when_it_comes_changes_and_goes(house: House):
    tenant, here = house.tenant, house.sites[TECHBLOG]
    image = Image.objects.create(tenant=tenant, digest="1", name="a", width=1, height=1, widths=[1])
    article = written(house)
    placement = place(article=article, site=here, image=image)
    topic = Topic.objects.create(tenant=tenant, slug="t", name="T")
    byline = Byline.objects.create(tenant=tenant, slug="b", name="B")
    rows = {
        ArticleTopic: {"article": article, "topic": topic},
        ArticleByline: {"article": article, "byline": byline},
        Correction: {"article": article, "note": "We were wrong."},
        Section: {"site": here, "slug": "s", "name": "S"},
        Redirect: {"site": here, "path": "/from/", "target": "/to/"},
    }
    change = {ArticleTopic: {"position": 9}, ArticleByline: {"position": 9}, Correction: {"note": "No."},
              Section: {"name": "New"}, Redirect: {"target": "/else/"}}  # fmt: skip
    for model, fields in rows.items():
        manager: Any = model._default_manager
        assert touched(house, lambda m=manager, f=fields: m.create(tenant=tenant, **f)) == {TECHBLOG}, model
        assert touched(house, lambda m=manager, c=change[model]: m.update(**c)) == {TECHBLOG}, model
    assert touched(house, lambda: Topic.objects.update(name="New")) == {TECHBLOG}
    assert touched(house, lambda: Byline.objects.update(bio="New")) == {TECHBLOG}
    assert touched(house, lambda: Image.objects.update(alt="New")) == {TECHBLOG}
    for model in rows:
        gone: Any = model._default_manager
        assert touched(house, lambda m=gone: m.all().delete()) == {TECHBLOG}, model
    revise(article=article, lead_image=image)
    Placement.objects.filter(pk=placement.pk).update(image=None)
    assert touched(house, lambda: Image.objects.update(caption="New")) == {TECHBLOG}, "by the article's lead image"


def test_raw_sql_and_querysets_raise_generations_too(house: House):
    article = written(house)
    place(article=article, site=house.sites[TECHBLOG])

    def raw() -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE publishing_article SET title = 'Raw' WHERE id = %s", [article.pk])

    assert touched(house, raw) == {TECHBLOG}
    assert touched(house, lambda: Placement.objects.update(summary="x")) == {TECHBLOG}
    assert touched(house, lambda: Placement.objects.all().delete()) == {TECHBLOG}


def test_a_generation_goes_back_with_its_transaction(house: House):
    article = written(house)
    place(article=article, site=house.sites[TECHBLOG])

    def rolled_back() -> None:
        with pytest.raises(RuntimeError), transaction.atomic():
            revise(article=article, title="Never")
            raise RuntimeError

    assert touched(house, rolled_back) == set()


def test_a_state_saved_whole_does_not_lower_the_generation(house: House):
    stale = SiteState.objects.get(site=house.sites[TECHBLOG])
    place(article=written(house), site=house.sites[TECHBLOG])
    reached = generations(house)[TECHBLOG]
    stale.save()
    assert generations(house)[TECHBLOG] == reached
