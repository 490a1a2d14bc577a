"""Django's `get_current_site()`, answered from the Directory.

The stock cache is keyed by the raw Host, grows without bound, is stale in other processes and is cleared before the
commit. In its place stands a mapping that stores nothing.
"""

from collections.abc import Iterator, MutableMapping

from django.conf import settings
from django.contrib.sites.models import Site

from sites_core.directory import SiteEntry, directory
from sites_core.hostnames import MalformedHost, canonical_host
from sites_core.resolving import platform_hosts


class DirectorySites(MutableMapping[int | str, Site]):
    """Site by primary key or by host, as `django.contrib.sites.models.SITE_CACHE` is asked."""

    def __contains__(self, key: object) -> bool:
        # "Not here" would send Django to the database with two sequential scans for each unknown host.
        return True

    def __getitem__(self, key: int | str) -> Site:
        hostname = "" if isinstance(key, int) else _hostname(key)
        if hostname in platform_hosts():
            # Django's sign-in pages ask for it. Like RequestSite a name without a row, so nothing can be linked to it.
            return Site(domain=hostname, name="Masthead")
        names = directory.names()
        entry = names.by_id.get(key) if isinstance(key, int) else names.by_hostname.get(hostname)
        if entry is None:
            raise Site.DoesNotExist(f"No site is known as {key!r}.")
        return _site(entry)

    def __setitem__(self, key: int | str, value: Site) -> None:
        """Nothing is kept: the Directory already has it."""

    def __delitem__(self, key: int | str) -> None:
        """Nothing was kept."""

    def __iter__(self) -> Iterator[int | str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def expire_directory(manager: object = None) -> None:
    """In place of `SiteManager.clear_cache`."""
    directory.expire()


def _hostname(host: str) -> str:
    try:
        return canonical_host(host, settings.HOST_PORTS)
    except MalformedHost:
        return ""


def _site(entry: SiteEntry) -> Site:
    # A fresh object each time: a row that threads share would carry one request's changes into another's.
    return Site.from_db("default", ["id", "domain", "name"], [entry.id, entry.domain, entry.name])
