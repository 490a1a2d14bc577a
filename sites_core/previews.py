"""Where a site's previews are: on a host of their own, which is no hostname of the site and below no domain of its.

Pages of unsaved words are shown there, so it must share no cookie with the studio and no cache with readers. It is
below SITES_DOMAIN, which is another registrable domain than the platform's, and stands in no table.
"""

import re

from django.conf import settings

from sites_core.directory import Names, SiteEntry
from sites_core.origins import origin

# Digits as they are written: one name a site, not one for each number of zeros before it.
_NAME = re.compile(r"preview-([1-9][0-9]{0,9})\Z", re.ASCII)
_RESERVED = re.compile(r"(?:.*\.)?preview-[0-9]+\Z", re.ASCII)


def preview_host(site_id: int) -> str:
    """The hostname of the site's previews."""
    return f"preview-{site_id}.{settings.SITES_DOMAIN}"


def preview_origin(site_id: int) -> str:
    """Scheme and authority of the host of the site's previews."""
    return origin(preview_host(site_id))


def site_previewed_on(hostname: str, names: Names) -> SiteEntry | None:
    """The site whose previews a canonical hostname is for; None where there is no such site, or it was retired."""
    below = f".{settings.SITES_DOMAIN}"
    match = _NAME.match(hostname.removesuffix(below)) if hostname.endswith(below) else None
    site = names.by_id.get(int(match[1])) if match else None
    return None if site is None or site.retired else site


def is_for_previews(hostname: str) -> bool:
    """Whether a canonical hostname is kept for previews, of whatever site, or below such a one: no site may have it."""
    below = f".{settings.SITES_DOMAIN}"
    return hostname.endswith(below) and bool(_RESERVED.match(hostname.removesuffix(below)))
