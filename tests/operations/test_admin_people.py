"""What ends with somebody's power over a tenant, or with their account, where ops takes it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from publishing.models import Preview
from publishing.previewing import keep
from tenants.inviting import invite
from tenants.models import Invitation, Membership, User
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.cast import TECHBLOG, House, acme, article_on, member, placement_of
from tests.operations.browsing import as_staff, submitted, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Client:
    return as_staff(is_superuser=True)


@pytest.fixture
def house() -> House:
    return acme()


@pytest.fixture
def second(house: House) -> User:
    """Another owner, who has invited somebody and shared a preview; the first has done the same."""
    with tenant_scope(house.tenant):
        other = member(house.tenant, "second", Role.OWNER)
        for user in (house.people["owner"], other):
            invite(tenant=house.tenant, email=f"by-{user.email}", role="viewer", by=user)
            keep(tenant=house.tenant, site=house.sites[TECHBLOG], by=user, shared=True, lifetime=timedelta(days=7))
    return other


def still_open(house: House) -> list[str]:
    with tenant_scope(house.tenant):
        found = Invitation.objects.filter(revoked_at=None, accepted_at=None)
        assert all(one.state(timezone.now()) == "open" for one in found)
        return [one.email for one in found]


def shared_by(house: House) -> list[str]:
    with tenant_scope(house.tenant):
        return [str(email) for email in Preview.objects.filter(shared=True).values_list("made_by__email", flat=True)]


def membership_of(house: House, user: User) -> Membership:
    with tenant_scope(house.tenant):
        return Membership.objects.get(user=user)


FIRST = "owner@acme.test"


@pytest.mark.parametrize("change", [{"role": "editor"}, {"all_sites": ""}])
def test_who_manages_no_longer_has_invited_nobody(staff: Client, house: House, second: User, change: dict[str, str]):
    path = url("tenants_membership_change", membership_of(house, second).pk)
    assert submitted(staff, path, **change).status_code == 302
    assert still_open(house) == [f"by-{FIRST}"]
    # What they shared they shared as a member, which they are.
    assert len(shared_by(house)) == 2


def test_so_it_is_where_the_role_is_changed_on_the_tenants_page(staff: Client, house: House, second: User):
    path = url("tenants_tenant_change", house.tenant.pk)
    forms = staff.get(path).context["inline_admin_formsets"][0].formset.forms
    number = next(n for n, form in enumerate(forms) if form.instance.user_id == second.pk)
    assert submitted(staff, path, **{f"memberships-{number}-role": "author"}).status_code == 302
    assert still_open(house) == [f"by-{FIRST}"]


def test_what_changes_nobodys_power_withdraws_nothing(staff: Client, house: House, second: User):
    path = url("tenants_membership_change", membership_of(house, house.people["editor"]).pk)
    assert submitted(staff, path, role="viewer").status_code == 302
    assert submitted(staff, url("tenants_user_change", second.pk), name="Somebody").status_code == 302
    assert len(still_open(house)) == len(shared_by(house)) == 2


@pytest.mark.parametrize("way", ["deactivated", "deleted", "deleted with others", "membership deleted"])
def test_with_an_account_its_previews_and_invitations_end(staff: Client, house: House, second: User, way: str):
    key = second.pk
    if way == "deactivated":
        answer = submitted(staff, url("tenants_user_change", key), is_active="")
    elif way == "deleted":
        answer = staff.post(url("tenants_user_delete", key), {"post": "yes"})
    elif way == "deleted with others":
        chosen = {"action": "delete_selected", "_selected_action": [key], "post": "yes"}
        answer = staff.post(url("tenants_user_changelist"), chosen)
    else:
        answer = staff.post(url("tenants_membership_delete", membership_of(house, second).pk), {"post": "yes"})
    assert answer.status_code == 302
    assert still_open(house) == [f"by-{FIRST}"]
    assert shared_by(house) == [FIRST]


def test_approval_switched_on_in_ops_holds_back_what_waits_without(staff: Client, house: House):
    article = article_on(house, TECHBLOG, ago=timedelta(days=-1))
    path = url("tenants_tenant_change", house.tenant.pk)
    assert submitted(staff, path, needs_approval="on").status_code == 302
    assert placement_of(article, house.sites[TECHBLOG]).status == "draft"
    assert "not scheduled any more: 1 placement" in staff.get(path).content.decode()
