"""Proposals as a member meets them: those to their sites, and their own."""

from django.db.models import QuerySet

from publishing.models import Proposal
from studio.access import TenantRequest, sites_with
from studio.paging import PAGE, Position
from tenants.roles import Power

COUNTED = 99
"""Beyond this the count is not told exactly."""


def waiting(request: TenantRequest) -> QuerySet[Proposal]:
    """Open proposals to the sites on which the member may place."""
    # The sites by their keys: each is one range of the index of what is open.
    keys = list(sites_with(request, Power.PLACE).values_list("pk", flat=True))
    return Proposal.objects.filter(site__in=keys, state=Proposal.State.OPEN)


def count_waiting(request: TenantRequest) -> int:
    """How many wait for the member, counted to COUNTED + 1: in two statements, in none for who may place nowhere."""
    if not request.membership.may(Power.PLACE):
        return 0
    return waiting(request).order_by()[: COUNTED + 1].count()


def decided_on(request: TenantRequest) -> QuerySet[Proposal]:
    """Those to the same sites that are decided."""
    keys = list(sites_with(request, Power.PLACE).values_list("pk", flat=True))
    return Proposal.objects.filter(site__in=keys).exclude(state=Proposal.State.OPEN)


def page_of(proposals: QuerySet[Proposal], after: str) -> tuple[list[Proposal], Position | None]:
    """At most PAGE proposals, the latest first, and where the next page begins, if there is one."""
    if after:
        position = Position.from_text(after)
        proposals = proposals.filter(proposed_at__lte=position.updated_at)
        proposals = proposals.exclude(proposed_at=position.updated_at, pk__gte=position.pk)
    rows = list(proposals.order_by("-proposed_at", "-pk")[: PAGE + 1])
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return rows, Position(rows[-1].proposed_at, rows[-1].pk) if more else None
