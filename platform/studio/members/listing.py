"""The members of a tenant as rows: by address, a page at a time."""

from collections.abc import Iterable
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.contrib.sites.models import Site
from django.db.models import Prefetch, Q
from django.utils import timezone

from tenants.models import Invitation, Membership, MembershipSite

PAGE = 50
OPEN, CLOSED = 100, 10  # invitations that are shown

SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True, slots=True)
class Member:
    """`places` are the sites of a membership that is limited, each with its role there."""

    membership: Membership
    has_second_step: bool
    places: list[tuple[Site, str]]


def page_of_members(after: str) -> tuple[list[Member], str]:
    """The members whose addresses come after this one, and the address after which the next page begins, or ""."""
    limits = MembershipSite.objects.select_related("site").order_by("site__domain")
    found = Membership.objects.select_related("user").prefetch_related(Prefetch("limits", limits))
    rows = list(found.filter(user__email__gt=after).order_by("user__email")[: PAGE + 1])
    shown = rows[:PAGE]
    protected = _with_second_step(one.user_id for one in shown)
    members = [Member(one, one.user_id in protected, _places(one)) for one in shown]
    return members, shown[-1].user.email if len(rows) > PAGE else ""


def invitations() -> list[tuple[Invitation, str]]:
    """The invitations that wait, newest first, then the latest of those that no longer do; each with its state."""
    now = timezone.now()
    known = Invitation.objects.select_related("invited_by").prefetch_related("sites").order_by("-pk")
    waiting = Q(accepted_at=None, revoked_at=None, expires_at__gt=now)
    rows = [*known.filter(waiting)[:OPEN], *known.exclude(waiting)[:CLOSED]]
    return [(one, one.state(now)) for one in rows]


def _places(membership: Membership) -> list[tuple[Site, str]]:
    return [(limit.site, limit.role or membership.role) for limit in membership.limits.all()]


def _with_second_step(users: Iterable[int]) -> set[int]:
    return set(
        Authenticator.objects.filter(user__in=list(users), type__in=SECOND_STEPS).values_list("user_id", flat=True)
    )
