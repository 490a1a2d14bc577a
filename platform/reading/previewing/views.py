"""What the host of a site's previews answers."""

import json
import re
from dataclasses import replace
from typing import Any, cast

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import is_valid_path
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.html import format_html

from publishing.models import Preview
from publishing.previewing import opened
from reading import brand, heads, shelves
from reading import media as files
from reading.articles import opened_from
from reading.columns import Link
from reading.frames import FRAME, Frame, frame_from, frame_of
from reading.looks import Look, look_made_of, look_of
from reading.middleware import BrandVoice
from reading.pages import drawn, html
from reading.policies import content_policy
from reading.previewing.would_be import OPENED, NothingThere, would_be
from sites_core.directory import BrandEntry, SiteEntry
from sites_core.origins import origin
from sites_core.requests import SiteRequest

SCHEMES = ("light", "dark")
_PREFERRED = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)")


def page(request: SiteRequest, token: str) -> HttpResponseBase:
    """The page that readers would get, but for the address of its style sheet and a word to search engines."""
    preview = _opened(request, token)
    request.site = _wearing(request.site, preview)
    return BrandVoice(lambda known: _page(cast("SiteRequest", known), preview, token))(request)


def own_style(request: SiteRequest, token: str, scheme: str | None = None) -> HttpResponse:
    """The style sheet of a brand that is not stored yet, or of one that is looked at by day or by night alone."""
    preview = _opened(request, token)
    css = look_made_of(_wearing(request.site, preview).brand).css
    return HttpResponse(_by(scheme, css) if scheme else css, content_type="text/css; charset=utf-8")


def _by(scheme: str, css: str) -> str:
    """The style sheet as it holds on a device that is set to light or to dark, whichever this one is set to."""
    css = css.replace("color-scheme:light dark", f"color-scheme:{scheme}")
    return _PREFERRED.sub(lambda asked: "(min-width:0)" if asked[1] == scheme else "(max-width:0)", css)


def style(request: SiteRequest) -> HttpResponse:
    return brand.style(request)


def media(request: SiteRequest, name: str) -> FileResponse:
    return files.media(request, name)


def svg_icon(request: SiteRequest) -> HttpResponse:
    return brand.svg_icon(request)


def icon(request: SiteRequest, size: str) -> HttpResponse:
    return brand.icon(request, size)


def favicon(request: SiteRequest) -> HttpResponse:
    return brand.favicon(request)


def elsewhere(request: SiteRequest) -> HttpResponse:
    """Whatever a page links to is on the site itself. In the studio's frame it is offered: that site has no frames."""
    if not is_valid_path(request.path_info, "reading.urls"):
        raise Http404
    # From the path as Django decoded and quoted it, behind a host that is known.
    url = origin(request.site.domain) + iri_to_uri(request.get_full_path(force_append_slash=False))
    if request.headers.get("Sec-Fetch-Dest") != "iframe":
        return HttpResponseRedirect(url)
    link = format_html('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>', url, request.site.domain)
    return _note(request, 200, "This link leaves the preview", format_html("It leads to {}, in a new tab.", link))


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same whether it expired, was taken back or never was."""
    sentence = "It has expired, or whoever shared it has taken it back. Ask them for a new link."
    return _note(cast("SiteRequest", request), 404, "This preview is not here", sentence)


def _opened(request: SiteRequest, token: str) -> Preview:
    preview = opened(token=token, site_id=request.site.id)
    if preview is None:
        raise Http404
    return preview


def _page(request: SiteRequest, preview: Preview, token: str) -> HttpResponse:
    site = request.site
    look = _look(site, preview, token, request.GET.get("scheme", ""))
    if preview.article_id is None and not preview.words:
        return html(_front(site, preview, look))
    try:
        seen = would_be(preview, site)
    except NothingThere as error:
        raise Http404 from error
    found = opened_from(site, seen.slug, seen.rows_of(OPENED))
    path = f"/{seen.slug}/"
    text = drawn(
        site,
        "static_page" if found.is_page else "article",
        path=path,
        frame=_framed(frame_from(seen.rows_of(FRAME)), preview),
        look=look,
        head=heads.of_article(site, found, path)._replace(unlisted=True),
        canonical=found.canonical,
        language=found.language,
        article=found,
    )
    return html(text, policy=content_policy(found.html))


def _front(site: SiteEntry, preview: Preview, look: Look) -> str:
    now = timezone.now()
    return drawn(
        site,
        "home",
        path="/",
        frame=_framed(frame_of(site.id, now), preview),
        look=look,
        head=heads.of_front(site)._replace(unlisted=True),
        canonical=f"{origin(site.domain)}/",
        front=shelves.front(site.id, now, look.theme.front),
    )


def _wearing(site: SiteEntry, preview: Preview) -> SiteEntry:
    """The site with the preview's columns in the place of its brand's."""
    columns: dict[str, Any] = {name: value for name, value in preview.look.items() if name != "menus"}
    if "options" in columns:
        columns["options"] = json.dumps(columns["options"], sort_keys=True)
    known = BrandEntry.__dataclass_fields__.keys()
    worn = replace(site.brand, **{name: value for name, value in columns.items() if name in known})
    return replace(site, brand=worn)


def _look(site: SiteEntry, preview: Preview, token: str, scheme: str) -> Look:
    # Past the process's memory of looks, which is for brands that readers meet.
    worn = bool(preview.look.keys() - {"menus"})
    look = look_made_of(site.brand) if worn else look_of(site.brand)
    if scheme in SCHEMES:
        # A frame has its device's scheme, whatever the page around it would like.
        return replace(look, style_path=f"/{token}/{scheme}{look.style_path}")
    return replace(look, style_path=f"/{token}{look.style_path}") if worn else look


def _framed(frame: Frame, preview: Preview) -> Frame:
    if "menus" not in preview.look:
        return frame
    menus: dict[str, Any] = {
        name: tuple(Link(*item) for item in items) for name, items in preview.look["menus"].items()
    }
    if "header" in menus:
        menus["header"] = menus["header"] or frame.sections
    return replace(frame, **menus)


def _note(request: SiteRequest, status: int, heading: str, sentence: str) -> HttpResponse:
    site = request.site
    look = look_of(site.brand)
    return html(
        format_html(
            '<!doctype html><html lang="en" class="{}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">'
            '<title>{} · {}</title><link rel="stylesheet" href="{}"></head><body>'
            '<header class="masthead"><div class="frame"><div class="nameplate"><p class="name">{}</p></div></div>'
            "</header>"
            '<main id="content" class="frame"><div class="heading"><h1>{}</h1><p class="note">{}</p></div></main>'
            "</body></html>",
            look.classes, heading, site.name, look.style_path, site.name, heading, sentence,
        ),
        status=status,
    )  # fmt: skip
