"""What touches all of an article's sites needs the power on all of them."""

from collections.abc import Iterable

from django.contrib.sites.models import Site

from publishing.models import Placement
from studio.access import TenantRequest
from tenants.models import Membership
from tenants.roles import POWERS, Power

NAMED = 4


def beyond(request: TenantRequest, placements: Iterable[Placement]) -> list[Site]:
    """The sites among these placements' on which the member may not place."""
    return [one.site for one in placements if not request.membership.may_on(one.site_id, Power.PLACE)]


def whom_to_ask() -> list[str]:
    """Names of members who may place on every site of the active tenant, the first few."""
    may = Membership.objects.filter(all_sites=True, role__in=POWERS[Power.PLACE]).select_related("user")
    return [str(one.user) for one in may.order_by("pk")[:NAMED]]
