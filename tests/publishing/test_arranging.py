"""One article on many sites, as somebody at a desk decides."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from publishing.arranging import Changed, Do, Wish, arrange, arrange_all, stamp
from publishing.models import Article, Image, Placement, Redirect, Section
from publishing.placing import place, recall
from publishing.writing import revise, write
from tenants.models import Tenant
from tests.cast import FINANCEBLOG, TECHBLOG, House, placement_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(house: House) -> Article:
    return write(tenant=house.tenant, title="A headline", body="Words.")


def do(house: House, article: Article, what: Do, domain: str = TECHBLOG, **fields: Any) -> Placement | None:
    return arrange(article=article, site=house.sites[domain], wish=Wish(what, fields))


def ago(**length: float):
    return timezone.now() - timedelta(**length)


def ahead(**length: float):
    return timezone.now() + timedelta(**length)


def test_a_draft_is_kept_with_what_is_planned_and_readers_do_not_see_it(house: House, article: Article):
    when = ahead(days=3)
    draft = do(house, article, Do.DRAFT, go_live=when, title="Own title")
    assert draft is not None
    assert (draft.status, draft.go_live, draft.slug, draft.title) == ("draft", when, "own-title", "Own title")
    assert not Placement.objects.live(ahead(days=9)).exists()
    published = do(house, article, Do.PUBLISH)
    assert published is not None
    assert published.pk == draft.pk
    assert published.go_live is not None
    assert published.go_live <= timezone.now()


def test_publishing_keeps_a_date_that_is_past_and_drops_an_end_that_is(house: House, article: Article):
    first = ago(days=9)
    place(article=article, site=house.sites[TECHBLOG], go_live=first, expires_at=ago(days=1))
    again = do(house, article, Do.PUBLISH)
    assert again is not None
    assert (again.go_live, again.expires_at) == (first, None)


def test_a_moment_that_has_passed_is_not_scheduled(house: House, article: Article):
    with pytest.raises(ValidationError, match="has passed"):
        do(house, article, Do.SCHEDULE, go_live=ago(minutes=1))
    with pytest.raises(ValidationError, match="from when on"):
        do(house, article, Do.SCHEDULE)


@pytest.mark.parametrize("what", [Do.SAVE, Do.SCHEDULE])
def test_what_readers_can_open_is_not_hidden_by_a_later_date(house: House, article: Article, what: Do):
    do(house, article, Do.PUBLISH)
    with pytest.raises(ValidationError, match="Unpublish it there first"):
        do(house, article, what, go_live=ahead(days=1))


def test_what_is_live_is_not_made_a_draft_by_the_way(house: House, article: Article):
    do(house, article, Do.PUBLISH)
    with pytest.raises(ValidationError, match="Readers can open it"):
        do(house, article, Do.DRAFT)
    do(house, article, Do.UNPUBLISH)
    draft = do(house, article, Do.DRAFT)
    assert draft is not None
    assert draft.status == "draft"


def test_a_slug_that_was_typed_gets_no_number(house: House, article: Article):
    other = write(tenant=house.tenant, title="The other one", body="Words.")
    place(article=other, site=house.sites[TECHBLOG], slug="taken")
    for what in (Do.DRAFT, Do.PUBLISH, Do.SAVE):
        with pytest.raises(ValidationError, match=r"taken on Techblog by “The other one”"):
            do(house, article, what, slug="taken")
    free = do(house, article, Do.PUBLISH, FINANCEBLOG, slug="taken")
    assert free is not None
    assert free.slug == "taken"


def test_a_moved_slug_redirects_only_where_readers_may_know_the_old_one(house: House, article: Article):
    do(house, article, Do.DRAFT, slug="first")
    do(house, article, Do.SAVE, slug="second")
    assert not Redirect.objects.exists()
    do(house, article, Do.PUBLISH)
    do(house, article, Do.SAVE, slug="third")
    assert list(Redirect.objects.values_list("path", "target")) == [("/second/", "/third/")]


def test_saving_changes_what_is_named_and_leaves_how_it_stands(house: House, article: Article):
    do(house, article, Do.PUBLISH, title="Own")
    do(house, article, Do.PUBLISH, FINANCEBLOG)
    do(house, article, Do.UNPUBLISH)
    saved = do(house, article, Do.SAVE, pin=3, slug="elsewhere")
    assert saved is not None
    assert (saved.status, saved.pin, saved.slug, saved.title) == ("unpublished", 3, "elsewhere", "Own")
    with pytest.raises(ValidationError, match="before it is shown"):
        do(house, article, Do.SAVE, expires_at=ago(days=1))


def test_only_a_draft_is_removed(house: House, article: Article):
    do(house, article, Do.PUBLISH)
    with pytest.raises(ValidationError, match="only what is prepared"):
        do(house, article, Do.DISCARD)
    do(house, article, Do.UNPUBLISH)
    do(house, article, Do.DRAFT)
    assert do(house, article, Do.DISCARD) is None
    assert not article.placements.exists()


def test_what_is_not_there_cannot_be_unpublished_ended_made_canonical_or_removed(house: House, article: Article):
    for what in (Do.UNPUBLISH, Do.EXPIRE, Do.CANONICAL, Do.DISCARD):
        with pytest.raises(ValidationError, match="not placed"):
            do(house, article, what)
    do(house, article, Do.DRAFT)
    for what in (Do.UNPUBLISH, Do.CANONICAL):
        with pytest.raises(ValidationError, match=r"draft|not published"):
            do(house, article, what)


# --- What was looked at ----------------------------------------------------------------------------------------------


def test_what_was_changed_meanwhile_is_not_changed_unseen(house: House, article: Article):
    site = house.sites[TECHBLOG]
    seen = stamp(None)
    place(article=article, site=site, title="Theirs")
    with pytest.raises(Changed, match="Somebody changed it meanwhile"):
        arrange(article=article, site=site, wish=Wish(Do.PUBLISH, {"title": "Ours"}, seen=seen))
    there = placement_of(article, site)
    assert there.title == "Theirs"
    arrange(article=article, site=site, wish=Wish(Do.SAVE, {"title": "Ours"}, seen=stamp(there)))
    assert placement_of(article, site).title == "Ours"


@pytest.mark.parametrize("what", [Do.PUBLISH, Do.UNPUBLISH, Do.SAVE, Do.DISCARD, Do.EXPIRE])
def test_what_is_sent_twice_is_done_once(house: House, article: Article, what: Do):
    site = house.sites[TECHBLOG]
    if what == Do.DISCARD:
        do(house, article, Do.DRAFT)
    elif what != Do.PUBLISH:
        do(house, article, Do.PUBLISH)
    before = Placement.objects.filter(article=article).first()
    fields = {"expires_at": ahead(days=2)} if what == Do.EXPIRE else {"pin": 2} if what == Do.SAVE else {}
    wish = Wish(what, fields, seen=stamp(before))
    once = arrange(article=article, site=site, wish=wish)
    twice = arrange(article=article, site=site, wish=wish)
    assert stamp(once) == stamp(twice)


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "draft"}, {"go_live": None}, {"slug": "x"}, {"pin": 1}, {"title": "x"}, {"summary": "x"},
        {"sources": {"title": "x"}},
    ],
)  # fmt: skip
def test_a_stamp_tells_every_change(house: House, article: Article, changes: dict[str, Any]):
    there = place(article=article, site=house.sites[TECHBLOG])
    before = stamp(there)
    assert before == stamp(Placement.objects.get(pk=there.pk))
    if changes == {"go_live": None}:
        changes = {"go_live": ago(days=4)}
    Placement.objects.filter(pk=there.pk).update(**changes)
    assert stamp(Placement.objects.get(pk=there.pk)) != before


# --- On some sites at once -------------------------------------------------------------------------------------------


def test_what_is_refused_on_one_site_stops_no_other_and_each_is_told(house: House, article: Article):
    other = write(tenant=house.tenant, title="The other one", body="Words.")
    place(article=other, site=house.sites[FINANCEBLOG], slug="wanted")
    wish = Wish(Do.PUBLISH, {"slug": "wanted"})
    outcomes = arrange_all(article=article, wishes=[(site, wish) for site in house.sites.values()])
    told = {outcome.site.domain: outcome for outcome in outcomes}
    assert told[TECHBLOG].placement is not None
    assert told[TECHBLOG].refused == []
    assert told[FINANCEBLOG].placement is None
    assert "taken" in told[FINANCEBLOG].refused[0]
    assert list(article.placements.values_list("site__domain", flat=True)) == [TECHBLOG]


# --- Approval and readiness ------------------------------------------------------------------------------------------


@pytest.fixture
def unready(house: House, article: Article) -> Article:
    """Neither approved, where that is needed, nor has its picture an alternative text."""
    Tenant.objects.filter(pk=house.tenant.pk).update(needs_approval=True)
    picture = Image.objects.create(tenant=house.tenant, digest="a", name="tower.jpg", width=1, height=1, widths=[1])
    revise(article=article, lead_image=picture)
    return Article.objects.get(pk=article.pk)


def test_an_article_that_is_not_ready_is_published_nowhere_and_every_reason_is_told(house: House, unready: Article):
    for what, fields in ((Do.PUBLISH, {}), (Do.SCHEDULE, {"go_live": ahead(days=1)})):
        with pytest.raises(ValidationError) as refused:
            do(house, unready, what, **fields)
        told = " ".join(refused.value.messages)
        assert "approved" in told
        assert "tower.jpg" in told
    assert not unready.placements.exists()
    assert do(house, unready, Do.DRAFT) is not None


def test_what_is_live_is_changed_and_taken_off_though_it_is_not_ready(house: House, unready: Article):
    place(article=unready, site=house.sites[TECHBLOG])
    do(house, unready, Do.SAVE, pin=3)
    do(house, unready, Do.EXPIRE, expires_at=ahead(days=1))
    do(house, unready, Do.UNPUBLISH)
    with pytest.raises(ValidationError, match="approved"):
        do(house, unready, Do.PUBLISH)


def test_no_date_that_is_moved_publishes_what_is_not_ready(house: House, unready: Article):
    place(article=unready, site=house.sites[TECHBLOG], go_live=ahead(days=1))
    do(house, unready, Do.SAVE, go_live=ahead(days=2))
    with pytest.raises(ValidationError, match="approved"):
        do(house, unready, Do.SAVE, go_live=ago(minutes=1))
    place(article=unready, site=house.sites[FINANCEBLOG], go_live=ago(days=2), expires_at=ago(days=1))
    for what in (Do.SAVE, Do.EXPIRE):
        with pytest.raises(ValidationError, match="approved"):
            do(house, unready, what, FINANCEBLOG, expires_at=ahead(days=1))


def test_a_recalled_placement_comes_back_by_being_published_again(house: House, article: Article):
    do(house, article, Do.PUBLISH)
    recall(article=article)
    with pytest.raises(ValidationError, match="recalled"):
        do(house, article, Do.DRAFT)
    again = do(house, article, Do.PUBLISH)
    assert again is not None
    assert again.status == "published"


# --- Overrides -------------------------------------------------------------------------------------------------------


def test_an_override_remembers_what_the_article_said_until_it_is_given_up(house: House, article: Article):
    there = do(house, article, Do.PUBLISH, title="Own title", summary="")
    assert there is not None
    assert there.sources == {"title": "A headline"}
    revise(article=article, title="Changed beneath")
    # Saved along with something else, unchanged, it is no new decision.
    there = do(house, article, Do.SAVE, title="Own title", pin=1)
    assert there is not None
    assert there.sources == {"title": "A headline"}
    there = arrange(
        article=article, site=house.sites[TECHBLOG], wish=Wish(Do.SAVE, meant=frozenset({"title"}))
    )  # fmt: skip
    assert placement_of(article, house.sites[TECHBLOG]).sources == {"title": "Changed beneath"}
    there = do(house, article, Do.SAVE, title="")
    assert there is not None
    assert (there.title, there.sources) == ("", {})


def test_an_own_picture_remembers_the_lead_picture_of_then(house: House, article: Article):
    pictures = [
        Image.objects.create(tenant=house.tenant, digest=name, name=name, alt="A", width=1, height=1, widths=[1])
        for name in ("lead", "own")
    ]
    revise(article=article, lead_image=pictures[0])
    there = do(house, article, Do.PUBLISH, image=pictures[1])
    assert there is not None
    assert there.sources == {"image": pictures[0].pk}
    there = do(house, article, Do.SAVE, image=None)
    assert there is not None
    assert (there.image, there.sources) == (None, {})


def test_the_section_is_kept_with_what_is_decided(house: House, article: Article):
    site = house.sites[TECHBLOG]
    section = Section.objects.create(tenant=house.tenant, site=site, slug="news", name="News")
    there = do(house, article, Do.DRAFT, section=section)
    assert there is not None
    assert there.section == section
