"""The deeds that decide who works for a tenant: inviting, accepting, another role, leaving.

Each locks the tenant's row first, so that no two of them decide upon the same members at the same moment.
"""

import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256

import pghistory
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from tenants.models import Invitation, InvitationSite, Membership, MembershipSite, Ownership, Tenant, User
from tenants.roles import POWERS, Power, Role
from tenants.scope import across_tenants, tenant_scope

LIFETIME = timedelta(days=7)
TOKEN_BYTES = 32
# Who manages members, if it is on all sites. A tenant never loses the last of them by a deed.
MANAGERS = POWERS[Power.MANAGE]


class Closed(LookupError):
    """The invitation was used, withdrawn or replaced, has expired, never was, or is for another address."""


def invite(
    *, tenant: Tenant, email: str, role: str, by: User, sites: Collection[int] | None = None
) -> tuple[Invitation, str]:
    """Ask an address to join; the invitation, and the token of its link, which nothing keeps.

    `sites` are primary keys of the tenant's sites; None is all of them. Another open invitation of the address is
    replaced. Raises ValidationError with a sentence.
    """
    email = email.strip().lower()
    validate_email(email)
    _refuse_unknown_role(role)
    with _deciding(tenant):
        if Membership.objects.filter(user__email=email).exists():
            raise ValidationError(f"{email} is a member of {tenant} already.")
        _refuse_foreign(tenant, sites)
        _withdraw(Q(email=email))
        now = timezone.now()
        token = secrets.token_urlsafe(TOKEN_BYTES)
        invitation = Invitation.objects.create(
            tenant=tenant, email=email, role=role, all_sites=sites is None, token_digest=_digest(token),
            invited_by=by, invited_at=now, expires_at=now + LIFETIME,
        )  # fmt: skip
        InvitationSite.objects.bulk_create(
            InvitationSite(invitation=invitation, site_id=site, tenant=tenant) for site in sorted(set(sites or ()))
        )
    return invitation, token


def revoke_invitation(*, invitation: Invitation) -> None:
    """Withdraw it. Raises ValidationError where it was accepted; what is withdrawn already stays so."""
    with _deciding(invitation.tenant):
        fresh = Invitation.objects.get(pk=invitation.pk)
        if fresh.accepted_at:
            raise ValidationError(f"{fresh.email} has accepted in the meantime, and is a member now.")
        Invitation.objects.filter(pk=fresh.pk, revoked_at=None).update(revoked_at=timezone.now())


def open_invitation(token: str) -> Invitation:
    """The invitation of a link. Raises Closed."""
    with across_tenants("the token says which tenant it is"):
        invitation = (
            Invitation.objects.filter(token_digest=_digest(token)).select_related("tenant", "invited_by").first()
        )
    if invitation is None or invitation.state(timezone.now()) != "open":
        raise Closed
    return invitation


def accept(*, token: str, user: User) -> Membership:
    """Make the user a member as the invitation says; who is one already stays what they are. Raises Closed."""
    with _accepting(token) as invitation:
        if invitation.email != user.email:
            raise Closed
        return _join(invitation, user)


def accepted(*, token: str, user: User) -> Membership | None:
    """What the user is a member of by this very invitation, if they have accepted it."""
    with across_tenants("the token says which tenant it is"):
        taken = Invitation.objects.filter(token_digest=_digest(token), email=user.email, accepted_at__isnull=False)
        return Membership.objects.filter(user=user, tenant__in=taken.values("tenant")).select_related("tenant").first()


def accept_as_new(*, token: str, name: str, password: str) -> User:
    """Make an account for the address that was invited, and a member of it.

    Raises Closed, and ValidationError where the address has an account. The password must have been validated.
    """
    with _accepting(token) as invitation:
        try:
            with transaction.atomic():
                user = User.objects.create_user(invitation.email, password, name=name)
        except IntegrityError:
            raise ValidationError(f"{invitation.email} has an account already. Sign in with it to accept.") from None
        # Who asked was nobody yet; who joins is this person, in what is kept of it too.
        with pghistory.context(user=user.pk):
            _join(invitation, user)
        return user


def change_role(*, membership: Membership, role: str, sites: Mapping[int, str] | None) -> None:
    """Give a member another role, on all of the tenant's sites (`sites` is None) or on some.

    `sites` has the role on each by the site's primary key; "" is the membership's. Raises ValidationError with a
    sentence, also where the tenant would be left without anybody to manage it. Who no longer manages it has invited
    nobody: what invitations of theirs are open are withdrawn.
    """
    _refuse_unknown_role(role, *(sites or {}).values())
    tenant = membership.tenant
    with _deciding(tenant):
        fresh = _still_member(membership)
        _refuse_foreign(tenant, sites)
        if not (sites is None and role in MANAGERS):
            _refuse_last_owner(fresh)
            _withdraw(Q(invited_by=fresh.user_id))
        fresh.role, fresh.all_sites = role, sites is None
        fresh.save(update_fields=["role", "all_sites"])
        _limit(fresh, {site: "" if own == role else own for site, own in (sites or {}).items()})


def remove_member(*, membership: Membership) -> None:
    """Take somebody out of the tenant, with the open invitations of their address and those that they sent.

    What else ends with a membership does so by the database itself: being trusted, and what they shared of what is not
    public yet. Raises ValidationError.
    """
    with _deciding(membership.tenant):
        fresh = _still_member(membership)
        _refuse_last_owner(fresh)
        _withdraw(Q(email=fresh.user.email) | Q(invited_by=fresh.user_id))
        fresh.delete()


def withdraw_powerless() -> None:
    """Withdraw the open invitations that were sent by somebody who no longer manages the tenant, or whose account is
    closed or gone: for where memberships and accounts are changed without these deeds, which is ops."""
    manages = Membership.objects.filter(
        user=OuterRef("invited_by"), tenant=OuterRef("tenant"), user__is_active=True, all_sites=True, role__in=MANAGERS
    )
    _withdraw(~Q(Exists(manages)))


# --- What the deeds have in common -----------------------------------------------------------------------------------


@contextmanager
def _deciding(tenant: Tenant) -> Iterator[None]:
    with transaction.atomic(), tenant_scope(tenant):
        # Not FOR UPDATE: whoever writes an article refers to this row, and need not wait.
        Tenant.objects.select_for_update(no_key=True).get(pk=tenant.pk)
        yield


@contextmanager
def _accepting(token: str) -> Iterator[Invitation]:
    tenant = open_invitation(token).tenant
    with _deciding(tenant):
        # Once more: of two who came at once, the second waited for the lock.
        yield open_invitation(token)


def _join(invitation: Invitation, user: User) -> Membership:
    tenant = invitation.tenant
    membership, new = Membership.objects.get_or_create(
        user=user, tenant=tenant, defaults={"role": invitation.role, "all_sites": invitation.all_sites}
    )
    if new and not invitation.all_sites:
        _limit(membership, dict.fromkeys(invitation.limits.values_list("site_id", flat=True), ""))
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=timezone.now())
    return membership


def _withdraw(which: Q) -> None:
    """Those of these that are open."""
    Invitation.objects.filter(which, accepted_at=None, revoked_at=None).update(revoked_at=timezone.now())


def _limit(membership: Membership, sites: Mapping[int, str]) -> None:
    membership.limits.exclude(site_id__in=sites).delete()
    MembershipSite.objects.bulk_create(
        [
            MembershipSite(membership=membership, site_id=site, tenant_id=membership.tenant_id, role=own)
            for site, own in sorted(sites.items())
        ],
        update_conflicts=True,
        unique_fields=["membership", "site"],
        update_fields=["role"],
    )


def _still_member(membership: Membership) -> Membership:
    fresh = Membership.objects.filter(pk=membership.pk).select_related("user").first()
    if fresh is None:
        raise ValidationError("This member has left in the meantime.")
    return fresh


def _refuse_last_owner(membership: Membership) -> None:
    managers = Membership.objects.filter(role__in=MANAGERS, all_sites=True, user__is_active=True)
    if membership.role in MANAGERS and membership.all_sites and not managers.exclude(pk=membership.pk).exists():
        raise ValidationError(
            f"{membership.user} is the last owner of {membership.tenant}. Make somebody else owner of all sites first."
        )


def _refuse_unknown_role(role: str, *on_sites: str) -> None:
    if role not in set(Role) or not set(on_sites) <= {"", *Role}:
        raise ValidationError("This role does not exist.")


def _refuse_foreign(tenant: Tenant, sites: Collection[int] | None) -> None:
    if sites is None:
        return
    if not sites:
        raise ValidationError("Choose at least one site, or all of them.")
    if Ownership.objects.filter(tenant=tenant, site__in=list(sites)).count() != len(set(sites)):
        raise ValidationError(f"One of these sites does not exist, or is none of {tenant}’s.")


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
