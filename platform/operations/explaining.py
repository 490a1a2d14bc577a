"""What a hostname resolves to and why, in words: `resolve` itself is asked, never imitated."""

import difflib
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django_hosts.resolvers import get_host

from sites_core.directory import SiteEntry, directory
from sites_core.hostnames import canonical_host, hostname_from_text
from sites_core.models import Hostname
from sites_core.resolving import Gone, MalformedHost, Moved, Resolved, UnknownHost, on_platform, platform_hosts, resolve
from tenants.models import Tenant

CLOSEST = 3


@dataclass(frozen=True)
class Explanation:
    """`status` is the HTTP status that the gate decides on; None where it lets the request through to a surface."""

    asked: str
    outcome: str
    because: str
    status: int | None = None
    hostname: str | None = None
    surface: str | None = None
    urlconf: str | None = None
    site: dict[str, Any] | None = None
    row: dict[str, str] | None = None
    brand: dict[str, str] | None = None
    closest: list[str] = field(default_factory=list)

    @property
    def answered(self) -> bool:
        return self.outcome not in {"unknown", "malformed"}


def explain(text: str) -> Explanation:
    """Whatever a Host header or a person may write, in any spelling."""
    name, colon, port = text.partition(":")
    try:
        header = text if text.isascii() else hostname_from_text(name) + colon + port
        return _explained(text, header)
    except (MalformedHost, ValidationError):
        return Explanation(text, "malformed", _why_malformed(text), 400)


def _explained(asked: str, header: str) -> Explanation:
    hostname = canonical_host(header, settings.HOST_PORTS)
    try:
        found = resolve(header)
    except UnknownHost:
        row = Hostname.objects.filter(name=hostname).select_related("site").first()
        closest = [] if row else _closest(hostname)
        return Explanation(asked, "unknown", _why_unknown(hostname, row), 404, hostname, closest=closest)
    except Gone as gone:
        because = f"{gone.site.domain} was retired."
        return Explanation(asked, "gone", because, 410, hostname, **_about(gone.site, hostname))
    except Moved as moved:
        because = f"It is an alias of {moved.site.domain}, to which it redirects."
        return Explanation(asked, "redirects", because, 308, hostname, **_about(moved.site, hostname))
    return _answers(asked, found)


def _answers(asked: str, found: Resolved) -> Explanation:
    urlconf = str(get_host(found.surface).urlconf)
    if found.site is None:
        because = f"It is the platform's own host for {found.surface}."
        return Explanation(asked, "answers", because, None, found.hostname, found.surface, urlconf)
    is_preview = found.surface == "preview"
    because = (
        f"It is the host of {found.site.domain}'s previews." if is_preview else "It is the primary name of a live site."
    )
    about = _about(found.site, found.hostname)
    return Explanation(asked, "answers", because, None, found.hostname, found.surface, urlconf, **about)


def _about(site: SiteEntry, hostname: str) -> dict[str, Any]:
    state = Hostname.objects.filter(site_id=site.id, name=hostname).values_list("state", flat=True).first()
    tenant = Tenant.objects.filter(ownerships__site_id=site.id).values_list("slug", flat=True).first()
    brand = site.brand
    return {
        "site": {"id": site.id, "domain": site.domain, "name": site.name, "tenant": tenant},
        "row": {"state": state or "gone", "role": "primary" if hostname == site.domain else "alias"},
        "brand": {name: getattr(brand, name) for name in ("theme", "accent", "tagline", "language", "time_zone")},
    }


def _why_malformed(text: str) -> str:
    name, colon, port = text.rpartition(":")
    if colon and port.isdigit():
        served = ", ".join(str(port) for port in sorted(settings.HOST_PORTS))
        text, fallback = name, f"Port {port} is not one that is served here: {served}."
    else:
        fallback = "It is longer than a Host header may be, or has white space around it."
    try:
        hostname_from_text(text)
    except ValidationError as error:
        return str(error.messages[0])
    return fallback


def _why_unknown(hostname: str, row: Hostname | None) -> str:
    surfaces = ", ".join(sorted(settings.SURFACES))
    if on_platform(hostname):
        front = hostname.removesuffix(settings.PLATFORM_DOMAIN).removesuffix(".")
        if front in settings.SURFACE_MIDDLEWARE and front not in {"reader", "preview"}:
            return f"It is the platform's host for {front}, which this process does not serve (SURFACES: {surfaces})."
        own = ", ".join(sorted(platform_hosts()))
        return f"At and below {settings.PLATFORM_DOMAIN} only the platform's own hosts answer: {own}."
    if "reader" not in settings.SURFACES:
        return f"This process serves no sites (SURFACES: {surfaces})."
    if row is None:
        return "No site has this name. `manage.py site add` adds one."
    if row.state in {Hostname.State.PENDING, Hostname.State.QUARANTINED}:
        return f"It belongs to {row.site.domain}, but its state is {row.state}, in which no name is served."
    return f"It belongs to {row.site.domain}, but this process serves another site alone (SITE_ID)."


def _closest(hostname: str) -> list[str]:
    known = [*directory.names().by_hostname, *platform_hosts()]
    return difflib.get_close_matches(hostname, known, CLOSEST, cutoff=0.7)
