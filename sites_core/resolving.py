"""From a raw Host header to what it stands for: a surface or a site, or a named refusal."""

from dataclasses import dataclass

from django.conf import settings

from sites_core.directory import SiteEntry, directory
from sites_core.hostnames import MalformedHost, canonical_host
from sites_core.previews import site_previewed_on

__all__ = ["Gone", "MalformedHost", "Moved", "Resolved", "UnknownHost", "on_platform", "platform_hosts", "resolve"]


class UnknownHost(LookupError):
    """No site and no surface of this process has this hostname."""


@dataclass(eq=False)
class Moved(Exception):
    """An alias: the site's pages live at its primary hostname."""

    site: SiteEntry


@dataclass(eq=False)
class Gone(Exception):
    """The site was retired."""

    site: SiteEntry


@dataclass(frozen=True, slots=True)
class Resolved:
    """What answers: `surface` names the front; `site` is set on the reader's and the previews'."""

    hostname: str
    surface: str
    site: SiteEntry | None = None


def platform_hosts() -> dict[str, str]:
    """The platform's own hostnames that this process serves, each with its surface."""
    return {f"{surface}.{settings.PLATFORM_DOMAIN}": surface for surface in settings.SURFACES if surface != "reader"}


def on_platform(hostname: str) -> bool:
    """Whether a canonical hostname is the platform's domain or below it, where no site can be, whatever a row says."""
    return hostname == settings.PLATFORM_DOMAIN or hostname.endswith(f".{settings.PLATFORM_DOMAIN}")


def resolve(header: str) -> Resolved:
    """What a Host header names. Raises MalformedHost, UnknownHost, Moved or Gone; costs no SQL."""
    hostname = canonical_host(header, settings.HOST_PORTS)
    if surface := platform_hosts().get(hostname):
        return Resolved(hostname, surface)
    if on_platform(hostname) or "reader" not in settings.SURFACES:
        raise UnknownHost(hostname)
    names = directory.names()
    site = names.by_hostname.get(hostname)
    if site is None:
        if previewed := site_previewed_on(hostname, names):
            return Resolved(hostname, "preview", previewed)
        raise UnknownHost(hostname)
    if site.retired:
        raise Gone(site)
    if hostname != site.domain:
        raise Moved(site)
    return Resolved(hostname, "reader", site)
