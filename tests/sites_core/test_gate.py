from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.contrib.sites.models import Site
from django.core import mail
from django.core.checks import run_checks
from django.core.exceptions import ValidationError
from django.test import Client

from sites_core.addressing import add_alias, add_site, rename_site
from sites_core.directory import directory
from sites_core.gate import refused
from sites_core.models import Hostname, SiteState
from sites_core.page_cache.cache import PageCache
from sites_core.previews import preview_origin
from tests.sites_core.test_hostnames import MALFORMED
from tests.sites_core.wsgi import Newsroom, ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def techblog() -> Site:
    return Site.objects.create(domain="techblog.test", name="Techblog")


@pytest.fixture
def get(client: Client, techblog: Site) -> Callable[..., object]:
    return lambda host, path="/", **headers: client.get(path, headers={"host": host, **headers})


def test_a_known_host_is_served_and_spelt_canonically(get):
    response = get("TECHBLOG.test.:8000")
    assert response.status_code == 200
    assert response.wsgi_request.get_host() == "techblog.test"
    assert response.wsgi_request.surface == "reader"


@pytest.mark.parametrize("host", [host for host in MALFORMED if host.isascii()])
def test_a_malformed_host_gets_400_and_no_echo(get, host: str):
    response = get(host)
    assert response.status_code == 400
    assert b"testserver" not in response.content
    assert not host.strip() or host.encode() not in response.content or len(host) < 3
    assert "Location" not in response.headers


def test_an_unknown_host_gets_404_and_costs_nothing(get, django_assert_num_queries, settings, monkeypatch):
    # However long 500 requests take here, the directory's own question is none of theirs.
    monkeypatch.setattr("sites_core.directory.POLL_SECONDS", 3600.0)
    settings.ADMINS = [("Somebody", "somebody@platform.test")]
    get("techblog.test")
    before = refused["unknown"]
    with django_assert_num_queries(0):
        for number in range(500):
            assert get(f"unknown-{number}.test").status_code == 404
    assert refused["unknown"] - before == 500
    assert mail.outbox == []


def test_an_alias_redirects_to_the_primary_and_keeps_path_and_query(get, techblog: Site):
    Hostname.objects.create(site=techblog, name="www.techblog.test")
    directory.expire()
    response = get("www.techblog.test", "/a%20b/?q=1&r=%0d%0ax")
    assert response.status_code == 308
    assert response["Location"] == "http://techblog.test/a%20b/?q=1&r=%0d%0ax"


@pytest.mark.parametrize("path", ["//evil.test/", "/%2fevil.test/", "/\\evil.test/", "/%5cevil.test", "///evil.test"])
def test_a_redirect_never_leaves_the_known_host(get, techblog: Site, path: str):
    Hostname.objects.create(site=techblog, name="www.techblog.test")
    directory.expire()
    assert get("www.techblog.test", path)["Location"].startswith("http://techblog.test/")


def test_a_retired_site_is_gone(get, techblog: Site):
    SiteState.objects.update(retired_at=datetime(2026, 1, 1, tzinfo=UTC))
    directory.expire()
    assert get("techblog.test").status_code == 410


LOOK_ALIKES = [
    "studio.platform.test.evil.test", "ops.platform.test.evil.test", "internal.platform.test.evil.test",
    "ops.platformxtest.test", "internal.platform-test.test", "studio.techblog.test", "admin.evil.test",
    "xstudio.platform.test", "studio.platform.test.platform.test", "platform.test", "www.platform.test",
    "a.studio.platform.test", "reader.platform.test", "studio.sites.test", "studioplatform.test",
]  # fmt: skip


@pytest.mark.parametrize("host", LOOK_ALIKES)
def test_nothing_beside_the_exact_platform_hosts_reaches_a_surface(get, host: str):
    assert get(host).status_code == 404


@pytest.mark.parametrize("host", LOOK_ALIKES)
def test_a_site_called_like_a_surface_is_a_site_and_nothing_more(get, host: str):
    Site.objects.create(domain=host, name="Look-alike")
    directory.expire()
    for path in ("/", "/readyz", "/healthz", "/login/", "/sign-in/"):
        response = get(host, path)
        # A site answers at its root and lacks the rest, which without a slash is first told where it would be.
        expected = {200} if path == "/" else {301, 404}
        assert response.status_code in ({404} if f".{host}".endswith(".platform.test") else expected), path
        assert b"directory_age_seconds" not in response.content
        if response.status_code == 200:
            assert (response.wsgi_request.surface, response.wsgi_request.urlconf) == ("reader", "reading.urls")


def test_a_site_row_cannot_take_a_name_of_the_platform(get):
    Site.objects.create(domain="evil.platform.test", name="Evil")
    directory.expire()
    assert get("evil.platform.test").status_code == 404


@pytest.mark.parametrize(("host", "surface"), [("studio.platform.test", "studio"), ("OPS.platform.test:8000", "ops"),
                                               ("internal.platform.test", "internal")])  # fmt: skip
def test_platform_hosts_reach_their_surface(get, host: str, surface: str):
    assert get(host, "/healthz").wsgi_request.surface == surface


def test_the_internal_host_is_refused_to_whatever_came_through_an_edge(get):
    assert get("internal.platform.test", "/healthz").status_code == 200
    assert get("internal.platform.test", "/healthz", x_forwarded_for="203.0.113.9").status_code == 404


@pytest.mark.parametrize(
    ("header", "value"),
    [("x-forwarded-host", "financeblog.test"), ("forwarded", "host=financeblog.test"), ("x-host", "financeblog.test"),
     ("x-original-url", "/secret/"), ("x-rewrite-url", "/secret/"), ("x-forwarded-server", "financeblog.test"),
     ("x-site-id", "424242"), ("x-forwarded-port", "81"), ("x-forwarded-proto", "https"),
     ("x-forwarded-prefix", "/evil"), ("x-http-host-override", "financeblog.test"), ("script-name", "/evil")],
)  # fmt: skip
def test_no_other_header_names_the_site(get, header: str, value: str):
    Site.objects.create(domain="financeblog.test", name="Financeblog")
    directory.expire()
    response = get("techblog.test", "/", **{header.replace("-", "_"): value})
    assert response.wsgi_request.site.domain == "techblog.test"
    # The vocabulary of JSON-LD is named by an https address.
    assert value not in response.content.decode().replace("https://schema.org", "")


def test_surfaces_that_the_process_does_not_serve_are_unknown(get, settings):
    settings.SURFACES = frozenset({"studio", "internal"})
    assert get("techblog.test").status_code == 404
    assert get("ops.platform.test").status_code == 404


def test_the_gate_must_stand_first(settings):
    assert not [error for error in run_checks() if error.id == "sites_core.E001"]
    settings.MIDDLEWARE = settings.MIDDLEWARE[1:]
    assert [error for error in run_checks() if error.id == "sites_core.E001"]


# --- Previews --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", ["preview-{}.sites.test", "PREVIEW-{}.Sites.Test.", "preview-{}.sites.test:8000"])
def test_each_site_has_a_host_for_its_previews(get, techblog: Site, spelling: str):
    request = get(spelling.format(techblog.pk)).wsgi_request
    assert (request.surface, request.urlconf) == ("preview", "reading.previewing.urls")
    assert request.site.domain == "techblog.test"
    assert f"http://{request.get_host()}" == preview_origin(techblog.pk)


@pytest.mark.parametrize(
    "host",
    ["preview-0{}.sites.test", "preview-00{}.sites.test", "preview-+{}.sites.test", "preview-{}0000.sites.test",
     "preview-0.sites.test", "preview-.sites.test", "preview.sites.test", "preview-{}x.sites.test",
     "previews.sites.test", "x.preview-{}.sites.test", "preview-{}.x.sites.test", "preview-{}.techblog.test",
     "preview-{}.platform.test",
     "preview-{}.sites.test.evil.test", "preview-{}xsites.test", "preview-99999999999.sites.test", "{}.sites.test",
     "preview-{}.evil.test", "xpreview-{}.sites.test"],
)  # fmt: skip
def test_nothing_beside_a_known_sites_own_name_is_for_previews(get, techblog: Site, host: str):
    assert get(host.format(techblog.pk)).status_code in {400, 404}


def test_a_retired_site_has_no_previews(get, techblog: Site):
    SiteState.objects.update(retired_at=datetime(2026, 1, 1, tzinfo=UTC))
    directory.expire()
    assert get(f"preview-{techblog.pk}.sites.test").status_code == 404


def test_a_process_without_readers_has_no_previews(get, techblog: Site, settings):
    settings.SURFACES = frozenset({"studio", "internal"})
    assert get(f"preview-{techblog.pk}.sites.test").status_code == 404


def test_no_site_can_get_a_name_that_is_for_previews(techblog: Site):
    for name in ("preview-1.sites.test", "PREVIEW-77.sites.test.", "preview-007.sites.test", "a.preview-1.sites.test"):
        for deed in (
            lambda name: add_site(domain=name, name="x"),
            lambda name: add_alias(site=techblog, name=name),
            lambda name: rename_site(site=techblog, domain=name),
        ):
            with pytest.raises(ValidationError, match="kept for the previews of a site"):
                deed(name)
    add_site(domain="preview-of-books.sites.test", name="x")
    add_site(domain="preview-1.elsewhere.test", name="x")


def test_a_name_that_a_row_took_all_the_same_is_its_sites(get, techblog: Site):
    """Whatever stands in the tables is asked first: no page of one site under another one's name."""
    Site.objects.create(domain=f"preview-{techblog.pk}.sites.test", name="Taken")
    directory.expire()
    request = get(f"preview-{techblog.pk}.sites.test").wsgi_request
    assert (request.surface, request.site.name) == ("reader", "Taken")


def test_the_page_cache_holds_nothing_of_previews(techblog: Site, settings):
    settings.PUBLIC_PORT = 80
    newsroom = Newsroom(as_site=techblog.pk)
    cache = PageCache(newsroom, 1_000_000)
    for _ in range(2):
        assert ask(cache, f"preview-{techblog.pk}.sites.test", "/x/").cache_status == ""
    assert len(newsroom.rendered) == 2
