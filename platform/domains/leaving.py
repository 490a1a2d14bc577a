"""What is kept by hostname and not by tenant goes with the tenant, too: certificates, their keys, what was ordered.

Claims and standings go with their rows. Tombstones stay, without the tenant: nobody else gets its names without a
proof for 30 days.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from domains.models import Certificate, Challenge, Order
from sites_core.models import Hostname
from sites_core.previews import preview_host

# No hostname, in place of one.
ERASED = "erased"


def forget(sender: object, *, tenant_id: int, sites: Sequence[int], **_: Any) -> None:
    """Receives `tenants.leaving.tenant_leaves`."""
    names = list(Hostname.objects.filter(site__in=sites).values_list("name", flat=True))
    names += [preview_host(site) for site in sites]
    Certificate.objects.filter(name__in=names).delete()
    Challenge.objects.filter(name__in=names).delete()
    theirs = Order.objects.filter(Q(name__in=names) | Q(tenant=tenant_id))
    theirs.filter(state=Order.State.WAITING).delete()
    # What was ordered counts against the account's limits whoever ordered it: the row stays, and says nothing more.
    theirs.update(name=ERASED, registered=ERASED, tenant=None, problem="")
