"""What a site's look is made of beside the style sheet: its colour and its icon, from the Directory alone."""

import re

from django.http import HttpResponse
from django.utils.html import format_html

from sites_core.requests import SiteRequest

_COLOUR = re.compile(r"#[0-9a-f]{6}\Z")
_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_A_DAY = "public, max-age=86400"


def style(request: SiteRequest) -> HttpResponse:
    """The brand as custom properties. An inline style would need a hole in the content policy."""
    accent = request.site.brand.accent
    # The version in the query is the colour itself: another colour is another URL.
    is_versioned = request.META.get("QUERY_STRING") == f"v={accent[1:]}"
    return HttpResponse(
        f":root {{ --brand: {accent}; }}\n" if _COLOUR.match(accent) else "",
        content_type="text/css; charset=utf-8",
        headers={"Cache-Control": _FOR_EVER if is_versioned else "no-cache"},
    )


def icon(request: SiteRequest) -> HttpResponse:
    """The first letter of the site's name on its colour."""
    site = request.site
    letter = site.name.strip()[:1].upper() or "•"
    return HttpResponse(
        format_html(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="14" '
            'fill="{}"/><text x="32" y="46" font-family="Georgia, serif" font-size="40" font-weight="700" '
            'text-anchor="middle" fill="#fff">{}</text></svg>\n',
            site.brand.accent,
            letter,
        ),
        content_type="image/svg+xml",
        headers={"Cache-Control": _FOR_A_DAY, "Content-Security-Policy": "default-src 'none'"},
    )
