"""What every page of a site has around its content, and until when a page holds."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.http.response import HttpResponseBase
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from publishing.models import Placement, Section
from publishing.placing import move, place, recall
from publishing.writing import write
from reading.answers import LONGEST_KEYS
from reading.frames import Frame, Frames, frame_of, frames
from reading.looks import look_of
from sites_core.directory import BrandEntry, directory
from sites_core.models import SiteState
from sites_core.page_cache.keeping import KEPT, Kept
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, House, acme, article_on, bolt, house, placement_of
from tests.reading.visiting import furnished, reader, text_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PAGES = [
    "/", "/needle-0/", "/imprint/", "/topics/", "/topics/databases/", "/bylines/mara/", "/sections/data/", "/archive/",
    "/archive/2026/06/", "/search/?q=needle", "/search/?q=nothing", "/search/", "/feeds/rss.xml", "/feeds/atom.xml",
    "/feeds/feed.json", "/topics/databases/rss.xml", "/topics/databases/atom.xml", "/topics/databases/feed.json",
    "/sitemap.xml", "/sitemaps/2026-06.xml", "/sitemaps/pages.xml",
]  # fmt: skip
TIMELESS = ["/robots.txt", "/site.webmanifest", look_of(BrandEntry()).style_path, "/icon.svg"]
EMPTY = Frame((), (), (), (), (), None)


def kept(path: str, domain: str = TECHBLOG) -> Kept | None:
    response = reader(domain).get(path)
    assert response.status_code == 200, path
    found: Kept | None = response.wsgi_request.META.get(KEPT)
    return found


def until(path: str, domain: str = TECHBLOG) -> datetime | None:
    directory.expire()
    found = kept(path, domain)
    assert found is not None, path
    return found.until


def with_a_page(owner: House) -> None:
    furnished(owner, 2)
    with tenant_scope(owner.tenant):
        place(article=write(tenant=owner.tenant, kind="page", title="Imprint", body="a"), site=owner.sites[TECHBLOG])


def test_a_process_asks_once_a_generation(
    settled_directory: Callable[[], None], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    owner = acme()
    settled_directory()
    for statements in (2, 1):
        with django_assert_num_queries(statements):
            text_of(reader(), "/search/")
    with tenant_scope(owner.tenant):
        Section.objects.create(tenant=owner.tenant, site=owner.sites[TECHBLOG], slug="new", name="New")
    assert "/sections/new/" not in text_of(reader(), "/search/")
    settled_directory()
    for statements in (2, 1):
        with django_assert_num_queries(statements):
            assert "/sections/new/" in text_of(reader(), "/search/")


def test_a_frame_is_made_anew_when_its_time_has_come() -> None:
    owner = acme()
    with time_machine.travel(NOW, tick=False):
        with tenant_scope(owner.tenant):
            page = write(tenant=owner.tenant, kind="page", title="Imprint", body="a")
            place(article=page, site=owner.sites[TECHBLOG], go_live=NOW + timedelta(hours=1))
        assert "imprint" not in text_of(reader(), "/")
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        assert "imprint" in text_of(reader(), "/")


def test_frames_are_bounded_and_the_one_not_asked_for_goes_first() -> None:
    held, now = Frames(2), timezone.now()
    held.put(1, 1, now, EMPTY)
    held.put(2, 1, now, EMPTY)
    assert held.get(1, 1, now) is EMPTY
    held.put(3, 1, now, EMPTY)
    assert len(held) == 2
    assert held.get(2, 1, now) is None
    assert held.get(1, 1, now) is EMPTY
    assert held.get(1, 2, now) is None
    held.put(1, 2, now, Frame((), (), (), (), (), now))
    assert held.get(1, 2, now) is None
    assert len(held) == 2


def test_a_page_of_the_moment_before_a_change_does_not_take_its_until_from_the_moment_after() -> None:
    change = NOW + timedelta(hours=1)
    before, after = Frame((), (), (), (), (), change), Frame((), (), (), (), (), None)
    for first, second in ((before, after), (after, before)):
        held = Frames(2)
        for frame in (first, second):
            held.put(1, 1, NOW if frame is before else change, frame)
        assert held.get(1, 1, NOW) is None
        assert held.get(1, 1, change) is after
    owner = acme()
    directory.expire()
    with time_machine.travel(change - timedelta(seconds=1), tick=False):
        article_on(owner, TECHBLOG, ago=-timedelta(seconds=1))
        directory.expire()
        frame_of(owner.sites[TECHBLOG].pk, change)
        found = kept("/")
    assert found
    assert found.until == change


def test_only_what_was_found_may_be_kept() -> None:
    owner = acme()
    with_a_page(owner)
    directory.expire()
    moment = timezone.now() - timedelta(minutes=3)
    for path in PAGES + TIMELESS:
        found = kept(path.replace("/2026/06/", f"/{moment:%Y/%m}/").replace("/2026-06.", f"/{moment:%Y-%m}."))
        assert found is not None, path
        assert found.site_id == owner.sites[TECHBLOG].pk
    article = article_on(owner, TECHBLOG, title="Gone")
    with tenant_scope(owner.tenant):
        recall(article=article)
    for path, status in {"/gone/": 410, "/missing/": 404, "/search": 301, "/search/?q=%00": 400}.items():
        response = reader().get(path)
        assert response.status_code == status
        assert KEPT not in response.wsgi_request.META
        assert "Surrogate-Key" not in response
    assert KEPT not in reader().get("/style-0123456789abcdef.css").wsgi_request.META
    assert KEPT not in reader().post("/").wsgi_request.META


@pytest.mark.parametrize(
    ("change", "hours"),
    {
        "nothing": None,
        "an article is scheduled": 5,
        "an article expires": 3,
        "a page is scheduled": 4,
        "a page expires": 2,
        "a draft has a date": None,
        "what was taken off has an expiry": None,
        "what is scheduled expires": 6,
        "what has expired": None,
        "another site's": None,
    }.items(),
)  # fmt: skip
def test_every_page_holds_until_the_next_scheduled_change_of_its_site(change: str, hours: int | None) -> None:
    owner = acme()
    later = [NOW + timedelta(hours=number) for number in range(10)]
    with time_machine.travel(NOW, tick=False), tenant_scope(owner.tenant):
        with_a_page(owner)
        site = FINANCEBLOG if change == "another site's" else TECHBLOG
        kind = "page" if "page" in change else "article"
        article = write(tenant=owner.tenant, kind=kind, title="Changing", body="a")
        mine = Placement.objects.filter(
            pk=place(article=article, site=owner.sites[site], go_live=NOW - timedelta(days=1)).pk
        )
        match change:
            case "an article is scheduled":
                mine.update(go_live=later[5])
            case "an article expires":
                mine.update(expires_at=later[3])
            case "a page is scheduled" | "another site's":
                mine.update(go_live=later[4])
            case "a page expires":
                mine.update(expires_at=later[2])
            case "a draft has a date":
                mine.update(status="draft", go_live=later[1])
            case "what was taken off has an expiry":
                mine.update(status="unpublished", expires_at=later[1])
            case "what is scheduled expires":
                mine.update(go_live=later[6], expires_at=later[8])
            case "what has expired":
                mine.update(expires_at=NOW)
        expected = later[hours] if hours else None
        assert {path: until(path) for path in PAGES} == dict.fromkeys(PAGES, expected)
        assert {until(path) for path in TIMELESS} == {None}


def test_the_nearest_of_several_changes_counts() -> None:
    owner = acme()
    with time_machine.travel(NOW, tick=False):
        for hours in (7, 2, 5):
            article_on(owner, TECHBLOG, title=f"In {hours}", ago=-timedelta(hours=hours))
        assert until("/") == NOW + timedelta(hours=2)
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        assert until("/") == NOW + timedelta(hours=5)


def test_an_articles_page_and_the_sitemap_hold_until_its_canonical_page_may_be_another() -> None:
    owner = house("acme", "Acme", TECHBLOG, FINANCEBLOG)
    with time_machine.travel(NOW, tick=False), tenant_scope(owner.tenant):
        article = article_on(owner, TECHBLOG, FINANCEBLOG, title="A headline")
        assert until("/a-headline/", FINANCEBLOG) is None
        elected = Placement.objects.filter(article=article, site=owner.sites[TECHBLOG])
        assert elected.get().is_canonical
        # On the other site it expires: not there, but the link to it changes.
        elected.update(expires_at=NOW + timedelta(hours=3))
        assert until("/a-headline/", FINANCEBLOG) == NOW + timedelta(hours=3)
        assert until("/sitemaps/2026-06.xml", FINANCEBLOG) == NOW + timedelta(hours=3)
        assert until("/", FINANCEBLOG) is None
        elected.update(expires_at=None, go_live=NOW + timedelta(hours=1))
        assert until("/a-headline/", FINANCEBLOG) == NOW + timedelta(hours=1)
        elected.update(status="draft")
        assert until("/a-headline/", FINANCEBLOG) is None


@pytest.mark.parametrize("state", ["scheduled", "unpublished", "expired", "retired"])
def test_a_change_of_the_stand_in_is_seen_on_the_other_sites_while_the_elected_one_is_not_shown(state: str) -> None:
    owner = house("acme", "Acme", TECHBLOG, FINANCEBLOG, "sportblog.test")
    article = article_on(owner, TECHBLOG, FINANCEBLOG, "sportblog.test", title="A headline")
    third = SiteState.objects.filter(site=owner.sites["sportblog.test"])
    with tenant_scope(owner.tenant):
        elected = Placement.objects.filter(article=article, is_canonical=True)
        match state:
            case "scheduled":
                elected.update(go_live=timezone.now() + timedelta(hours=1))
            case "unpublished":
                elected.update(status="unpublished")
            case "expired":
                elected.update(expires_at=timezone.now() - timedelta(minutes=1))
            case "retired":
                SiteState.objects.filter(site=owner.sites[TECHBLOG]).update(retired_at=timezone.now())
        before = third.get().generation
        move(placement=placement_of(article, owner.sites[FINANCEBLOG]), slug="moved")
    assert third.get().generation > before
    assert "http://financeblog.test/moved/" in text_of(reader("sportblog.test"), "/a-headline/")


@pytest.mark.parametrize("path", [*PAGES, *TIMELESS])
def test_a_page_is_the_same_until_its_time_comes(path: str) -> None:
    """Made a day earlier or later, it has the same bytes: nothing else in it asks for the time."""
    owner = acme()
    with time_machine.travel(NOW, tick=False):
        with_a_page(owner)
        pages = {reader(domain).get(path).content for domain in (TECHBLOG, FINANCEBLOG)}
    with time_machine.travel(NOW + timedelta(days=40), tick=False):
        assert {reader(domain).get(path).content for domain in (TECHBLOG, FINANCEBLOG)} == pages


def keys(response: HttpResponseBase) -> list[str]:
    return response["Surrogate-Key"].split()


def test_answers_name_what_they_are_about() -> None:
    owner = acme()
    (article,) = furnished(owner, 1)
    bolt()
    with tenant_scope(owner.tenant):
        site, topic = f"site-{owner.sites[TECHBLOG].pk}", f"topic-{article.topics.get().pk}"
    client = reader()
    assert keys(client.get("/needle-0/")) == [site, f"article-{article.pk}", topic]
    for path in ("/topics/databases/", "/topics/databases/rss.xml", "/topics/databases/feed.json"):
        assert keys(client.get(path)) == [site, topic]
    for path in ("/", "/sections/data/", "/archive/", "/search/?q=needle", "/feeds/rss.xml", "/sitemap.xml", *TIMELESS):
        assert keys(client.get(path)) == [site], path
    assert keys(reader(LANTERN).get("/")) != [site]


def test_the_names_of_what_an_answer_is_about_stay_short() -> None:
    from publishing.models import Topic
    from publishing.writing import set_topics

    owner = acme()
    article = article_on(owner, TECHBLOG, title="Filed")
    with tenant_scope(owner.tenant):
        topics = [Topic(tenant=owner.tenant, slug=f"t{n}", name=f"T{n}", pk=10**15 + n) for n in range(60)]
        set_topics(article=article, topics=Topic.objects.bulk_create(topics))
    response = reader().get("/filed/")
    assert 900 < len(response["Surrogate-Key"]) <= LONGEST_KEYS
    assert keys(response)[:2] == [f"site-{owner.sites[TECHBLOG].pk}", f"article-{article.pk}"]
    assert all(len(key) == len("topic-") + 16 for key in keys(response)[2:])


def test_nothing_about_time_is_left_out_of_what_a_cdn_is_told() -> None:
    furnished(acme(), 1)
    for path in ("/", "/needle-0/", "/feeds/rss.xml", "/sitemap.xml", "/robots.txt"):
        response = reader().get(path)
        said = response["Cache-Control"].split(", ")
        assert {"public", "max-age=0", "s-maxage=60", "stale-while-revalidate=30"} <= set(said)
        assert "must-revalidate" not in said
        assert "Vary" not in response
        assert "Set-Cookie" not in response


def test_a_site_that_was_forgotten_is_asked_for_again() -> None:
    acme()
    text_of(reader(), "/")
    assert len(frames) == 1
    frames.forget()
    assert len(frames) == 0
