"""What a tenant's owner settles for all of its sites."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from publishing.models import Article, Image, Placement
from studio.settings import views
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, TECHBLOG, House, article_on, placement_of, signed_in

pytestmark = pytest.mark.django_db
PATH = "/acme/settings/"


@pytest.fixture
def owner(house: House) -> Client:
    return signed_in(house.people["owner"], "studio")


def page(client: Client, path: str = PATH) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return " ".join(answer.content.decode().split())


def test_the_newsroom_gets_another_name_and_its_address_stays(house: House, owner: Client):
    assert owner.post(PATH, {"name": "  Acme   Media "}).status_code == 302
    tenant = Tenant.objects.get(pk=house.tenant.pk)
    assert (tenant.name, tenant.slug, tenant.needs_approval) == ("Acme Media", "acme", False)
    assert "Acme Media" in page(owner)


def test_approval_is_asked_for_and_explained(house: House, owner: Client):
    assert "Until then it cannot newly go on any site" in page(owner)
    owner.post(PATH, {"name": "Acme", "needs_approval": "on"})
    assert Tenant.objects.get(pk=house.tenant.pk).needs_approval
    owner.post(PATH, {"name": "Acme"})
    assert not Tenant.objects.get(pk=house.tenant.pk).needs_approval


@pytest.mark.parametrize("name", ["", "x" * 121, "\u202eemcA", "A\x07"])
def test_what_is_no_name_is_refused_and_the_page_still_says_whose_it_is(house: House, owner: Client, name: str):
    answer = owner.post(PATH, {"name": name, "needs_approval": "on"})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["name"]
    assert "<title>Settings of Acme" in answer.content.decode()
    assert not Tenant.objects.get(pk=house.tenant.pk).needs_approval


def test_nothing_else_of_the_tenant_is_written(house: House, owner: Client):
    owner.post(PATH, {"name": "Acme", "slug": "taken-over", "quota_bytes": str(10**15), "sites": "1"})
    tenant = Tenant.objects.get(pk=house.tenant.pk)
    assert (tenant.slug, tenant.quota_bytes) == (house.tenant.slug, house.tenant.quota_bytes)


def test_what_pictures_take_is_told_against_the_quota(house: House, owner: Client):
    Tenant.objects.filter(pk=house.tenant.pk).update(quota_bytes=10 * 1024**2)
    assert "0 bytes of 10.0 MB used" in page(owner).replace("\xa0", " ")
    with tenant_scope(house.tenant):
        for digit in "ab":
            Image.objects.create(
                tenant=house.tenant, digest=digit * 64, name="i", width=1, height=1, widths=[1], bytes=3 * 1024**2
            )
    html = page(owner).replace("\xa0", " ")
    assert "6.0 MB of 10.0 MB used" in html
    assert "60 per cent used" in html
    Tenant.objects.filter(pk=house.tenant.pk).update(quota_bytes=1)
    assert "100 per cent used" in page(owner), "more than there is room for"


def test_takeout_is_offered_where_there_is_one(owner: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(views, "_takeout", lambda request: "/acme/settings/takeout/")
    assert 'href="/acme/settings/takeout/"' in page(owner)
    monkeypatch.setattr(views, "_takeout", lambda request: "")
    assert "takeout" not in page(owner)


def test_the_page_costs_the_same_statements_whatever_there_is(house: House, owner: Client):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(owner)
        return len(queries)

    page(owner)
    before = cost()
    with tenant_scope(house.tenant):
        for digit in "abc":
            Image.objects.create(tenant=house.tenant, digest=digit * 64, name="i", width=1, height=1, widths=[1])
    assert cost() == before <= 12


def test_an_editor_finds_topics_and_bylines_and_not_the_newsroom(house: House):
    editor = signed_in(house.people["editor"], "studio")
    html = page(editor, f"{PATH}topics/")
    assert f'href="{PATH}bylines/"' in html
    assert f'href="{PATH}"' not in html


def test_what_waits_unapproved_is_said_before_and_held_back_when_approval_is_asked_for(house: House, owner: Client):
    for title, domain in (("One", TECHBLOG), ("One", FINANCEBLOG), ("Two", TECHBLOG)):
        article_on(house, domain, title=f"{title} on {domain}", ago=timedelta(days=-2))
    approved = article_on(house, TECHBLOG, title="Approved", ago=timedelta(days=-1))
    live = article_on(house, TECHBLOG, title="Live")
    with tenant_scope(house.tenant):
        Article.objects.filter(pk=approved.pk).update(stage="approved")
    assert "Scheduled and not approved now: 3." in page(owner)
    told = " ".join(owner.post(PATH, {"name": "Acme", "needs_approval": "on"}, follow=True).content.decode().split())
    assert f"“One on {TECHBLOG}” on Techblog, “One on {FINANCEBLOG}” on Financeblog, “Two on {TECHBLOG}” on" in told
    with tenant_scope(house.tenant):
        standing = Placement.objects.order_by("pk").values_list("status", "is_canonical")
        assert list(standing) == [("draft", False)] * 3 + [("published", True)] * 2
        assert not Placement.objects.filter(go_live=None).exists(), "each keeps its date"
    assert "Scheduled and not approved now" not in page(owner)
    assert placement_of(live, house.sites[TECHBLOG]).status == "published"
    # Saved once more there is nothing to hold back, nor is there once it is not asked for any more.
    for body in ({"name": "Acme", "needs_approval": "on"}, {"name": "Acme"}):
        assert "not scheduled any more" not in owner.post(PATH, body, follow=True).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_however_many_wait_the_page_costs_the_same(house: House, owner: Client, count: int, monkeypatch):
    monkeypatch.setattr(views, "MOST_WAITING", 2)
    for number in range(count):
        article_on(house, TECHBLOG, title=str(number), ago=timedelta(days=-2))
    with CaptureQueriesContext(connection) as queries:
        html = page(owner)
    assert f"Scheduled and not approved now: {'1' if count == 1 else 'more than 2'}." in html
    assert len(queries) <= 8
