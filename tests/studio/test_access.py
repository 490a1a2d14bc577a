"""The one door to a tenant's pages."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from publishing.models import Article
from studio import errors
from studio.access import needs
from tenants.models import Membership, User
from tenants.roles import POWERS, Power, Role
from tenants.scope import ScopeError, across_tenants
from tests.cast import acme, article_on, bolt, signed_in

pytestmark = pytest.mark.django_db


def said(answer: HttpResponseBase) -> bytes:
    assert isinstance(answer, HttpResponse)
    return answer.content


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("power", Power)
def test_a_view_is_reached_by_the_roles_that_hold_its_power(role: Role, power: Power):
    house = acme()
    view = needs(power)(lambda request: HttpResponse(request.tenant.slug))
    request = RequestFactory().get("/")
    request.user = house.people[role]
    if role in POWERS[power]:
        assert said(view(request, "acme")) == b"acme"
    else:
        with pytest.raises(PermissionDenied):
            view(request, "acme")


def test_inside_the_scope_is_the_tenants_and_it_ends_with_the_view():
    house, other = acme(), bolt()
    article_on(house, title="Acme's")
    article_on(other, title="Bolt's")
    view = needs(Power.READ)(lambda request: HttpResponse(",".join(one.title for one in Article.objects.all())))
    request = RequestFactory().get("/")
    request.user = house.people["viewer"]
    assert said(view(request, "acme")) == b"Acme's"
    with pytest.raises(ScopeError):
        list(Article.objects.all())


@pytest.mark.parametrize("slug", ["bolt", "nothing", "ACME"])
def test_another_tenant_and_none_are_missing_alike(slug: str):
    house, _ = acme(), bolt()
    request = RequestFactory().get("/")
    request.user = house.people["owner"]
    with pytest.raises(Http404):
        needs(Power.READ)(lambda request: HttpResponse())(request, slug)


def test_who_leaves_a_tenant_is_out_with_the_next_request():
    house = acme()
    client = signed_in(house.people["editor"], "studio")
    assert client.get("/acme/articles/").status_code == 200
    with across_tenants("the owner takes a member away"):
        Membership.objects.filter(user=house.people["editor"]).delete()
    assert client.get("/acme/articles/").status_code == 404


def test_a_refusal_says_what_it_is_and_nothing_of_the_request():
    request = RequestFactory().get("/secret-path/")
    for answer, status in (
        (errors.forbidden(request, PermissionDenied()), 403),
        (errors.missing(request, Http404()), 404),
        (errors.broken(request), 500),
    ):
        assert answer.status_code == status
        assert b"<h1>" in answer.content
        assert b"secret-path" not in answer.content


def test_a_fault_is_answered_in_the_studios_look(monkeypatch: pytest.MonkeyPatch):
    house = acme()
    client = signed_in(house.people["editor"], "studio")
    client.raise_request_exception = False
    monkeypatch.setattr("studio.listing.views.page_of", lambda *_: 1 / 0)
    answer = client.get("/acme/articles/")
    assert answer.status_code == 500
    assert "The studio failed at this" in answer.content.decode()


# --- Which newsroom --------------------------------------------------------------------------------------------------


def test_home_leads_who_works_in_one_newsroom_straight_there_and_shows_the_list_to_who_asks_for_it():
    client = signed_in(acme().people["viewer"], "studio")
    assert client.get("/")["Location"] == "/acme/"
    assert 'href="/acme/"' in client.get("/?all").content.decode()


def test_who_works_in_two_newsrooms_chooses_and_a_tab_stays_in_its_own():
    house, other = acme(), bolt()
    with across_tenants("a second membership"):
        Membership.objects.create(user=house.people["editor"], tenant=other.tenant, role="viewer")
    client = signed_in(house.people["editor"], "studio")
    page = client.get("/").content.decode()
    assert page.index('href="/acme/"') < page.index('href="/bolt/"')
    assert client.get("/acme/articles/").status_code == client.get("/bolt/articles/").status_code == 200
    assert client.get("/acme/articles/").status_code == 200


def test_who_works_nowhere_is_told_what_to_do():
    nobody = User.objects.create_user("nobody@elsewhere.test", "x")
    page = signed_in(nobody, "studio").get("/").content.decode()
    assert "can invite you" in page
    assert "nobody@elsewhere.test" in page
