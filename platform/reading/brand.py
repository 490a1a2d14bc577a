"""What a site's look is made of beside its pages: its style sheet and its icon, from the Directory alone."""

from django.http import HttpResponse
from django.utils.html import format_html

from reading.answers import FOR_A_DAY, FOR_EVER, UNKEPT, kept
from reading.looks import look_of
from sites_core.requests import SiteRequest


def style(request: SiteRequest) -> HttpResponse:
    """The brand's style sheet as it is now; a page that was made a moment ago may ask for it by an older name."""
    look = look_of(request.site.brand)
    is_current = request.path == look.style_path
    answer = HttpResponse(
        look.css,
        content_type="text/css; charset=utf-8",
        headers={"Cache-Control": FOR_EVER if is_current else UNKEPT},
    )
    # Not under each name that somebody may think of.
    return kept(request, answer, until=None) if is_current else answer


def icon(request: SiteRequest) -> HttpResponse:
    """The first letter of the site's name on its colour."""
    site = request.site
    shades = look_of(site.brand).light
    answer = HttpResponse(
        format_html(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="14" '
            'fill="{}"/><text x="32" y="46" font-family="Georgia, serif" font-size="40" font-weight="700" '
            'text-anchor="middle" fill="{}">{}</text></svg>\n',
            shades["brand"],
            shades["on-brand"],
            site.name.strip()[:1].upper() or "•",
        ),
        content_type="image/svg+xml",
        headers={"Cache-Control": FOR_A_DAY, "Content-Security-Policy": "default-src 'none'"},
    )
    return kept(request, answer, until=None)
