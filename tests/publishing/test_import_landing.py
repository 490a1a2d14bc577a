"""Posts become articles, once each and whole."""

import shutil
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from psycopg.errors import DeadlockDetected

from publishing.importing import markdown_folder
from publishing.importing.ahead import MOST_AHEAD, read_ahead
from publishing.importing.landing import CHUNK, Landing, Outcome
from publishing.importing.post import Found, Post, Refusal, Settings
from publishing.models import Article, ArticleByline, ArticleTopic, Byline, Image, Placement, Redirect, Revision, Topic
from publishing.placing import move, place, recall, unpublish
from publishing.redirects import redirect
from publishing.writing import write
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, House, bolt

pytestmark = pytest.mark.django_db

FIXTURES = Path(__file__).parent / "import_fixtures"
NOON = datetime(2024, 1, 2, 12, tzinfo=UTC)


def post(number: int = 1, **fields: Any) -> Post:
    about: dict[str, Any] = {
        "source_id": f"test:{number}",
        "source": f"{number}.md",
        "title": f"Post {number}",
        "slug": f"post-{number}",
        "body": f"The *words* of {number}.",
        "body_format": "markdown",
        "published_at": NOON,
    }
    return Post(**(about | fields))


def land(house: House, *found: Found, domains: tuple[str, ...] = (TECHBLOG,), **options: Any) -> list[Outcome]:
    landing = Landing(house.tenant, [house.sites[domain] for domain in domains], **options)
    return list(landing.land_all(found))


def results(outcomes: list[Outcome]) -> list[str]:
    return [outcome.result for outcome in outcomes]


def test_a_post_becomes_an_article_with_all_that_belongs_to_it(house: House):
    found = post(
        summary="In short", language="de", bylines=("Ada Lovelace", "ada lovelace"), topics=("News", "C++", "news"),
        permalinks=("/2024/one/", "/old"),
    )  # fmt: skip
    assert results(land(house, found, domains=(TECHBLOG, FINANCEBLOG))) == ["created"]
    article = Article.objects.get()
    assert (article.title, article.summary, article.language) == ("Post 1", "In short", "de")
    assert article.html == "<p>The <em>words</em> of 1.</p>\n"
    assert (article.text, article.word_count) == ("The words of 1.", 4)
    topics = ArticleTopic.objects.filter(article=article).order_by("position")
    assert [one.topic.name for one in topics] == ["News", "C++"]
    assert [byline.name for byline in article.bylines.all()] == ["Ada Lovelace"]
    assert Revision.objects.get().body == found.body
    assert {p.site.domain: p.is_canonical for p in Placement.objects.all()} == {TECHBLOG: True, FINANCEBLOG: False}
    assert {p.go_live for p in Placement.objects.all()} == {NOON}
    assert set(Redirect.objects.values_list("site__domain", "path", "target")) == {
        (domain, path, "/post-1/") for domain in (TECHBLOG, FINANCEBLOG) for path in found.permalinks
    }


OWN = {
    "id", "article", "article_id", "slug", "source_id", "source_digest", "created_at", "updated_at", "made_at",
    "path", "target",
}  # fmt: skip


def rows(model: type, **filters: Any) -> list[dict[str, Any]]:
    found = model.objects.filter(**filters).order_by("pk").values()  # type: ignore[attr-defined]
    return [{name: value for name, value in row.items() if name not in OWN} for row in found]


def test_what_is_landed_in_bulk_are_the_rows_that_the_deeds_make(house: House):
    topic = Topic.objects.create(tenant=house.tenant, slug="news", name="News")
    byline = Byline.objects.create(tenant=house.tenant, slug="ada", name="Ada")
    land(
        house,
        post(topics=("News",), bylines=("Ada",), permalinks=("/old/",), summary="s"),
        domains=(TECHBLOG, FINANCEBLOG),
    )
    imported = Article.objects.get()
    by_hand = write(
        tenant=house.tenant, title="Post 1", summary="s", body=imported.body, body_format="markdown",
        topics=[topic], bylines=[byline],
    )  # fmt: skip
    for domain in (TECHBLOG, FINANCEBLOG):
        site = house.sites[domain]
        placement = place(article=by_hand, site=site, go_live=NOON)
        redirect(tenant=house.tenant, site=site, path="/old-by-hand/", target=placement.path)
    assert rows(Article, pk=imported.pk) == rows(Article, pk=by_hand.pk)
    for model in (Revision, ArticleTopic, ArticleByline, Placement):
        assert rows(model, article=imported) == rows(model, article=by_hand) != []
    assert rows(Redirect, path="/old/") == rows(Redirect, path="/old-by-hand/") != []


def test_a_second_run_changes_nothing(house: House):
    land(house, post(1), post(2))
    assert results(land(house, post(1), post(2))) == ["unchanged", "unchanged"]
    assert (Article.objects.count(), Revision.objects.count(), Placement.objects.count()) == (2, 2, 2)


def test_a_changed_post_updates_its_article_and_keeps_the_revision_before(house: House):
    land(house, post(topics=("Old",)), post(2))
    changed = post(body="New words.", title="New title", slug="new-slug", topics=("New",))
    assert results(land(house, changed, post(2))) == ["updated", "unchanged"]
    article = Article.objects.get(source_id="test:1")
    assert (article.title, article.text) == ("New title", "New words.")
    assert [topic.name for topic in article.topics.all()] == ["New"]
    assert list(article.revisions.order_by("number").values_list("title", flat=True)) == ["Post 1", "New title"]
    assert article.placements.get().slug == "new-slug"
    assert dict(Redirect.objects.values_list("path", "target")) == {"/post-1/": "/new-slug/"}


def test_another_site_is_added_by_a_second_run(house: House):
    land(house, post())
    assert results(land(house, post(), domains=(TECHBLOG, FINANCEBLOG))) == ["updated"]
    assert Placement.objects.count() == 2
    assert Revision.objects.count() == 1


@pytest.mark.parametrize("deed", [unpublish, recall])
def test_what_an_editor_took_away_is_not_brought_back(house: House, deed):
    land(house, post())
    article = Article.objects.get()
    status = {unpublish: "unpublished", recall: "recalled"}[deed]
    unpublish(placements=article.placements.all()) if deed is unpublish else recall(article=article)
    land(house, post(body="changed"))
    assert article.placements.get().status == status


def test_a_draft_is_no_readers_and_becomes_published(house: House):
    land(house, post(status="draft", permalinks=("/old/",)))
    placement = Placement.objects.get()
    assert (placement.status, placement.is_canonical, Redirect.objects.count()) == ("draft", False, 0)
    land(house, post(permalinks=("/old/",)))
    placement.refresh_from_db()
    assert (placement.status, placement.is_canonical, Redirect.objects.count()) == ("published", True, 1)
    land(house, post(status="draft"))
    placement.refresh_from_db()
    assert (placement.status, placement.is_canonical) == ("unpublished", False)


def test_a_post_of_the_future_is_scheduled(house: House):
    tomorrow = timezone.now() + timedelta(days=1)
    land(house, post(published_at=tomorrow))
    assert Placement.objects.get().go_live == tomorrow
    assert not Placement.objects.live(timezone.now()).exists()


def test_equal_and_reserved_slugs_get_numbers_in_their_order_every_time(house: House):
    found = [post(n, slug="same") for n in (1, 2, 3)] + [post(4, slug="search")]
    land(house, *found)
    slugs = list(Placement.objects.order_by("article__source_id").values_list("slug", flat=True))
    assert slugs == ["same", "same-2", "same-3", "search-2"]
    land(house, *(replace(one, body="changed") for one in reversed(found)))
    assert list(Placement.objects.order_by("article__source_id").values_list("slug", flat=True)) == slugs
    land(house, post(5, slug="same"))
    assert Placement.objects.get(article__source_id="test:5").slug == "same-4"


def test_an_old_address_never_hides_a_page(house: House):
    land(house, post(1, permalinks=("/post-2/", "/post-1/")), post(2, permalinks=("/post-1/",)))
    assert not Redirect.objects.exists()
    land(house, post(3, permalinks=("/later/",)))
    land(house, post(4, slug="later"))
    assert not Redirect.objects.exists()


def test_an_old_address_that_moved_again_goes_to_the_newest(house: House):
    land(house, post(1, permalinks=("/old/",)))
    land(house, post(2, permalinks=("/old/",)))
    assert dict(Redirect.objects.values_list("path", "target")) == {"/old/": "/post-2/"}


def test_the_summary_is_the_opening_where_none_is_written(house: House):
    land(house, post(body="# Head\n\nThe first paragraph.\n\nMore."))
    assert Article.objects.get().summary == "The first paragraph."


def test_refusals_keep_their_place_and_the_rest_goes_on(house: House):
    broken = post(2, title="x\x00y")
    outcomes = land(house, post(1), broken, Refusal("r.md", "Broken."), post(3))
    assert results(outcomes) == ["created", "refused", "refused", "created"]
    assert outcomes[1].source == "2.md"
    assert "NUL" in outcomes[1].reason
    assert outcomes[2].reason == "Broken."
    assert set(Article.objects.values_list("source_id", flat=True)) == {"test:1", "test:3"}


def test_a_post_that_fails_leaves_nothing_behind(house: House, monkeypatch: pytest.MonkeyPatch):
    from publishing.importing import arriving

    def fails(*args: object) -> None:
        raise ValueError("The last step failed.")

    monkeypatch.setattr(arriving, "_redirect", fails)
    (outcome,) = land(house, post(topics=("Never",), bylines=("Nobody",), permalinks=("/old/",)))
    assert outcome.result == "refused"
    assert "The last step failed." in outcome.reason
    for model in (Article, Revision, Topic, Byline, Placement, Redirect):
        assert not model.objects.exists()


def test_two_items_of_one_id_are_said(house: House):
    outcomes = land(house, post(1), post(1, body="other"))
    assert results(outcomes) == ["created", "refused"]
    assert "same id" in outcomes[1].reason


def test_a_dry_run_says_all_and_writes_nothing(house: House):
    land(house, post(1), post(2))
    before = list(Article.objects.order_by("pk").values())
    outcomes = land(house, post(1), post(2, body="changed"), post(3), Refusal("r.md", "Broken."), dry_run=True)
    assert results(outcomes) == ["unchanged", "updated", "created", "refused"]
    assert list(Article.objects.order_by("pk").values()) == before


def test_another_tenants_article_of_the_same_id_is_not_touched(house: House):
    land(house, post())
    theirs = bolt()
    with tenant_scope(theirs.tenant):
        assert results(land(theirs, post(title="Theirs"), domains=(LANTERN,))) == ["created"]
    assert Article.objects.get().title == "Post 1"


def test_pictures_come_along_and_the_body_names_them(house: House, settings, tmp_path: Path):
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "blog").mkdir()
    shutil.copy(FIXTURES / "jekyll/img/drawing.png", tmp_path / "blog/drawing.png")
    (tmp_path / "blog/bad.png").write_text("<svg onload=alert(1)>")
    (tmp_path / "blog/a.md").write_text("---\nimage: drawing.png\n---\n![Drawn](drawing.png) ![Bad](bad.png)\n")
    blog = list(markdown_folder.read(tmp_path / "blog", Settings(ZoneInfo("UTC"), "blog")))
    (outcome,) = land(house, *blog)
    image, article = Image.objects.get(), Article.objects.get()
    assert outcome.warnings == ("bad.png is not a JPEG, PNG, WebP, GIF or AVIF picture.",)
    assert article.lead_image == image
    assert f'src="/media/{image.stem}-' in article.html
    assert 'alt="Drawn"' in article.html
    assert "(image missing: Bad)" in article.text
    assert results(land(house, *blog)) == ["unchanged"]


def test_a_chunk_of_new_posts_takes_as_many_statements_as_a_few(house: House):
    def statements(first: int, last: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            land(house, *(post(n, permalinks=(f"/old/{n}/",), topics=("One",)) for n in range(first, last)))
        return len(captured)

    statements(0, 2)
    assert statements(100, 102) == statements(200, 200 + CHUNK)


def test_reading_ahead_keeps_order_and_bounds():
    read = []

    def items() -> Iterator[int]:
        for number in range(1000):
            read.append(number)
            yield number

    ahead = read_ahead(items())
    assert [next(ahead) for _ in range(3)] == [0, 1, 2]
    assert len(read) <= MOST_AHEAD + 5
    assert list(ahead) == list(range(3, 1000))


def test_an_error_of_the_reader_arrives_where_the_posts_would():
    def items() -> Iterator[int]:
        yield 1
        raise ZeroDivisionError

    ahead = read_ahead(items())
    assert next(ahead) == 1
    with pytest.raises(ZeroDivisionError):
        next(ahead)


def test_a_reader_that_nobody_listens_to_ends():
    ended = []

    def items() -> Iterator[int]:
        try:
            while True:
                yield 1
        finally:
            ended.append(True)

    ahead = read_ahead(items())
    next(ahead)
    ahead.close()
    assert ended == [True]


def test_topics_that_differ_by_a_sign_stay_apart_in_every_run(house: House):
    for body in ("one", "two"):
        land(
            house,
            post(topics=("C", "C++", "C#", "c++", "Wow", "Wow!", "Machine Learning", "machine-learning"), body=body),
        )
        named = dict(Article.objects.get().topics.values_list("slug", "name"))
        assert named == {
            "c": "C", "c-plus-plus": "C++", "c-sharp": "C#", "wow": "Wow", "wow-2": "Wow!",
            "machine-learning": "Machine Learning",
        }  # fmt: skip
    assert Topic.objects.count() == 6


def test_an_expiry_comes_along(house: House):
    later = NOON + timedelta(days=9)
    land(house, post(expires_at=later), post(2, status="draft", expires_at=later))
    assert set(Placement.objects.values_list("expires_at", flat=True)) == {later}
    land(house, post(expires_at=later + timedelta(days=1)))
    assert Placement.objects.get(article__source_id="test:1").expires_at == later + timedelta(days=1)


def test_an_article_recalled_on_one_site_is_placed_on_no_other(house: House):
    land(house, post())
    recall(article=Article.objects.get())
    both = (TECHBLOG, FINANCEBLOG)
    assert results(land(house, post(), domains=both)) == ["unchanged"]
    assert results(land(house, post(body="changed", slug="other"), domains=both)) == ["updated"]
    assert list(Placement.objects.values_list("site__domain", "status", "slug")) == [(TECHBLOG, "recalled", "post-1")]


def test_a_changed_source_leaves_an_editors_slug_and_date(house: House):
    land(house, post())
    moved = move(placement=Placement.objects.get(), slug="by-hand")
    tomorrow = timezone.now() + timedelta(days=1)
    place(article=moved.article, site=moved.site, go_live=tomorrow)
    land(house, post(body="changed"))
    assert Placement.objects.values_list("slug", "go_live", "status").get() == ("by-hand", tomorrow, "published")
    land(house, post(body="changed", published_at=NOON + timedelta(days=1)))
    assert Placement.objects.values_list("slug", "go_live").get() == ("by-hand", NOON + timedelta(days=1))
    land(house, post(body="changed", published_at=NOON + timedelta(days=1), slug="from-source"))
    assert Placement.objects.get().slug == "from-source"


def test_a_draft_that_an_editor_published_stays_published(house: House):
    land(house, post(status="draft"))
    place(article=Article.objects.get(), site=house.sites[TECHBLOG])
    land(house, post(status="draft", body="changed"))
    assert Placement.objects.get().status == "published"


def test_the_first_site_named_is_canonical_in_whatever_order(house: House):
    land(house, post(), domains=(FINANCEBLOG, TECHBLOG))
    land(house, post(2, status="draft"), domains=(FINANCEBLOG, TECHBLOG))
    land(house, post(2), domains=(FINANCEBLOG, TECHBLOG))
    assert list(Placement.objects.filter(is_canonical=True).values_list("site__domain", flat=True)) == [FINANCEBLOG] * 2


def deadlock() -> OperationalError:
    error = OperationalError("deadlock detected")
    error.__cause__ = DeadlockDetected()
    return error


@pytest.mark.parametrize(("failures", "ends"), [(1, False), (2, False), (3, True)])
def test_a_deadlock_is_tried_again(house: House, monkeypatch: pytest.MonkeyPatch, failures: int, ends: bool):
    from publishing.importing import arriving

    waiting = [deadlock() for _ in range(failures)]
    add = arriving.add

    def adds(*args: Any, **options: Any) -> None:
        add(*args, **options)
        if waiting:
            raise waiting.pop()

    monkeypatch.setattr(arriving, "add", adds)
    with pytest.raises(OperationalError, match="deadlock") if ends else nullcontext():
        assert results(land(house, post(1, topics=("New",)), post(2))) == ["created", "created"]
    assert Article.objects.count() == (0 if ends else 2)


def test_a_lost_connection_ends_the_import(house: House, monkeypatch: pytest.MonkeyPatch):
    from publishing.importing import landing

    def fails(*args: object, **options: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(landing, "prepare", fails)
    with pytest.raises(OperationalError):
        land(house, post())


def test_whatever_landing_one_post_raises_refuses_that_post_alone(house: House, monkeypatch: pytest.MonkeyPatch):
    from publishing.importing import landing
    from publishing.importing.prepared import prepare

    def fails(one: Any, **options: Any) -> Any:
        if one.post.source_id == "test:2":
            raise RuntimeError("a codec")
        return prepare(one, **options)

    monkeypatch.setattr(landing, "prepare", fails)
    outcomes = land(house, post(1), post(2), post(3))
    assert results(outcomes) == ["created", "refused", "created"]
    assert "a codec" in outcomes[1].reason


def test_a_picture_too_large_is_not_read(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with (tmp_path / "huge.png").open("wb") as file:
        file.truncate(31 * 1024 * 1024)
    (tmp_path / "a.md").write_text("![Huge](huge.png)\n")
    blog = list(markdown_folder.read(tmp_path, Settings(ZoneInfo("UTC"), "blog")))
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail("It was read."))
    (outcome,) = land(house, *blog)
    assert outcome.warnings == ("huge.png has 33 MB; a picture may have 30.",)
    assert "(image missing: Huge)" in Article.objects.get().text
