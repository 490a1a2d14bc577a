"""What a site's look is made of beside the style sheet: its colour and its icon, from the Directory alone."""

import re

from django.http import HttpResponse
from django.utils.html import format_html

from reading.answers import FOR_A_DAY, FOR_EVER, UNKEPT, kept
from sites_core.requests import SiteRequest

_COLOUR = re.compile(r"#[0-9a-f]{6}\Z")


def style(request: SiteRequest) -> HttpResponse:
    """The brand as custom properties. An inline style would need a hole in the content policy."""
    accent = request.site.brand.accent
    # The version in the query is the colour itself: another colour is another URL.
    version = request.GET.get("v")
    is_versioned = version == accent[1:]
    answer = HttpResponse(
        f":root {{ --brand: {accent}; }}\n" if _COLOUR.match(accent) else "",
        content_type="text/css; charset=utf-8",
        headers={"Cache-Control": FOR_EVER if is_versioned else UNKEPT},
    )
    # Not under each version that somebody may think of.
    return kept(request, answer, until=None) if is_versioned or version is None else answer


def icon(request: SiteRequest) -> HttpResponse:
    """The first letter of the site's name on its colour."""
    site = request.site
    letter = site.name.strip()[:1].upper() or "•"
    answer = HttpResponse(
        format_html(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="14" '
            'fill="{}"/><text x="32" y="46" font-family="Georgia, serif" font-size="40" font-weight="700" '
            'text-anchor="middle" fill="#fff">{}</text></svg>\n',
            site.brand.accent,
            letter,
        ),
        content_type="image/svg+xml",
        headers={"Cache-Control": FOR_A_DAY, "Content-Security-Policy": "default-src 'none'"},
    )
    return kept(request, answer, until=None)
