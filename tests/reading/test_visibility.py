"""Who can be opened when: here, gone, or never heard of."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.sites.models import Site
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from publishing.models import Placement, Redirect
from publishing.placing import move, place, recall, unpublish
from publishing.writing import write
from sites_core.directory import directory
from sites_core.models import Brand, SiteState
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, acme, article_on, bolt, house, placement_of
from tests.reading.visiting import furnished, reader, sitemapped, text_of

pytestmark = pytest.mark.django_db

EVERYWHERE = ("/", "/archive/", "/search/?q=headline", "/feeds/rss.xml", "/feeds/feed.json", "/sitemap.xml")
SLUG = "a-headline"


def mentions(path: str, domain: str = TECHBLOG) -> bool:
    client = reader(domain)
    return SLUG in (sitemapped(client) if path == "/sitemap.xml" else text_of(client, path))


def test_a_scheduled_article_appears_and_goes_by_time_alone() -> None:
    owner = acme()
    start = datetime(2026, 6, 1, 9, tzinfo=UTC)
    with time_machine.travel(start - timedelta(days=1), tick=False):
        article = article_on(owner, TECHBLOG, title="A headline")
        with tenant_scope(owner.tenant):
            end = start + timedelta(hours=1)
            place(article=article, site=owner.sites[TECHBLOG], go_live=start, expires_at=end)
    for moment, is_there in [
        (start - timedelta(seconds=1), False),
        (start, True),
        (start + timedelta(minutes=59), True),
        (start + timedelta(hours=1), False),
    ]:
        with time_machine.travel(moment, tick=False):
            assert reader().get(f"/{SLUG}/").status_code == (200 if is_there else 404)
            assert [path for path in EVERYWHERE if path != "/archive/" and mentions(path) != is_there] == []
            assert ("/archive/2026/06/" in text_of(reader(), "/archive/")) == is_there


def hidden(state: str) -> None:
    owner = acme()
    article = article_on(owner, TECHBLOG, title="A headline")
    with tenant_scope(owner.tenant):
        mine = Placement.objects.filter(article=article)
        now = timezone.now()
        match state:
            case "draft":
                mine.update(status="draft")
            case "unpublished":
                unpublish(placements=[placement_of(article, owner.sites[TECHBLOG])])
            case "scheduled":
                mine.update(go_live=now + timedelta(hours=1))
            case "expired":
                mine.update(expires_at=now - timedelta(seconds=1))
            case "recalled before it was shown":
                mine.update(go_live=now + timedelta(hours=1))
                recall(article=article)


@pytest.mark.parametrize("state", ["draft", "unpublished", "scheduled", "expired", "recalled before it was shown"])
def test_what_is_not_shown_cannot_be_told_from_what_never_was(state: str) -> None:
    hidden(state)
    there, never = reader().get(f"/{SLUG}/"), reader().get("/never-there/")
    assert (there.status_code, never.status_code) == (404, 404)
    assert there.content == never.content
    assert dict(there.headers) == dict(never.headers)
    assert not any(mentions(path) for path in EVERYWHERE if "q=" not in path)
    assert f"/{SLUG}/" not in text_of(reader(), "/search/?q=headline")
    assert "/archive/2" not in text_of(reader(), "/archive/")


def test_a_recalled_article_is_gone_from_every_site_and_says_so_without_its_words() -> None:
    owner = acme()
    article = article_on(owner, TECHBLOG, FINANCEBLOG, title="A headline", body="Secret words.")
    with tenant_scope(owner.tenant):
        recall(article=article)
    for domain in (TECHBLOG, FINANCEBLOG):
        gone = text_of(reader(domain), f"/{SLUG}/", status=410)
        assert "withdrawn" in gone
        assert "headline" not in gone
        assert "Secret" not in gone
        assert f"/{SLUG}/" not in "".join(text_of(reader(domain), path) for path in EVERYWHERE)


def test_topics_and_bylines_that_only_a_sister_site_shows_are_missing() -> None:
    owner = acme()
    furnished(owner, 1, FINANCEBLOG)
    for path in ("/topics/databases/", "/bylines/mara/"):
        text_of(reader(FINANCEBLOG), path)
        text_of(reader(TECHBLOG), path, status=404)
    assert "databases" not in text_of(reader(TECHBLOG), "/topics/")


def test_a_foreign_tenants_topic_of_the_same_name_changes_nothing() -> None:
    ours, theirs = acme(), bolt()
    furnished(ours, 1)
    furnished(theirs, 2, LANTERN)
    html = text_of(reader(LANTERN), "/topics/databases/")
    assert html.count("<h2>") == 2
    assert text_of(reader(TECHBLOG), "/topics/databases/").count("<h2>") == 1


def canonical_of(domain: str) -> str:
    html = text_of(reader(domain), f"/{SLUG}/")
    return html.split('<link rel="canonical" href="')[1].split('"')[0]


def test_the_canonical_link_is_on_the_canonical_placements_own_domain() -> None:
    owner = acme()
    article_on(owner, TECHBLOG, FINANCEBLOG, title="A headline")
    assert canonical_of(TECHBLOG) == f"http://techblog.test/{SLUG}/"
    assert canonical_of(FINANCEBLOG) == f"http://techblog.test/{SLUG}/"
    assert mentions("/sitemap.xml", TECHBLOG)
    assert not mentions("/sitemap.xml", FINANCEBLOG)


def test_a_site_whose_article_has_no_canonical_page_elsewhere_stands_for_itself() -> None:
    owner = acme()
    article = article_on(owner, TECHBLOG, FINANCEBLOG, title="A headline")
    techblog = owner.sites[TECHBLOG]
    with tenant_scope(owner.tenant):
        later = timezone.now() + timedelta(hours=1)
        Placement.objects.filter(article=article, site=techblog).update(go_live=later)
    assert canonical_of(FINANCEBLOG) == f"http://financeblog.test/{SLUG}/"
    assert mentions("/sitemap.xml", FINANCEBLOG)
    with tenant_scope(owner.tenant):
        Placement.objects.filter(article=article, site=techblog).update(go_live=later - timedelta(hours=2))
    assert canonical_of(FINANCEBLOG) == f"http://techblog.test/{SLUG}/"
    SiteState.objects.filter(site=techblog).update(retired_at=timezone.now())
    assert canonical_of(FINANCEBLOG) == f"http://financeblog.test/{SLUG}/"
    assert mentions("/sitemap.xml", FINANCEBLOG)


def told_canonical(domains: list[str]) -> set[str]:
    """The one address that these sites' pages name; the sitemap of its site, and no other, must have it."""
    # Sites retire and return faster here than the directory asks.
    directory.expire()
    named = {canonical_of(domain) for domain in domains}
    listing = {f"http://{domain}/{SLUG}/" for domain in domains if mentions("/sitemap.xml", domain)}
    assert listing == named
    return named


def test_of_many_sites_one_has_the_canonical_page_whatever_became_of_the_elected_one() -> None:
    first, second, third = domains = [TECHBLOG, FINANCEBLOG, "sportblog.test"]
    owner = house("acme", "Acme", *domains)
    article = article_on(owner, *domains, title="A headline")
    with tenant_scope(owner.tenant):
        mine = Placement.objects.filter(article=article)
        now = timezone.now()
        # The elected one has expired; of the others the one that went live first, and of equals the older, stands in.
        mine.filter(site=owner.sites[first]).update(expires_at=now - timedelta(minutes=1))
        assert told_canonical([second, third]) == {f"http://{second}/{SLUG}/"}
        mine.filter(site=owner.sites[third]).update(go_live=now - timedelta(days=1))
        assert told_canonical([second, third]) == {f"http://{third}/{SLUG}/"}
        SiteState.objects.filter(site=owner.sites[third]).update(retired_at=now)
        assert told_canonical([second]) == {f"http://{second}/{SLUG}/"}
        mine.filter(site=owner.sites[first]).update(expires_at=None)
        assert told_canonical([first, second]) == {f"http://{first}/{SLUG}/"}
        # The elected one on a site that has retired.
        SiteState.objects.filter(site=owner.sites[third]).update(retired_at=None)
        SiteState.objects.filter(site=owner.sites[first]).update(retired_at=now)
        assert told_canonical([second, third]) == {f"http://{third}/{SLUG}/"}


def test_a_renamed_site_renames_the_canonical_links_to_it() -> None:
    owner = acme()
    article_on(owner, TECHBLOG, FINANCEBLOG, title="A headline")
    Site.objects.filter(pk=owner.sites[TECHBLOG].pk).update(domain="newname.test")
    assert canonical_of(FINANCEBLOG) == f"http://newname.test/{SLUG}/"


def test_a_slug_that_changed_redirects_for_good_and_keeps_the_query() -> None:
    owner = acme()
    article = article_on(owner, TECHBLOG, title="A headline")
    with tenant_scope(owner.tenant):
        move(placement=placement_of(article, owner.sites[TECHBLOG]), slug="better")
    response = reader().get(f"/{SLUG}/?from=mail&x=%C3%A4")
    assert (response.status_code, response["Location"]) == (301, "/better/?from=mail&x=%C3%A4")
    assert reader().head(f"/{SLUG}/").status_code == 301
    assert reader(FINANCEBLOG).get(f"/{SLUG}/").status_code == 404
    assert reader().post(f"/{SLUG}/").status_code == 405


def test_browsers_do_not_keep_a_redirect_for_longer_than_a_page() -> None:
    owner = acme()
    article = article_on(owner, TECHBLOG, title="A headline")
    with tenant_scope(owner.tenant):
        move(placement=placement_of(article, owner.sites[TECHBLOG]), slug="better")
    kept = reader().get("/better/")["Cache-Control"]
    for path in (f"/{SLUG}/", "/better"):
        response = reader().get(path)
        assert (response.status_code, response["Cache-Control"]) == (301, kept)


@pytest.mark.parametrize("target", ["/secret-plan/", "/secret-plan", "/secret-plan/?a=1", "/secret-plan/#b"])
@pytest.mark.parametrize("path", ["/code-name/", "/old.html"])
def test_the_ledger_names_no_article_that_is_not_shown(path: str, target: str) -> None:
    owner = acme()
    article = article_on(owner, TECHBLOG, title="Plan", ago=timedelta(hours=1))
    now = timezone.now()
    past, future = now - timedelta(hours=1), now + timedelta(hours=1)
    with tenant_scope(owner.tenant):
        mine = Placement.objects.filter(article=article)
        mine.update(slug="secret-plan")
        Redirect.objects.create(tenant=owner.tenant, site=owner.sites[TECHBLOG], path=path, target=target)
        never = reader().get("/never-there/")
        for status, go_live, expires_at, is_told in [
            ("published", past, None, True),
            ("recalled", past, None, True),
            ("recalled", future, None, False),
            ("draft", past, None, False),
            ("unpublished", past, None, False),
            ("published", future, None, False),
            ("published", past, now - timedelta(minutes=1), False),
        ]:
            mine.update(status=status, go_live=go_live, expires_at=expires_at)
            response = reader().get(path)
            assert response.status_code == (301 if is_told else 404), status
            if not is_told:
                assert (response.content, dict(response.headers)) == (never.content, dict(never.headers))


def test_the_ledger_leads_to_lists_and_does_not_ask_what_other_sites_show() -> None:
    owner = acme()
    article_on(owner, FINANCEBLOG, title="Plan", ago=-timedelta(hours=1))
    with tenant_scope(owner.tenant):
        for path, target in {"/a/": "/", "/b/": "/topics/plan/", "/c/": "/archive/", "/d/": "/plan/"}.items():
            Redirect.objects.create(tenant=owner.tenant, site=owner.sites[TECHBLOG], path=path, target=target)
            assert reader().get(path)["Location"] == target


def test_a_moved_path_costs_at_most_three_statements_whether_it_is_told_or_not(
    settled_directory: Callable[[], None], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    owner = acme()
    article = article_on(owner, TECHBLOG, title="A headline")
    with tenant_scope(owner.tenant):
        move(placement=placement_of(article, owner.sites[TECHBLOG]), slug="better")
    settled_directory()
    for path, status in {f"/{SLUG}/": 301, "/better": 301, "/never-there/": 404}.items():
        with django_assert_max_num_queries(3, info=path):
            assert reader().get(path).status_code == status
    with tenant_scope(owner.tenant):
        unpublish(placements=[placement_of(article, owner.sites[TECHBLOG])])
    with django_assert_max_num_queries(3):
        assert reader().get(f"/{SLUG}/").status_code == 404


def test_the_ledger_knows_paths_that_no_article_could_have() -> None:
    owner = acme()
    with tenant_scope(owner.tenant):
        for path, target in {"/2019/05/old.html": "/new/", "/Übung": "/übung/?a=1"}.items():
            Redirect.objects.create(tenant=owner.tenant, site=owner.sites[TECHBLOG], path=path, target=target)
    assert reader().get("/2019/05/old.html")["Location"] == "/new/"
    assert reader().get("/%C3%9Cbung?b=2")["Location"] == "/%C3%BCbung/?a=1&b=2"


def test_a_page_is_never_hidden_by_a_redirect() -> None:
    owner = acme()
    article_on(owner, TECHBLOG, title="A headline")
    with tenant_scope(owner.tenant):
        Redirect.objects.create(tenant=owner.tenant, site=owner.sites[TECHBLOG], path=f"/{SLUG}/", target="/x/")
    text_of(reader(), f"/{SLUG}/")


def test_a_missing_slash_is_added_and_no_host_ever() -> None:
    acme()
    for path, target in {
        "/a-headline": "/a-headline/",
        "/search?q=a": "/search/?q=a",
        "/topics/x": "/topics/x/",
        "/archive/2026/01": "/archive/2026/01/",
    }.items():
        assert reader().get(path)["Location"] == target
    for path in ("/%2fevil.test", "/%2fevil.test/x", "/%5cevil.test", "/\\evil.test", "/evil.test", "/a/b/c"):
        response = reader().get(path)
        assert (response.status_code, response.get("Location")) == (404, None), path


def test_a_page_kind_can_be_recalled_too() -> None:
    owner = acme()
    with tenant_scope(owner.tenant):
        article = write(tenant=owner.tenant, kind="page", title="Imprint", body="a")
        place(article=article, site=owner.sites[TECHBLOG])
        recall(article=article)
    text_of(reader(), "/imprint/", status=410)
    assert "imprint" not in text_of(reader(), "/")


def test_a_month_ends_where_the_next_one_begins() -> None:
    owner = acme()
    july = datetime(2026, 7, 1, tzinfo=UTC)
    with time_machine.travel(july, tick=False):
        article_on(owner, TECHBLOG, title="In June", ago=timedelta(seconds=1))
        article_on(owner, TECHBLOG, title="In July", ago=timedelta())
        june = text_of(reader(), "/archive/2026/06/")
        assert "In June" in june
        assert "In July" not in june
        assert "In July" in text_of(reader(), "/archive/2026/07/")
        assert "In July" in text_of(reader(), "/")


@pytest.mark.parametrize(
    ("zone", "moment", "month"),
    [
        # The clock goes back from one to midnight on the first of the month: that midnight comes twice.
        ("America/Havana", datetime(2026, 11, 1, 4, 30, tzinfo=UTC), "2026/11"),
        # Python calls it -05, which PostgreSQL reads as five hours to the east.
        ("Etc/GMT+5", datetime(2026, 11, 1, 3, tzinfo=UTC), "2026/10"),
    ],
)
def test_the_archive_leads_to_the_months_of_the_site_s_own_zone(zone: str, moment: datetime, month: str) -> None:
    owner = acme()
    Brand.objects.filter(site=owner.sites[TECHBLOG]).update(time_zone=zone)
    with time_machine.travel(moment + timedelta(days=60), tick=False):
        for days in (60, 120):
            article_on(owner, TECHBLOG, title=f"Of {days} days ago", ago=timedelta(days=days))
        links = re.findall(r'href="/archive/(\d{4}/\d\d)/"', text_of(reader(), "/archive/"))
        assert links[0] == month
        assert len(links) == len(set(links)) == 2
        assert "Of 60 days ago" in text_of(reader(), f"/archive/{month}/")
