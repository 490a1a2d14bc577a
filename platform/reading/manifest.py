"""The web manifest: what a device needs to keep a site beside its other applications."""

import json

from django.http import HttpResponse

from reading.answers import FRESH, kept
from reading.looks import look_of
from reading.voice import direction
from sites_core.requests import SiteRequest

_SIZES = (192, 512)


def manifest(request: SiteRequest) -> HttpResponse:
    site = request.site
    paper = look_of(site.brand).light["paper"]
    told = {
        "id": "/",
        "name": site.name,
        "short_name": site.name,
        "description": site.brand.tagline,
        "lang": site.brand.language,
        "dir": direction(site.brand.language),
        "start_url": "/",
        "scope": "/",
        # With the way back: pages have none of their own.
        "display": "minimal-ui",
        "theme_color": paper,
        "background_color": paper,
        "icons": [{"src": f"/icon-{size}.png", "sizes": f"{size}x{size}", "type": "image/png"} for size in _SIZES],
    }
    answer = HttpResponse(
        json.dumps(told, ensure_ascii=False),
        content_type="application/manifest+json; charset=utf-8",
        headers={"Cache-Control": FRESH},
    )
    return kept(request, answer, until=None)
