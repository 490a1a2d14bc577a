"""What is kept by hostname and not by tenant goes with the tenant, too: certificates, their keys, what was ordered.

Claims and standings go with their rows. Tombstones stay, without the tenant: nobody else gets its names without a
proof for 30 days.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from domains.models import Certificate, Challenge, Order
from sites_core.models import Hostname


def forget(sender: object, *, tenant_id: int, sites: Sequence[int], **_: Any) -> None:
    """Receives `tenants.leaving.tenant_leaves`."""
    names = list(Hostname.objects.filter(site__in=sites).values_list("name", flat=True))
    Certificate.objects.filter(name__in=names).delete()
    Challenge.objects.filter(name__in=names).delete()
    Order.objects.filter(Q(name__in=names) | Q(tenant=tenant_id)).delete()
