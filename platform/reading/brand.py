"""What a site's look is made of beside its pages: its style sheet, its icons, the card by which others share it."""

from pathlib import Path

from django.http import HttpResponse
from django.utils.html import format_html

from publishing.images import media_path
from reading import emblems
from reading.answers import FOR_A_DAY, FOR_EVER, UNKEPT, kept
from reading.looks import look_of
from reading.owning import owner_of
from sites_core.requests import SiteRequest

_PICTURE = {
    "Cache-Control": FOR_A_DAY,
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}


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


def svg_icon(request: SiteRequest) -> HttpResponse:
    """The first letter of the site's name on its colour: sharp at every size. A square logo is the PNG icons' alone."""
    site = request.site
    shades = look_of(site.brand).light
    svg = format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="14" '
        'fill="{}"/><text x="32" y="46" font-family="Georgia, serif" font-size="40" font-weight="700" '
        'text-anchor="middle" fill="{}">{}</text></svg>\n',
        shades["brand"],
        shades["on-brand"],
        site.name.strip()[:1].upper() or "•",
    )
    return kept(request, HttpResponse(svg, content_type="image/svg+xml", headers=_PICTURE), until=None)


def icon(request: SiteRequest, size: str) -> HttpResponse:
    return _picture(request, emblems.icon(_emblem(request), int(size)), "image/png")


def favicon(request: SiteRequest) -> HttpResponse:
    """What browsers ask for at an address of their own."""
    return _picture(request, emblems.icon(_emblem(request), 32, "ICO"), "image/x-icon")


def share(request: SiteRequest) -> HttpResponse:
    return _picture(request, emblems.share(_emblem(request)), "image/png")


def _picture(request: SiteRequest, data: bytes, content_type: str) -> HttpResponse:
    return kept(request, HttpResponse(data, content_type=content_type, headers=_PICTURE), until=None)


def _emblem(request: SiteRequest) -> emblems.Emblem:
    return emblems.Emblem(request.site, _logo(request))


def _logo(request: SiteRequest) -> Path | None:
    look = look_of(request.site.brand)
    owner = owner_of(request.site.id) if look.logo else None
    path = media_path(owner, look.logo.rpartition("/")[2]) if owner else None
    # Not by its name alone: what is drawn without it would be held as drawn with it.
    return path if path and path.is_file() else None
