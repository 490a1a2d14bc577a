"""Hostnames in ops: how each does, and what staff can do about it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from domains.claiming import claim, release, vouch
from domains.models import Certificate, Claim, Order, Standing, Tombstone
from events.models import Event
from sites_core.models import Hostname
from tenants.scope import across_tenants, tenant_scope
from tests.cast import FINANCEBLOG, TECHBLOG, House, acme
from tests.operations.browsing import as_staff, url

pytestmark = pytest.mark.django_db

NAME = "new.com"


@pytest.fixture
def house() -> House:
    return acme()


@pytest.fixture
def staff() -> Client:
    return as_staff(is_superuser=True)


def certificate(name: str) -> Certificate:
    now = timezone.now()
    return Certificate.objects.create(
        name=name, chain="-", key=b"-", serial="5e", issuer="Test CA", not_before=now,
        not_after=now + timedelta(days=90), renew_at=now + timedelta(days=60),
    )  # fmt: skip


def deed(client: Client, model: str, action: str, *rows) -> str:
    answer = client.post(
        url(f"{model}_changelist"), {"action": action, "_selected_action": [row.pk for row in rows]}, follow=True
    )
    return " ".join(map(str, answer.context["messages"]))


def test_the_list_says_how_each_name_does(house: House, staff: Client):
    certificate(vouch(site=house.sites[TECHBLOG], name="Bücher.com", by=None).name)
    Standing.objects.filter(hostname__name="xn--bcher-kva.com").update(problem="It leads elsewhere.")
    page = staff.get(url("sites_core_hostname_changelist")).content.decode()
    for words in ("bücher.com", "techblog.test (Acme)", "vouched for by platform staff", "It leads elsewhere."):
        assert words in page
    assert f"{timezone.now() + timedelta(days=90):%Y}" in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("?state__exact=quarantined", {"quarantined.com"}), ("?trouble=dns", {"astray.com"}),
        ("?trouble=order", {"failing.com"}), ("?proof=txt", {"proven.com"}), ("?q=failing", {"failing.com"}),
    ],
)  # fmt: skip
def test_names_are_found_by_what_is_wrong_with_them(house: House, staff: Client, asked: str, found: set[str]):
    made = {
        name: vouch(site=house.sites[TECHBLOG], name=f"{name}.com", by=None)
        for name in ("quarantined", "astray", "failing", "proven")
    }
    Hostname.objects.filter(pk=made["quarantined"].pk).update(state="quarantined")
    Standing.objects.filter(pk=made["astray"].pk).update(problem="x")
    Standing.objects.filter(pk=made["proven"].pk).update(proof="txt", token="t")
    Order.objects.create(name="failing.com", registered="failing.com", problem="x")
    listed = staff.get(url("sites_core_hostname_changelist") + asked).context["cl"].queryset
    assert {one.name for one in listed} == found


def test_the_list_costs_the_same_statements_for_one_name_and_for_three(house: House, staff: Client):
    taken = []
    for count in (1, 3):
        for number in range(count):
            certificate(vouch(site=house.sites[TECHBLOG], name=f"{count}-{number}.com", by=None).name)
        path = url("sites_core_hostname_changelist") + f"?q={count}-"
        staff.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert len(staff.get(path).context["cl"].result_list) == count
        taken.append(len(asked))
    assert taken[0] == taken[1] <= 6


def test_the_page_of_one_says_what_to_do_and_costs_the_same_however_much_happened(
    house: House, staff: Client, django_assert_max_num_queries
):
    one = vouch(site=house.sites[TECHBLOG], name=NAME, by=None)
    certificate(NAME)
    for _ in range(3):
        Order.objects.create(name=NAME, registered=NAME, state="failed", problem="The check failed.")
    with django_assert_max_num_queries(9):
        page = staff.get(url("sites_core_hostname_change", one.pk)).content.decode()
    assert "Proven: Vouched for by platform staff" in page
    assert page.count("The check failed.") == 3
    assert "by Test CA" in page


def test_staff_have_names_looked_at_again(house: House, staff: Client):
    one = vouch(site=house.sites[TECHBLOG], name=NAME, by=None)
    Event.objects.all().delete()
    assert "1 name" in deed(staff, "sites_core_hostname", "look_again", one)
    assert Event.objects.filter(name="domains.look", payload={"name": NAME}).count() == 1


def test_staff_vouch_for_a_name_that_was_lost_and_it_is_served_again(house: House, staff: Client):
    one = vouch(site=house.sites[TECHBLOG], name=NAME, by=None)
    Hostname.objects.filter(pk=one.pk).update(state="quarantined")
    assert "Vouched for: 1 name." in deed(staff, "sites_core_hostname", "vouch", one)
    assert Hostname.objects.get(pk=one.pk).state == "verified"


def test_staff_let_a_name_go_but_not_the_one_that_a_site_is_called(house: House, staff: Client):
    one = vouch(site=house.sites[TECHBLOG], name=NAME, by=None)
    primary = Hostname.objects.get(name=TECHBLOG)
    said = deed(staff, "sites_core_hostname", "release", one, primary)
    assert "Let go: 1 name." in said
    assert "techblog.test is what the site is called" in said
    assert not Hostname.objects.filter(pk=one.pk).exists()
    assert Hostname.objects.filter(pk=primary.pk).exists()


def test_staff_order_a_certificate_again(house: House, staff: Client, settings):
    one = vouch(site=house.sites[TECHBLOG], name=NAME, by=None)
    assert "no certificate is ordered here" in deed(staff, "sites_core_hostname", "order_again", one)
    settings.ACME_DIRECTORY = "https://ca.test/dir"
    assert "Ordered: 1 name" in deed(staff, "sites_core_hostname", "order_again", one)
    assert Order.objects.get(name=NAME).tenant == house.tenant


def test_whoever_may_only_see_names_changes_none(house: House):
    from django.contrib.auth.models import Permission

    client = as_staff()
    from tenants.models import User

    user = User.objects.get(email="staff@platform.test")
    user.user_permissions.add(*Permission.objects.filter(codename__in=["view_hostname", "view_tombstone"]))
    one = vouch(site=house.sites[TECHBLOG], name=NAME, by=None)
    for action in ("look_again", "vouch", "order_again", "release"):
        deed(client, "sites_core_hostname", action, one)
    assert Hostname.objects.filter(pk=one.pk).exists()
    stone = Tombstone.objects.create(name="gone.com", until=timezone.now())
    deed(client, "domains_tombstone", "lift", stone)
    assert Tombstone.objects.filter(pk="gone.com").exists()


def test_a_tombstone_is_lifted_and_another_tenant_may_have_the_name(house: House, staff: Client):
    release(hostname=vouch(site=house.sites[TECHBLOG], name=NAME, by=None))
    assert "1 name is free" in deed(staff, "domains_tombstone", "lift", Tombstone.objects.get(name=NAME))
    assert not Tombstone.objects.exists()


def test_claims_are_read_and_their_tokens_are_not(house: House, staff: Client):
    with tenant_scope(house.tenant):
        one = claim(tenant=house.tenant, site=house.sites[FINANCEBLOG], name=NAME, by=None)[0]
    with across_tenants("the token is compared"):
        token = Claim.objects.get(pk=one.pk).token
    for path in (url("domains_claim_changelist"), url("domains_claim_change", one.pk)):
        page = staff.get(path).content.decode()
        assert NAME in page
        assert token not in page


def test_keys_are_on_no_page_of_ops(house: House, staff: Client):
    made = certificate(NAME)
    Certificate.objects.update(key=b"the sealed key", chain="the chain")
    for path in (url("domains_certificate_changelist"), url("domains_certificate_change", made.pk)):
        page = staff.get(path).content.decode()
        assert NAME in page
        assert "sealed key" not in page
        assert "the chain" not in page
