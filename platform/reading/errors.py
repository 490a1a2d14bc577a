"""The answers that are no page of a site. Each is made with as little as may still be working."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import is_valid_path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reading.answers import FRESH
from reading.asking import rows_of
from reading.looks import look_of
from reading.pages import html, page
from reading.shown import ANSWERED
from reading.voice import direction
from sites_core.directory import SiteEntry
from sites_core.requests import SiteRequest

LONGEST_PATH = 500
# Where the ledger says that a path moved, unless an article is there that readers may not know of: the pattern takes
# the slug out of an article's path.
_TARGET = rf"""
SELECT target FROM publishing_redirect moved
       LEFT JOIN LATERAL (
           SELECT {ANSWERED} AS is_answered FROM publishing_placement placement
            WHERE placement.site_id = %(site)s
              AND placement.slug = substring(moved.target FROM '^/([^/?#]+)/?(?:[?#].*)?$')
       ) there ON true
 WHERE moved.site_id = %(site)s AND moved.path = %(path)s AND there.is_answered IS NOT FALSE
"""  # noqa: S608 -- made of constants


def not_found(request: SiteRequest, exception: Exception) -> HttpResponse:
    """404, unless the ledger knows where the path moved or a slash is all that it lacks."""
    if not hasattr(request, "site"):
        return _plain(None, 404, _("Not found"), "")
    target = _moved_to(request)
    if target and request.method in ("GET", "HEAD"):
        url = _with_query(target, request.META.get("QUERY_STRING", ""))
        # Without a word about keeping, browsers keep a 301 for ever, also when the page has come back.
        return HttpResponsePermanentRedirect(url, headers={"Cache-Control": FRESH})
    return page(request, "not_found", now=timezone.now(), status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _plain(request, 400, _("Bad request"), _("This address cannot be read."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _plain(request, 403, _("Forbidden"), "")


def server_error(request: HttpRequest) -> HttpResponse:
    answer = _plain(
        request, 500, _("Something is broken"), _("It is not your doing. Please try again in a few minutes.")
    )
    answer["Cache-Control"] = "no-store"
    return answer


def _moved_to(request: SiteRequest) -> str | None:
    path = request.path
    if len(path) > LONGEST_PATH or "\0" in path:
        return None
    target = _told_target(request.site.id, path)
    # What the reader's URLs match begins with one slash: such a path cannot name another host.
    if target is None and not path.endswith("/") and is_valid_path(f"{path}/"):
        return f"{path}/"
    return target


def _told_target(site_id: int, path: str) -> str | None:
    rows = rows_of(site_id, _TARGET, path=path, now=timezone.now())
    return rows[0][0] if rows else None


def _with_query(target: str, query: str) -> str:
    return f"{target}{'&' if '?' in target else '?'}{query}" if query else target


def _plain(request: HttpRequest | None, status: int, title: str, sentence: str) -> HttpResponse:
    """No database, no template, no query string: each of them may be what is broken. The look is in memory."""
    site: SiteEntry | None = getattr(request, "site", None)
    name = site.name if site else "Masthead"
    look = look_of(site.brand) if site else None
    style = format_html('<link rel="stylesheet" href="{}">', look.style_path) if look else ""
    language = get_language() or "en"
    return html(
        format_html(
            '<!doctype html><html lang="{}" dir="{}" class="{}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">'
            '<title>{} · {}</title>{}</head><body><header class="masthead"><div class="frame"><div class="nameplate">'
            '<p class="name"><a href="/">{}</a></p></div></div></header>'
            '<main id="content" class="frame"><div class="heading"><h1>{}</h1><p class="note">{}</p></div>'
            '<p class="ways"><a href="/">{}</a></p></main></body></html>',
            language, direction(language), look.classes if look else "", title, name, style, name, title, sentence,
            _("The newest articles"),
        ),
        status=status,
    )  # fmt: skip
