"""What is known of names, loaded for many at once: hostname, claim, standing, certificate, the last order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.sites.models import Site
from django.db.models import Q
from django.utils import timezone

from domains.certificates.wanted import below_wildcard
from domains.dns import Record, records
from domains.models import Certificate, Claim, Order, Standing
from sites_core.hostnames import unicode_hostname
from sites_core.models import Hostname
from sites_core.origins import origin

SERVED = frozenset({Hostname.State.VERIFIED, Hostname.State.LIVE, Hostname.State.GRACE})


@dataclass(frozen=True, slots=True)
class Facts:
    """A name as its site's people know it: a hostname, a claim, or, where a quarantined one is claimed anew, both.

    `site` comes with its state. `order` is the last one of the name, `certificate` the one that serves it, a wildcard's
    too, without its chain and key.
    """

    name: str
    site: Site
    hostname: Hostname | None = None
    claim: Claim | None = None
    certificate: Certificate | None = None
    order: Order | None = None

    @property
    def shown(self) -> str:
        """In Unicode."""
        return unicode_hostname(self.name)

    @property
    def address(self) -> str:
        """What its site is called in DNS today, in Unicode."""
        return unicode_hostname(self.site.domain)

    @property
    def url(self) -> str:
        """Where readers find it, once it is served."""
        return f"{origin(self.name)}/"

    @property
    def standing(self) -> Standing | None:
        return getattr(self.hostname, "standing", None)

    @property
    def is_primary(self) -> bool:
        return self.hostname is not None and self.site.domain == self.name

    @property
    def role(self) -> str:
        if self.hostname is None and self.claim is not None and self.claim.becomes_primary:
            return "primary, once it is proven"
        return "primary" if self.is_primary else "alias"

    @property
    def is_served(self) -> bool:
        return self.hostname is not None and self.hostname.state in SERVED

    @property
    def is_retired(self) -> bool:
        return self.site.state.retired_at is not None

    @property
    def unproven(self) -> Claim | None:
        """The claim whose proof is looked for, if nothing is served without it."""
        return None if self.is_served else self.claim

    @property
    def seen(self) -> dict[str, list[str]]:
        """What DNS said last: values by record type."""
        return dict((self._looked_at.seen if self._looked_at else None) or {})

    @property
    def checked_at(self) -> datetime | None:
        return self._looked_at.checked_at if self._looked_at else None

    @property
    def problem(self) -> str:
        return self._looked_at.problem.strip() if self._looked_at else ""

    @property
    def _looked_at(self) -> Claim | Standing | None:
        return self.unproven or self.standing

    @property
    def records(self) -> list[Record]:
        """What is to be set in DNS, beside what was found."""
        if self.unproven:
            return records(self.unproven)
        return records(self.hostname) if self.hostname and self.standing else []

    @property
    def has_own_tls(self) -> bool:
        """Whether certificates are the platform's, and not of whatever ends TLS before it."""
        return bool(settings.ACME_DIRECTORY)

    @property
    def ends_soon(self) -> bool:
        """Whether its certificate should have been renewed: half of the time that was left at its turn is over."""
        one = self.certificate
        return one is not None and self.is_served and timezone.now() > one.renew_at + (one.not_after - one.renew_at) / 2


def of_names(hostnames: Iterable[Hostname], claims: Iterable[Claim] = ()) -> list[dict[str, object]]:
    """The fields of Facts of each name, by name. Two statements, however many there are.

    `hostnames` come with their standing, site and its state; `claims` with their site and its state.
    """
    taken, claimed = {one.name: one for one in hostnames}, {one.name: one for one in claims}
    certificates, orders = _certificates(taken), _orders(taken.values())
    return [
        {
            "name": name,
            "site": (taken.get(name) or claimed[name]).site,
            "hostname": taken.get(name),
            "claim": claimed.get(name),
            "certificate": certificates.get(name) or certificates.get(_wildcard(name)),
            "order": orders.get(name),
        }
        for name in sorted({*taken, *claimed})
    ]


def _wildcard(name: str) -> str:
    return f"*.{settings.SITES_DOMAIN}" if below_wildcard(name) else ""


def _certificates(names: Iterable[str]) -> dict[str, Certificate]:
    """Of names that are somebody's, so that whoever claims one learns nothing of whose it is."""
    wanted = {one for name in names for one in (name, _wildcard(name)) if one}
    found = Certificate.objects.filter(name__in=wanted) if wanted else Certificate.objects.none()
    return {one.name: one for one in found.defer("chain", "key")}


def _orders(hostnames: Iterable[Hostname]) -> dict[str, Order]:
    """The last one of each since the name is the site's: what went before was somebody else's."""
    since = Q()
    for one in hostnames:
        since |= Q(name=one.name, added_at__gte=one.added_at)
    found = Order.objects.filter(since).order_by("name", "-id").distinct("name") if since else Order.objects.none()
    return {one.name: one for one in found}
