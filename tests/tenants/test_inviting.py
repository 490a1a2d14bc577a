"""The deeds that decide who works for a tenant."""

import threading
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import get_resolver
from django.utils import timezone

from tenants.inviting import (
    LIFETIME,
    Closed,
    accept,
    accept_as_new,
    accepted,
    change_role,
    invite,
    open_invitation,
    remove_member,
    revoke_invitation,
)
from tenants.models import RESERVED_SLUGS, Invitation, Membership, MembershipSite, Tenant, User
from tenants.roles import TENANT_WIDE, Power, Role
from tenants.roles import may as role_may
from tenants.scope import across_tenants, tenant_scope
from tests.cast import FINANCEBLOG, PASSWORD, TECHBLOG, House, acme, bolt, member

pytestmark = pytest.mark.django_db

NORA = "nora@elsewhere.test"


@pytest.fixture
def house() -> House:
    return acme()


def asked(
    house: House, email: str = NORA, role: str = "author", sites: list[int] | None = None
) -> tuple[Invitation, str]:
    return invite(tenant=house.tenant, email=email, role=role, by=house.people["owner"], sites=sites)


def membership_of(house: House, role: str) -> Membership:
    with tenant_scope(house.tenant):
        return Membership.objects.get(user=house.people[role])


def memberships(house: House, email: str) -> list[Membership]:
    with tenant_scope(house.tenant):
        return list(Membership.objects.filter(user__email=email).prefetch_related("limits"))


# --- Inviting --------------------------------------------------------------------------------------------------------


def test_an_invitation_keeps_the_digest_of_its_token_alone(house: House):
    invitation, token = asked(house, " Nora@Elsewhere.test ")
    assert invitation.email == NORA
    assert len(token) >= 43, "256 bits"
    with across_tenants("the row is looked at"):
        row = Invitation.objects.values().get()
    assert row["token_digest"] == sha256(token.encode()).hexdigest()
    assert token not in str(row)
    assert row["expires_at"] - row["invited_at"] == LIFETIME == timedelta(days=7)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(event)::text FROM tenants_invitationevent event")
        assert row["token_digest"] not in str(cursor.fetchall()), "nor does what is kept of changes"


def test_who_accepts_is_a_member_with_the_role_on_the_sites_that_were_named(house: House):
    _, token = asked(house, sites=[house.sites[TECHBLOG].pk])
    user = accept_as_new(token=token, name="Nora", password=PASSWORD)
    [membership] = memberships(house, NORA)
    assert (user.email, user.name, user.check_password(PASSWORD)) == (NORA, "Nora", True)
    assert (membership.role, membership.all_sites) == ("author", False)
    assert membership.sites_with(Power.WRITE) == frozenset({house.sites[TECHBLOG].pk})


def test_somebody_who_works_elsewhere_joins_with_their_account(house: House):
    stranger = bolt().people["viewer"]
    _, token = asked(house, stranger.email, "editor")
    accept(token=token, user=stranger)
    [membership] = memberships(house, stranger.email)
    assert (membership.role, membership.all_sites) == ("editor", True)


def test_an_invitation_is_good_once(house: House):
    _, token = asked(house)
    user = accept_as_new(token=token, name="Nora", password=PASSWORD)
    for again in (
        lambda: accept(token=token, user=user),
        lambda: accept_as_new(token=token, name="N", password=PASSWORD),
        lambda: open_invitation(token),
    ):
        with pytest.raises(Closed):
            again()
    assert len(memberships(house, NORA)) == 1
    found = accepted(token=token, user=user)
    assert found
    assert found.tenant == house.tenant
    assert accepted(token=token, user=house.people["owner"]) is None


def test_it_is_for_its_address_alone(house: House):
    _, token = asked(house)
    with pytest.raises(Closed):
        accept(token=token, user=bolt().people["owner"])
    assert open_invitation(token).email == NORA


def test_it_ends_after_seven_days(house: House):
    invitation, token = asked(house)
    with tenant_scope(house.tenant):
        Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now())
    with pytest.raises(Closed):
        accept_as_new(token=token, name="Nora", password=PASSWORD)
    assert not User.objects.filter(email=NORA).exists()


def test_another_one_takes_the_place_of_the_first(house: House):
    first, old = asked(house)
    second, new = asked(house, role="viewer")
    with pytest.raises(Closed):
        open_invitation(old)
    assert open_invitation(new) == second
    first.refresh_from_db()
    assert first.state(timezone.now()) == "withdrawn"


def test_what_is_withdrawn_opens_nothing_and_what_was_accepted_cannot_be_withdrawn(house: House):
    invitation, token = asked(house)
    revoke_invitation(invitation=invitation)
    revoke_invitation(invitation=invitation)
    with pytest.raises(Closed):
        open_invitation(token)
    invitation, token = asked(house)
    accept_as_new(token=token, name="Nora", password=PASSWORD)
    with pytest.raises(ValidationError, match="has accepted"):
        revoke_invitation(invitation=invitation)


@pytest.mark.parametrize("token", ["", "x", "\0", "ü", "0" * 10_000])
def test_what_is_no_token_opens_nothing(house: House, token: str):
    asked(house)
    with pytest.raises(Closed):
        open_invitation(token)


def test_nobody_is_invited_who_is_a_member_nor_to_what_is_not(house: House):
    lantern = next(iter(bolt().sites.values())).pk
    wrongs: list[dict[str, Any]] = [
        {"email": "editor@acme.test"}, {"email": "nobody"}, {"role": "king"}, {"sites": []}, {"sites": [lantern]},
        {"sites": [house.sites[TECHBLOG].pk, 10**9]},
    ]  # fmt: skip
    for wrong in wrongs:
        with pytest.raises(ValidationError):
            asked(house, **wrong)
    with across_tenants("nothing was made"):
        assert not Invitation.objects.exists()


def test_somebody_who_was_made_a_member_meanwhile_stays_what_they_are(house: House):
    _, token = asked(house, role="viewer")
    with tenant_scope(house.tenant):
        user = User.objects.create_user(NORA, PASSWORD)
        Membership.objects.create(user=user, tenant=house.tenant, role="editor")
    assert accept(token=token, user=user).role == "editor"
    assert len(memberships(house, NORA)) == 1


def test_an_address_that_has_an_account_gets_no_second_one(house: House):
    _, token = asked(house)
    User.objects.create_user(NORA, PASSWORD)
    with pytest.raises(ValidationError, match="has an account already"):
        accept_as_new(token=token, name="Nora", password="another password")
    assert User.objects.get(email=NORA).check_password(PASSWORD)
    assert open_invitation(token)


# --- Roles, and leaving ----------------------------------------------------------------------------------------------


def test_a_member_gets_another_role_and_another_one_on_a_site(house: House):
    author = membership_of(house, "author")
    tech, finance = house.sites[TECHBLOG].pk, house.sites[FINANCEBLOG].pk
    change_role(membership=author, role="viewer", sites={tech: "editor", finance: "viewer"})
    [author] = memberships(house, "author@acme.test")
    assert (author.role, author.all_sites) == ("viewer", False)
    assert author.may_on(tech, Power.PLACE)
    assert not author.may_on(finance, Power.PLACE)
    assert author.may_on(finance, Power.READ)
    change_role(membership=author, role="viewer", sites={finance: ""})
    [author] = memberships(house, "author@acme.test")
    assert [(limit.site_id, limit.role) for limit in author.limits.all()] == [(finance, "")]
    change_role(membership=author, role="editor", sites=None)
    with tenant_scope(house.tenant):
        assert not MembershipSite.objects.filter(membership=author).exists()


def test_a_role_or_a_site_that_does_not_exist_is_refused(house: House):
    author = membership_of(house, "author")
    tech, lantern = house.sites[TECHBLOG].pk, next(iter(bolt().sites.values())).pk
    for role, sites in (("king", None), ("author", {tech: "king"}), ("author", {}), ("author", {lantern: ""})):
        with pytest.raises(ValidationError):
            change_role(membership=author, role=role, sites=sites)
    [author] = memberships(house, "author@acme.test")
    assert (author.role, author.all_sites) == ("author", True)


def test_the_last_owner_stays_owner_of_all_sites(house: House):
    owner = membership_of(house, "owner")
    tech = house.sites[TECHBLOG].pk
    with pytest.raises(ValidationError, match="last owner"):
        change_role(membership=owner, role="editor", sites=None)
    with pytest.raises(ValidationError, match="last owner"):
        change_role(membership=owner, role="owner", sites={tech: ""})
    with pytest.raises(ValidationError, match="last owner"):
        remove_member(membership=owner)
    change_role(membership=owner, role="owner", sites=None)
    second = member(house.tenant, "second", Role.OWNER)
    remove_member(membership=owner)
    assert memberships(house, second.email)


@pytest.mark.parametrize("other", [{"all_sites": False}, {"closed": True}])
def test_an_owner_of_some_sites_or_of_a_closed_account_is_nobody_to_leave_it_to(house: House, other: dict[str, bool]):
    second = member(house.tenant, "second", Role.OWNER)
    if "closed" in other:
        User.objects.filter(pk=second.pk).update(is_active=False)
    else:
        with tenant_scope(house.tenant):
            Membership.objects.filter(user=second).update(all_sites=False)
    with pytest.raises(ValidationError, match="last owner"):
        remove_member(membership=membership_of(house, "owner"))


def test_who_is_removed_is_gone_with_their_invitations_and_cannot_be_changed_any_more(house: House):
    _, token = asked(house, "late@acme.test")
    late = member(house.tenant, "late", Role.AUTHOR)  # by ops, in the meantime
    with tenant_scope(house.tenant):
        membership = Membership.objects.select_related("tenant").get(user=late)
    remove_member(membership=membership)
    assert not memberships(house, "late@acme.test")
    with pytest.raises(Closed):
        accept(token=token, user=late)
    with pytest.raises(ValidationError, match="has left"):
        remove_member(membership=membership)
    with pytest.raises(ValidationError, match="has left"):
        change_role(membership=membership, role="owner", sites=None)
    assert User.objects.filter(pk=late.pk).exists()


def test_an_invitation_ends_with_the_power_of_who_sent_it(house: House):
    """Else who was thrown out would have a door left."""
    member(house.tenant, "second", Role.OWNER)
    _, by_other = asked(house, "friend@elsewhere.test")
    tech = house.sites[TECHBLOG].pk
    deeds: list[Callable[[], None]] = [
        lambda: change_role(membership=membership_of(house, "owner"), role="editor", sites=None),
        lambda: change_role(membership=membership_of(house, "owner"), role="owner", sites={tech: ""}),
        lambda: remove_member(membership=membership_of(house, "owner")),
    ]
    for deed in deeds:
        _, token = asked(house, role="owner")
        assert open_invitation(token)
        deed()
        with pytest.raises(Closed):
            accept_as_new(token=token, name="Nora", password=PASSWORD)
        assert not memberships(house, NORA)
    with pytest.raises(Closed):
        open_invitation(by_other)


def test_who_stays_owner_of_all_sites_keeps_what_they_sent_and_others_keep_theirs(house: House):
    second = member(house.tenant, "second", Role.OWNER)
    _, kept = asked(house)
    change_role(membership=membership_of(house, "owner"), role="owner", sites=None)
    with tenant_scope(house.tenant):
        remove_member(membership=Membership.objects.select_related("tenant").get(user=second))
    assert open_invitation(kept)


# --- Where a limited membership holds a power ------------------------------------------------------------------------


def test_a_limited_membership_may_what_it_may_on_one_of_its_sites_and_no_more(house: House):
    tech, finance = house.sites[TECHBLOG].pk, house.sites[FINANCEBLOG].pk
    for role, sites in (
        ("editor", {tech: "viewer"}),
        ("editor", {tech: "viewer", finance: "author"}),
        ("viewer", {tech: "editor", finance: ""}),
        ("editor", {tech: ""}),
        ("owner", {tech: "", finance: "viewer"}),
    ):
        change_role(membership=membership_of(house, "author"), role=role, sites=sites)
        [author] = memberships(house, "author@acme.test")
        for power in set(Power) - TENANT_WIDE:
            held = frozenset(site for site, own in sites.items() if role_may(own or role, power))
            assert author.may(power) == bool(held)
            assert author.sites_with(power) == held
            assert {site for site in (tech, finance) if author.may_on(site, power)} == held
        assert not author.may(Power.MANAGE)


def test_a_limited_membership_whose_sites_are_gone_reads_and_nothing_else(house: House):
    with tenant_scope(house.tenant):
        MembershipSite.objects.filter(membership__user=house.people["limited"]).delete()
    [limited] = memberships(house, "limited@acme.test")
    assert {power for power in Power if limited.may(power)} == {Power.READ}
    assert not any(limited.sites_with(power) for power in Power)


# --- Two at once -----------------------------------------------------------------------------------------------------


def at_once(*deeds: Callable[[], object]) -> list[BaseException]:
    """Run them side by side, each on a connection of its own; what they raised."""
    raised: list[BaseException] = []
    together = threading.Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> None:
        try:
            together.wait()
            deed()
        except BaseException as error:  # noqa: BLE001 -- a thread's error is the test's to look at
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_on_a_link_one_makes_the_account_and_there_is_one_membership():
    house = acme()
    for n in range(6):
        email = f"nora{n}@elsewhere.test"
        _, token = asked(house, email)
        raised = at_once(*[lambda token=token: accept_as_new(token=token, name="N", password=PASSWORD)] * 3)
        assert [type(error) for error in raised] == [Closed, Closed]
        assert len(memberships(house, email)) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_on_joining_one_joins():
    house, stranger = acme(), bolt().people["owner"]
    _, token = asked(house, stranger.email)
    raised = at_once(*[lambda: accept(token=token, user=stranger)] * 3)
    assert [type(error) for error in raised] == [Closed, Closed]
    assert len(memberships(house, stranger.email)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_tenants_that_invite_one_address_at_once_make_one_account_of_it():
    house, other = acme(), bolt()
    tokens = [asked(one)[1] for one in (house, other)]
    raised = at_once(*(lambda t=token: accept_as_new(token=t, name="N", password=PASSWORD) for token in tokens))
    assert [type(error) for error in raised] in ([], [ValidationError])
    assert User.objects.filter(email=NORA).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_demote_each_other_leave_one():
    house = acme()
    second = member(house.tenant, "second", Role.OWNER)
    with tenant_scope(house.tenant):
        mine = Membership.objects.select_related("tenant").get(user=house.people["owner"])
        theirs = Membership.objects.select_related("tenant").get(user=second)
    for _ in range(6):
        with tenant_scope(house.tenant):
            Membership.objects.filter(pk__in=[mine.pk, theirs.pk]).update(role="owner")
        raised = at_once(
            lambda: change_role(membership=mine, role="editor", sites=None),
            lambda: change_role(membership=theirs, role="editor", sites=None),
        )
        assert [type(error) for error in raised] == [ValidationError]
        with tenant_scope(house.tenant):
            assert Membership.objects.filter(role="owner").count() == 1


# --- Names that are taken --------------------------------------------------------------------------------------------


def test_no_tenant_is_called_what_the_studio_itself_is():
    own = get_resolver("studio.signing.urls").url_patterns
    taken = {str(one.pattern).removeprefix("^").partition("/")[0] for one in own} - {""}
    assert taken <= RESERVED_SLUGS
    assert len(taken) > 5
    for slug in RESERVED_SLUGS:
        with pytest.raises(ValidationError):
            Tenant(slug=slug, name="x").full_clean()
    Tenant(slug="accounts", name="x").full_clean()
