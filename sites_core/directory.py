"""Which hostname is which site, and which generation each is at: in the memory of each process, never a second old.

Database triggers raise one number with every change to sites, hostnames and brands, and a site's generation with every
change that its readers could see. Twice a second a process asks, in one statement, for that number and for the
generations that moved; only when the number has moved it loads the names again. Looking a host up therefore costs no
SQL, an unknown one costs the same as a known one, and memory is bounded by the number of real hostnames.
"""

import itertools
import logging
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection

log = logging.getLogger(__name__)

# A change is promised to be seen within a second; half of it is left for the question, the page and the way.
POLL_SECONDS = 0.5
# How long the first requests of a process wait for the thread that loads the names.
PATIENCE_SECONDS = 0.25


class DirectoryUnavailable(Exception):
    """The names were never loaded: the database has not answered since this process started."""


@dataclass(frozen=True, slots=True)
class BrandEntry:
    """The columns of Brand, in the order of _LOOK. `options` is JSON as PostgreSQL writes it, the same for the same."""

    theme: str = "journal"
    accent: str = "#1f4e79"
    tagline: str = ""
    language: str = "en"
    time_zone: str = "UTC"
    options: str = "{}"
    fonts: str = ""
    accent_dark: str = ""
    paper: str = ""
    ink: str = ""
    paper_dark: str = ""
    ink_dark: str = ""
    logo: str = ""
    logo_width: int = 0
    logo_height: int = 0
    date_style: str = "long"


@dataclass(frozen=True, slots=True)
class SiteEntry:
    """A site as a request sees it. `id` and `pk` are the primary key of the `Site` row."""

    id: int
    domain: str
    name: str
    retired: bool
    brand: BrandEntry

    @property
    def pk(self) -> int:
        return self.id

    def __str__(self) -> str:
        return self.domain


@dataclass(frozen=True, slots=True)
class Names:
    """One version of the map: every hostname that is served, every site and its generation by primary key.

    `generations` alone changes between versions: each poll writes into it what moved.
    """

    version: int
    by_hostname: Mapping[str, SiteEntry]
    by_id: Mapping[int, SiteEntry]
    generations: dict[int, int]


# What was stamped at or after the oldest transaction that still ran at the last poll: what has committed since is among
# it. Any other stamp of the future comes from a dump of another cluster, whose transactions had other numbers.
_POLL = """
    SELECT (SELECT version FROM sites_core_directoryversion), pg_snapshot_xmin(snapshot)::text::bigint,
           (SELECT array_agg(ARRAY[site_id, generation]) FROM sites_core_sitestate
             WHERE changed >= %s AND (changed < pg_snapshot_xmax(snapshot)::text::bigint
                                      OR changed = pg_current_xact_id_if_assigned()::text::bigint))
      FROM pg_current_snapshot() AS snapshot
"""
_LOOK = """
    brand.theme, brand.accent, brand.tagline, brand.language, brand.time_zone, brand.options::text, brand.fonts,
    brand.accent_dark, brand.paper, brand.ink, brand.paper_dark, brand.ink_dark, brand.logo, brand.logo_width,
    brand.logo_height, brand.date_style
"""
_NAMES = f"""
    SELECT hostname.name, site.id, site.domain, site.name, state.retired_at IS NOT NULL, state.generation, {_LOOK}
      FROM sites_core_hostname hostname
      JOIN django_site site ON site.id = hostname.site_id
      JOIN sites_core_sitestate state ON state.site_id = site.id
      JOIN sites_core_brand brand ON brand.site_id = site.id
     WHERE hostname.state IN ('verified', 'live', 'grace')
"""  # noqa: S608 -- made of constants
_ONE_SITE = " AND site.id = %s"


class Directory:
    """The process's map of hostnames. Safe to share between threads; each refresh replaces the map as a whole."""

    def __init__(self) -> None:
        self._polling = threading.Lock()
        self._names: Names | None = None
        self._due = 0.0
        self._checked = 0.0
        # The oldest transaction that still ran at the last poll.
        self._running: int | None = None

    def names(self) -> Names:
        """The map, at most half a second old while the database answers, and the last one known while it does not."""
        # With a map at hand nobody waits for the thread that polls: the database may be taking its time.
        patience = PATIENCE_SECONDS if self._names is None else 0.0
        if time.monotonic() >= self._due and self._polling.acquire(timeout=patience):
            try:
                if time.monotonic() >= self._due:
                    self._poll()
            finally:
                self._polling.release()
        if self._names is None:
            raise DirectoryUnavailable("No hostname is known: the database has not answered since the start.")
        return self._names

    def expire(self) -> None:
        """Let the next look-up ask the database, however young the map is."""
        self._due = 0.0

    def forget(self) -> None:
        """Start again from nothing, as a new process does."""
        self._names = None
        self._due = 0.0

    @property
    def age(self) -> float:
        """Seconds since the database last confirmed the map."""
        return time.monotonic() - self._checked if self._names else float("inf")

    def _poll(self) -> None:
        asked = time.monotonic()
        try:
            self._refresh()
            # Counted from before the question, so that a change is never seen later than a second after its commit.
            self._checked, self._due = asked, asked + POLL_SECONDS
        except DatabaseError as error:
            # Counted from now: a database that takes its time to fail must not be asked again by the next request.
            self._due = time.monotonic() + POLL_SECONDS
            log.warning("The hostnames could not be refreshed, the last ones known stay in force: %s", error)
        finally:
            # The page cache asks before Django's request begins, and Django gives a connection back when one ends.
            if not connection.in_atomic_block:
                connection.close()

    def _refresh(self) -> None:
        with connection.cursor() as cursor:
            # The numbers first: a change between the two statements is loaded now and again at the next poll.
            cursor.execute(_POLL, [self._running])
            version, running, moved = cursor.fetchone()
        # No version: the tables were emptied. The first change to a site writes it again.
        if self._names is None or self._names.version != (version or 0):
            self._load(version or 0)
        else:
            self._names.generations.update(moved or ())
        self._running = running

    def _load(self, version: int) -> None:
        only = getattr(settings, "SITE_ID", None)
        # By the chunk: 50,000 rows at once would leave the process three times as large as the map.
        with connection.chunked_cursor() as cursor:
            cursor.execute(_NAMES + (_ONE_SITE if only is not None else ""), [only] if only is not None else [])
            rows = itertools.chain.from_iterable(iter(lambda: cursor.fetchmany(1000), []))
            self._names = _names_of(version, rows)


def _names_of(version: int, rows: Iterable[tuple[Any, ...]]) -> Names:
    by_hostname: dict[str, SiteEntry] = {}
    by_id: dict[int, SiteEntry] = {}
    generations: dict[int, int] = {}
    brands: dict[tuple[Any, ...], BrandEntry] = {}
    for hostname, site_id, domain, name, retired, generation, *look in rows:
        site = by_id.get(site_id)
        if site is None:
            # Sites that look alike share one value: thousands of free sites carry the default brand.
            brand = brands.get(tuple(look)) or brands.setdefault(tuple(look), BrandEntry(*look))
            site = by_id[site_id] = SiteEntry(site_id, domain, name, retired, brand)
            generations[site_id] = generation
        # The primary hostname is the domain: one string for both.
        by_hostname[site.domain if hostname == site.domain else hostname] = site
    return Names(version, MappingProxyType(by_hostname), MappingProxyType(by_id), generations)


directory = Directory()
