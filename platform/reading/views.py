"""The reader's pages. Each decides what it shows and leaves the how to templates."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.utils import timezone

from reading import months, searching, shelves, vocabulary
from reading.articles import NotHere, Recalled, opened
from reading.cursors import BrokenCursor, Cursor, cursor_from
from reading.pages import page, url_of_list
from reading.shelves import Shelf
from sites_core.origins import origin
from sites_core.requests import SiteRequest


def home(request: SiteRequest) -> HttpResponse:
    before = _before(request)
    shelf = shelves.newest(request.site.id, timezone.now(), before)
    # A site may be new and empty; a page of its past may not.
    return _list(request, "home", shelf, before, may_be_empty=before is None)


def article(request: SiteRequest, slug: str) -> HttpResponse:
    try:
        found = opened(request.site, slug, timezone.now())
    except Recalled:
        return page(request, "gone", status=410)
    except NotHere as error:
        raise Http404 from error
    template = "static_page" if found.is_page else "article"
    return page(request, template, canonical=found.canonical, language=found.language, article=found)


def section(request: SiteRequest, slug: str) -> HttpResponse:
    before = _before(request)
    heading = vocabulary.section(request.site.id, slug) or _missing()
    shelf = shelves.of_section(request.site.id, timezone.now(), before, heading.id)
    return _list(request, "section", shelf, before, may_be_empty=before is None, heading=heading)


def topic(request: SiteRequest, slug: str) -> HttpResponse:
    before = _before(request)
    heading = vocabulary.topic(request.site.id, slug) or _missing()
    shelf = shelves.of_topic(request.site.id, timezone.now(), before, heading.id)
    return _list(request, "topic", shelf, before, heading=heading)


def topics(request: SiteRequest) -> HttpResponse:
    found = vocabulary.topics(request.site.id, timezone.now())
    return page(request, "topics", canonical=url_of_list(request.site, request, None), topics=found)


def byline(request: SiteRequest, slug: str) -> HttpResponse:
    before = _before(request)
    heading = vocabulary.byline(request.site.id, slug) or _missing()
    shelf = shelves.of_byline(request.site.id, timezone.now(), before, heading.id)
    return _list(request, "byline", shelf, before, heading=heading)


def archive(request: SiteRequest) -> HttpResponse:
    years = months.years_of(request.site.id, timezone.now())
    return page(request, "archive", canonical=url_of_list(request.site, request, None), years=years)


def month(request: SiteRequest, year: str, month: str) -> HttpResponse:
    before = _before(request)
    try:
        start, end = months.bounds(int(year), int(month))
    except ValueError as error:
        raise Http404 from error
    shelf = shelves.between(request.site.id, timezone.now(), before, start, end)
    return _list(request, "month", shelf, before, month=start)


def search(request: SiteRequest) -> HttpResponse:
    typed = request.GET.get("q", "")
    if "\0" in typed:
        raise BadRequest("A search cannot contain NUL.")
    words = searching.cut(typed)
    cards = searching.found(request.site, words, timezone.now()) if words else []
    return page(
        request,
        "search",
        canonical=f"{origin(request.site.domain)}/search/",
        words=words,
        cards=cards,
        is_cut=len(cards) == searching.CARDS,
        longest=searching.LONGEST_QUERY,
    )


def _before(request: SiteRequest) -> Cursor | None:
    text = request.GET.get("before")
    if text is None:
        return None
    try:
        return cursor_from(text)
    except BrokenCursor as error:
        raise Http404 from error


def _list(
    request: SiteRequest,
    template: str,
    shelf: Shelf,
    before: Cursor | None,
    *,
    may_be_empty: bool = False,
    **content: Any,
) -> HttpResponse:
    """A list that is empty is missing: that a topic exists elsewhere, or will, is nobody's business."""
    if not shelf.cards and not may_be_empty:
        raise Http404
    canonical = url_of_list(request.site, request, before)
    return page(request, template, canonical=canonical, shelf=shelf, before=before, **content)


def _missing() -> vocabulary.Heading:
    raise Http404
