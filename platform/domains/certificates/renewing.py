"""Certificates are renewed before anybody notices, and somebody is told in time where that fails."""

import logging
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from domains.certificates.acme import authority
from domains.certificates.ordering import order
from domains.certificates.problems import Problem
from domains.certificates.wanted import covered, is_wanted, own_names
from domains.models import Certificate, Order
from sites_core.models import Hostname
from tenants.models import Tenant

log = logging.getLogger(__name__)

# Each certificate is asked about once in so many hours, an even share of them in each.
HOURS = 24


def order_what_is_due(now: datetime | None = None) -> int:
    """Order the renewals that are due and the platform's own names; how many are open now that were not."""
    now = now or timezone.now()
    if not settings.ACME_DIRECTORY:
        return 0
    waiting = Order.objects.filter(name=OuterRef("name"), state=Order.State.WAITING)
    due = Certificate.objects.filter(~Exists(waiting), renew_at__lte=now).order_by("renew_at")
    ordered = [name for name in due.values_list("name", flat=True) if _renew(name, now)]
    for name in _missing():
        order(name=name, now=now)
    return len(ordered)


def forget_what_is_over(now: datetime | None = None) -> int:
    """Certificates that are over and of no name that is served here."""
    now = now or timezone.now()
    over = [
        name
        for name in Certificate.objects.filter(not_after__lt=now).values_list("name", flat=True)
        if not is_wanted(name)
    ]
    return Certificate.objects.filter(name__in=over, not_after__lt=now).delete()[0]


def ask_when(now: datetime | None = None) -> None:
    """Ask the authority about this hour's share of the certificates: it may want one renewed at once (ARI)."""
    now = now or timezone.now()
    if not settings.ACME_DIRECTORY:
        return
    rows = Certificate.objects.filter(renew_at__gt=now).only("name", "chain", "not_before").order_by("name")
    share = [row for row in rows.iterator(chunk_size=500) if int(row.not_before.timestamp()) % HOURS == now.hour]
    try:
        with authority() as client:
            for row in share if client.tells_renewal else []:
                if sooner := client.renew_at(row.chain):
                    Certificate.objects.filter(pk=row.pk, renew_at__gt=sooner).update(renew_at=sooner)
    except Problem as problem:
        log.info("The authority was not asked when to renew: %s", problem)


def _renew(name: str, now: datetime) -> bool:
    if not is_wanted(name) or covered(name):
        return False
    return order(name=name, tenant=tenant_of(name), renewal=True, now=now) is not None


def _missing() -> list[str]:
    """The platform's own names that have no certificate and wait for none."""
    own = own_names()
    there = set(Certificate.objects.filter(name__in=own).values_list("name", flat=True))
    there |= set(Order.objects.filter(name__in=own, state=Order.State.WAITING).values_list("name", flat=True))
    return [name for name in own if name not in there]


def tenant_of(name: str) -> Tenant | None:
    """Whose site the name is."""
    hostname = Hostname.objects.filter(Q(name=name)).select_related("site__ownership__tenant").first()
    owned = getattr(hostname.site, "ownership", None) if hostname else None
    return owned.tenant if owned else None
