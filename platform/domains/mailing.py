"""Mails to a tenant's owners about a hostname of theirs that DNS has lost: before anything ends, and when it has.

They are sent inside the transaction of what they tell, so that with the outbox none is told that did not happen.
"""

from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from domains.dns import records
from sites_core.hostnames import unicode_hostname
from sites_core.models import Hostname
from sites_core.origins import origin
from tenants.models import Membership, Tenant
from tenants.roles import Role
from tenants.scope import tenant_scope


def lost(hostname: Hostname, *, ends: datetime) -> None:
    """DNS does not lead here any more; the name is served until `ends`."""
    _send("lost", f"{unicode_hostname(hostname.name)}: its DNS no longer leads to your site", hostname, ends=ends)


def found_again(hostname: Hostname) -> None:
    _send("found_again", f"{unicode_hostname(hostname.name)}: its DNS is right again", hostname)


def quarantined(hostname: Hostname) -> None:
    _send("quarantined", f"{unicode_hostname(hostname.name)} is not served any more", hostname)


def _send(template: str, subject: str, hostname: Hostname, **words: object) -> None:
    tenant = Tenant.objects.filter(ownerships__site=hostname.site_id).first()
    to = _owners(tenant) if tenant else []
    if not tenant or not to:
        return
    known = {
        "hostname": hostname,
        "shown": unicode_hostname(hostname.name),
        "site": hostname.site,
        "problem": hostname.standing.problem,
        "records": [record for record in records(hostname) if record.value and not record.right],
        "page": f"{origin(f'studio.{settings.PLATFORM_DOMAIN}')}/{tenant.slug}/domains/",
    }
    body = render_to_string(f"domains/mails/{template}.txt", known | words)
    send_mail(subject, body, None, to)


def _owners(tenant: Tenant) -> list[str]:
    with tenant_scope(tenant):
        owners = Membership.objects.filter(role=Role.OWNER, all_sites=True, user__is_active=True)
        return sorted(owners.values_list("user__email", flat=True))
