"""A site's ledger of redirects: what people write into it is followed to its end, and refused where a page stands."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from publishing import redirects
from publishing.models import Redirect, Section, Topic
from publishing.placing import prepare, recall, unpublish
from publishing.redirects import FIXED, add_redirect, redirect, redirect_on
from publishing.writing import set_topics, write
from sites_core.models import SiteState
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, House, article_on, bolt, placement_of

pytestmark = pytest.mark.django_db


def ledger(house: House, domain: str = TECHBLOG) -> dict[str, str]:
    return dict(Redirect.objects.filter(site=house.sites[domain]).values_list("path", "target"))


def add(house: House, path: str, target: str, domain: str = TECHBLOG) -> None:
    add_redirect(tenant=house.tenant, site=house.sites[domain], path=path, target=target)


def refused(house: House, path: str, target: str) -> dict[str, list[str]]:
    before = ledger(house)
    with pytest.raises(ValidationError) as refusal:
        add(house, path, target)
    assert ledger(house) == before
    return refusal.value.message_dict


# --- One by one ------------------------------------------------------------------------------------------------------


def test_a_path_leads_to_another_one_of_its_site_alone(house: House):
    add(house, "/old/", "/new/")
    assert ledger(house) == {"/old/": "/new/"}
    assert ledger(house, FINANCEBLOG) == {}


def test_a_target_that_moved_itself_is_followed_to_its_end(house: House):
    add(house, "/second/", "/third/")
    add(house, "/first/", "/second/")
    assert ledger(house) == {"/second/": "/third/", "/first/": "/third/"}


def test_what_led_to_a_path_that_moves_on_leads_to_its_new_end_at_once(house: House):
    add(house, "/first/", "/second/")
    add(house, "/second/", "/third/")
    assert ledger(house) == {"/first/": "/third/", "/second/": "/third/"}


def test_a_circle_is_refused_however_long(house: House):
    add(house, "/a/", "/b/")
    add(house, "/b/", "/c/")
    said = refused(house, "/c/", "/a/")
    assert said == {"target": ["/a/ redirects to /c/: readers would go round in a circle."]}
    assert "the path itself" in refused(house, "/d/", "/d/")["target"][0]


def test_another_target_takes_the_place_of_the_first(house: House):
    add(house, "/old/", "/new/")
    add(house, "/old/", "/newer/")
    assert ledger(house) == {"/old/": "/newer/"}


def test_a_path_at_which_a_page_stands_is_refused(house: House):
    article = article_on(house, TECHBLOG, title="A headline")
    article_on(house, TECHBLOG, title="Next week", ago=timedelta(days=-7))
    Section.objects.create(tenant=house.tenant, site=house.sites[TECHBLOG], slug="money", name="Money")
    topic = Topic.objects.create(tenant=house.tenant, slug="ships", name="Ships")
    Topic.objects.create(tenant=house.tenant, slug="unused", name="Unused")
    set_topics(article=article, topics=[topic])
    for path in ("/a-headline/", "/next-week/", "/sections/money/", "/topics/ships/", "/", "/archive/"):
        assert "A page stands at" in refused(house, path, "/elsewhere/")["path"][0], path
    for path in ("/sections/none/", "/topics/unused/", "/a-headline", "/archive/2019/old.html"):
        add(house, path, "/elsewhere/")


def test_what_is_no_page_any_more_may_redirect_and_what_was_recalled_may_not(house: House):
    gone = article_on(house, TECHBLOG, title="Taken off")
    unpublish(placements=[placement_of(gone, house.sites[TECHBLOG])])
    prepare(article=write(tenant=house.tenant, title="A draft"), site=house.sites[TECHBLOG])
    over = placement_of(article_on(house, TECHBLOG, title="Over"), house.sites[TECHBLOG])
    over.expires_at = timezone.now() - timedelta(minutes=1)
    over.save()
    for path in ("/taken-off/", "/a-draft/", "/over/"):
        add(house, path, "/elsewhere/")
    recall(article=article_on(house, TECHBLOG, title="Taken back"))
    assert refused(house, "/taken-back/", "/elsewhere/")


def test_every_address_that_a_site_answers_by_itself_is_known_as_one(house: House):
    """The reader's URLs without arguments; an address that is added there is missed here."""
    patterns = [one for one in get_resolver("reading.urls").url_patterns if isinstance(one, URLPattern)]
    assert {
        f"/{one.pattern}" for one in patterns if not one.pattern.regex.groupindex and "^" not in str(one.pattern)
    } == FIXED


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("/caf%C3%A9/", "/café/"), ("  /old/ ", "/old/"), ("/my page.html", "/my page.html"),
        ("http://techblog.test/old/", "/old/"), ("https://techblog.test", "/"), ("/100%25/", "/100%/"),
    ],
)  # fmt: skip
def test_a_path_is_kept_as_requests_have_it(house: House, typed: str, kept: str):
    assert redirects.path_from(typed, {TECHBLOG}, "path") == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("/new/?a=1#part", "/new/?a=1#part"), ("/what%3Fnow/", "/what%3Fnow/"), ("/100%25/", "/100%25/")],
)
def test_a_target_keeps_what_it_means(house: House, typed: str, kept: str):
    assert redirects.path_from(typed, {TECHBLOG}, "target") == kept


@pytest.mark.parametrize(
    "path",
    ["old/", "", "//evil.test/", "/\\evil.test", "https://evil.test/", "javascript:alert(1)", "/a?b=c", "/a#b",
     "/a\nb/", "/a%00b/", "/a%0d%0aSet-Cookie:x", "/" + "x" * 500, "http://[", "mailto:a@b.test", "/\u202ea/"],
)  # fmt: skip
def test_what_is_no_path_of_this_site_is_refused_with_a_sentence(house: House, path: str):
    assert list(refused(house, path, "/new/")) == ["path"]


@pytest.mark.parametrize(
    "target", ["new/", "//evil.test/", "/%5Cevil.test", "/%2Fevil.test", "https://financeblog.test/", "/a%0d%0ab/"]
)
def test_a_target_never_leaves_the_site(house: House, target: str):
    assert list(refused(house, "/old/", target)) == ["target"]


def test_the_other_names_of_a_site_are_its_own(house: House):
    house.sites[TECHBLOG].hostnames.create(name="www.techblog.test")
    add(house, "https://www.techblog.test/old/", "/new/")
    assert ledger(house) == {"/old/": "/new/"}


def test_a_redirect_raises_the_sites_generation_and_an_unchanged_one_does_not(house: House):
    def generation() -> int:
        return SiteState.objects.get(site=house.sites[TECHBLOG]).generation

    before = generation()
    add(house, "/old/", "/new/")
    after = generation()
    assert after > before
    add(house, "/old/", "/new/")
    assert generation() == after


# --- What deeds leave behind -----------------------------------------------------------------------------------------


def test_on_several_sites_it_takes_as_many_statements_as_on_one(house: House):
    sites = [site.pk for site in house.sites.values()]

    def cost(keys: list[int], path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            redirect_on(tenant=house.tenant, sites=keys, path=path, target="/there/")
        return len(queries)

    assert cost(sites[:1], "/one/") == cost(sites, "/two/")
    assert ledger(house, FINANCEBLOG) == {"/two/": "/there/"}


def test_a_page_that_arrives_ends_the_redirect_away_from_it(house: House):
    add(house, "/here/", "/there/")
    redirect(tenant=house.tenant, site=house.sites[TECHBLOG], path="/before/", target="/here/")
    assert ledger(house) == {"/before/": "/here/"}


def test_another_tenants_site_stays_as_it_is(house: House):
    other = bolt()
    with tenant_scope(other.tenant):
        add_redirect(tenant=other.tenant, site=other.sites[LANTERN], path="/old/", target="/theirs/")
    add(house, "/old/", "/ours/")
    with tenant_scope(other.tenant):
        assert ledger(other, LANTERN) == {"/old/": "/theirs/"}
