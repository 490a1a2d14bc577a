"""What an answer says to those who may keep it: the page cache of this process, a CDN in front of it, browsers."""

from collections.abc import Iterable
from datetime import datetime

from django.http import HttpResponse

from sites_core.page_cache.keeping import keep
from sites_core.requests import SiteRequest

# Browsers ask each time, which an unchanged page answers without its bytes. What stands between may answer for a
# minute by itself, for half a minute more while it fetches the page anew, and for ten where it cannot be fetched: a
# front of readers outlives what is behind it. No must-revalidate, which would forbid the last two (RFC 5861).
FRESH = "public, max-age=0, s-maxage=60, stale-while-revalidate=30, stale-if-error=600"
UNKEPT = "no-cache"
FOR_A_DAY = "public, max-age=86400"
# What is named by its content.
FOR_EVER = "public, max-age=31536000, immutable"

# CDNs drop what they hold by these names. They take a header of 1 KB and more.
LONGEST_KEYS = 1024


def kept(
    request: SiteRequest, response: HttpResponse, *, until: datetime | None, about: Iterable[str] = ()
) -> HttpResponse:
    """The answer, for the page cache to hold and for a CDN to know by its site and by what else it is `about`.

    `until` is when it would be another without any row changing; None: never.
    """
    keep(request, site_id=request.site.id, until=until)
    response["Surrogate-Key"] = _keys([f"site-{request.site.id}", *about])
    return response


def earliest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment), default=None)


def _keys(names: Iterable[str]) -> str:
    keys = " ".join(names)
    if len(keys) <= LONGEST_KEYS:
        return keys
    # Whole names only; the site's stands first.
    return keys[: keys.rindex(" ", 0, LONGEST_KEYS + 1)]
