"""Mails before a certificate is over: a renewal has failed for weeks when they go out."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from domains.certificates.renewing import tenant_of
from domains.certificates.wanted import is_wanted
from domains.models import Certificate, Order
from sites_core.hostnames import unicode_hostname
from tenants.models import Membership, Tenant, User
from tenants.roles import Role
from tenants.scope import tenant_scope

# So long before the end, the first time and the last.
FIRST, LAST = timedelta(days=7), timedelta(days=1)


def warn_of_expiry(now: datetime | None = None) -> int:
    """Tell the owners, or platform staff where nobody owns the name; how many certificates are warned of."""
    now = now or timezone.now()
    if not settings.ACME_DIRECTORY:
        return 0
    ending = Certificate.objects.filter(not_after__lte=now + FIRST, not_after__gt=now)
    return sum(_warn(row, now) for row in ending if _is_to_be_told(row, now) and is_wanted(row.name))


def _is_to_be_told(row: Certificate, now: datetime) -> bool:
    if (row.not_after - row.not_before) <= 2 * FIRST:
        # Of a life so short the week is no warning.
        return row.not_after - now <= LAST and row.warned_at is None
    last_day = row.not_after - LAST
    return row.warned_at is None or (now >= last_day > row.warned_at)


@transaction.atomic
def _warn(row: Certificate, now: datetime) -> bool:
    tenant = tenant_of(row.name)
    to = (_owners(tenant) if tenant else []) or _staff()
    if not Certificate.objects.filter(pk=row.pk, warned_at=row.warned_at).update(warned_at=now) or not to:
        return False
    EmailMessage(subject=f"The certificate of {unicode_hostname(row.name)} ends soon", body=_words(row), to=to).send()
    return True


def _words(row: Certificate) -> str:
    last = Order.objects.filter(name=row.name).exclude(problem="").order_by("-id").first()
    why = last.problem if last else "No attempt has been made yet."
    return (
        f"The certificate of {unicode_hostname(row.name)} ends on {row.not_after:%d %B %Y at %H:%M} UTC, and it could "
        f"not be renewed so far. After that browsers refuse to open the site.\n\n"
        f"What went wrong last: {why}\n\n"
        f"The page “Domains” shows the records that the name should have in DNS. Once they are right, the certificate "
        f"is renewed by itself.\n"
    )


def _owners(tenant: Tenant) -> list[str]:
    with tenant_scope(tenant):
        owners = Membership.objects.filter(role=Role.OWNER, user__is_active=True)
        return sorted(owners.values_list("user__email", flat=True))


def _staff() -> list[str]:
    return sorted(User.objects.filter(is_staff=True, is_active=True).values_list("email", flat=True))
