"""The first middleware: decides about the host before anything else of Django runs."""

from collections import Counter
from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.encoding import iri_to_uri

from sites_core.directory import DirectoryUnavailable
from sites_core.origins import authority, origin
from sites_core.requests import SiteRequest
from sites_core.resolving import Gone, MalformedHost, Moved, Resolved, UnknownHost, resolve

# How many requests were turned away, by outcome. Counted in place of a log line or a mail each.
refused: Counter[str] = Counter()


class PermanentRedirect(HttpResponse):
    """308: like 301, but a POST stays a POST."""

    status_code = 308

    def __init__(self, location: str) -> None:
        super().__init__(headers={"Location": location})


class SiteGate:
    """Refuse what is not a known host; hand on everything else with one canonical spelling.

    Afterwards `request.surface` names the front, a reader's request has `request.site`, and `request.get_host()`
    answers the canonical name whichever way the client wrote it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            found = resolve(request.META.get("HTTP_HOST", ""))
        except MalformedHost:
            return _refuse("malformed", 400, "Bad request: the Host header names no hostname.\n")
        except UnknownHost:
            return _refuse("unknown", 404, "Not found: no site of this name is served here.\n")
        except Gone:
            return _refuse("gone", 410, "Gone: this site has been retired.\n")
        except Moved as moved:
            refused["moved"] += 1
            return PermanentRedirect(origin(moved.site.domain) + _same_page(request))
        except DirectoryUnavailable:
            return _refuse("unavailable", 503, "Unavailable: the database does not answer yet.\n", {"Retry-After": "2"})
        if found.surface == "internal" and "HTTP_X_FORWARDED_FOR" in request.META:
            # Probes come straight to the server; what has passed an edge comes from outside.
            return _refuse("unknown", 404, "Not found: no site of this name is served here.\n")
        return self.get_response(_introduced(request, found))


def _introduced(request: HttpRequest, found: Resolved) -> HttpRequest:
    known = cast("SiteRequest", request)
    known.surface = found.surface
    if found.site is not None:
        known.site = found.site
    request.META["HTTP_HOST"] = authority(found.hostname)
    return request


def _same_page(request: HttpRequest) -> str:
    # From the path as Django decoded and re-quoted it, so that no control character reaches the header.
    return iri_to_uri(request.get_full_path(force_append_slash=False))


def _refuse(outcome: str, status: int, sentence: str, headers: dict[str, str] | None = None) -> HttpResponse:
    refused[outcome] += 1
    return HttpResponse(
        sentence,
        status=status,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"} | (headers or {}),
    )
