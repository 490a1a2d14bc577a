"""How a page is answered: the site's frame around its content, and the headers that every page has.

Templates are rendered without the request, so that nothing in it, least of all a cookie, can shape a page.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language_info

from reading.menus import menu_of
from sites_core.directory import SiteEntry
from sites_core.origins import origin
from sites_core.requests import SiteRequest

# Pages are styles, pictures and words: no script can run, whatever came into a body.
CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' https: data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# Browsers ask each time; what stands between may keep a page for a minute.
FRESH = "public, max-age=0, s-maxage=60, must-revalidate"
UNKEPT = "no-cache"


def page(
    request: SiteRequest,
    template: str,
    *,
    status: int = 200,
    canonical: str = "",
    language: str = "",
    **content: Any,
) -> HttpResponse:
    """A page of the site around `content`, with one statement for its menu.

    `canonical` is an absolute URL, `language` that of the content where it is not the site's.
    """
    site = request.site
    spoken = language or site.brand.language
    frame = {
        "site": site,
        "path": request.path,
        "menu": menu_of(site.id, timezone.now()),
        "language": spoken,
        "direction": direction(spoken),
        "canonical": canonical,
        "origin": origin(site.domain),
    }
    return html(render_to_string(f"reading/{template}.html", frame | content), status=status)


def html(text: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(
        text,
        status=status,
        headers={"Content-Security-Policy": CONTENT_POLICY, "Cache-Control": FRESH if status == 200 else UNKEPT},
    )


def direction(language: str) -> str:
    """`rtl` for the languages that are known to be written so."""
    try:
        return "rtl" if get_language_info(language)["bidi"] else "ltr"
    except KeyError:
        return "ltr"


def url_of_list(site: SiteEntry, request: HttpRequest, before: object) -> str:
    """The one absolute URL of this page of a list, without whatever else stands in the query."""
    return f"{origin(site.domain)}{request.path}{f'?before={before}' if before else ''}"
