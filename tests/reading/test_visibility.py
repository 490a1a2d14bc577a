"""Who can be opened when: here, gone, or never heard of."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.sites.models import Site
from django.utils import timezone

from publishing.models import Placement, Redirect
from publishing.placing import move, place, recall, schedule, unpublish
from publishing.writing import write
from sites_core.models import SiteState
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, acme, article_on, bolt, placement_of
from tests.reading.visiting import furnished, reader, text_of

pytestmark = pytest.mark.django_db

EVERYWHERE = ("/", "/archive/", "/search/?q=headline", "/feeds/rss.xml", "/feeds/atom.xml", "/sitemap.xml")
SLUG = "a-headline"


def mentions(path: str, domain: str = TECHBLOG) -> bool:
    return SLUG in text_of(reader(domain), path)


def test_a_scheduled_article_appears_and_goes_by_time_alone() -> None:
    owner = acme()
    start = datetime(2026, 6, 1, 9, tzinfo=UTC)
    with time_machine.travel(start - timedelta(days=1), tick=False):
        article = article_on(owner, TECHBLOG, title="A headline")
        with tenant_scope(owner.tenant):
            placement = placement_of(article, owner.sites[TECHBLOG])
            schedule(placement=placement, go_live=start, expires_at=start + timedelta(hours=1))
    for moment, is_there in [
        (start - timedelta(seconds=1), False),
        (start, True),
        (start + timedelta(minutes=59), True),
        (start + timedelta(hours=1), False),
    ]:
        with time_machine.travel(moment, tick=False):
            assert reader().get(f"/{SLUG}/").status_code == (200 if is_there else 404)
            assert all(mentions(path) == is_there for path in EVERYWHERE if path != "/archive/")
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
