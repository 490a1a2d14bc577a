"""The reader's pages. Each decides what it shows and leaves the how to templates."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.utils import timezone

from reading import heads, months, searching, shelves, vocabulary
from reading.articles import NotHere, Recalled, opened
from reading.cursors import BrokenCursor, Cursor, cursor_from
from reading.heads import Head
from reading.looks import look_of
from reading.pages import page, url_of_list
from reading.policies import content_policy
from reading.shelves import Heading, Shelf
from sites_core.directory import SiteEntry
from sites_core.origins import origin
from sites_core.requests import SiteRequest


def home(request: SiteRequest) -> HttpResponse:
    now, before = timezone.now(), _before(request)
    if before:
        shelf = shelves.newest(request.site.id, now, before)
        return _list(request, "newest", shelf, before, heads.of_newest, now=now)
    front = shelves.front(request.site.id, now, look_of(request.site.brand).theme.front)
    url, head = url_of_list(request.site, request, None), heads.of_front(request.site)
    return page(request, "home", now=now, head=head, canonical=url, front=front)


def article(request: SiteRequest, slug: str) -> HttpResponse:
    now = timezone.now()
    try:
        found = opened(request.site, slug, now)
    except Recalled:
        return page(request, "gone", now=now, status=410)
    except NotHere as error:
        raise Http404 from error
    return page(
        request,
        "static_page" if found.is_page else "article",
        now=now,
        head=heads.of_article(request.site, found, request.path),
        canonical=found.canonical,
        language=found.language,
        until=found.until,
        about=[f"article-{found.id}", *(f"topic-{key}" for key in found.topic_ids)],
        policy=content_policy(found.html),
        article=found,
    )


def section(request: SiteRequest, slug: str) -> HttpResponse:
    now, before = timezone.now(), _before(request)
    shelf = shelves.of_section(request.site.id, now, before, slug)
    return _list(request, "section", shelf, before, heads.of_section, now=now, may_be_empty=before is None)


def topic(request: SiteRequest, slug: str) -> HttpResponse:
    now, before = timezone.now(), _before(request)
    shelf = shelves.of_topic(request.site.id, now, before, slug)
    about = [f"topic-{shelf.heading.id}"] if shelf and shelf.heading else []
    return _list(request, "topic", shelf, before, heads.of_topic, now=now, about=about)


def topics(request: SiteRequest) -> HttpResponse:
    now = timezone.now()
    found = vocabulary.topics(request.site.id, now)
    url = url_of_list(request.site, request, None)
    return page(request, "topics", now=now, head=heads.of_topics(request.site, url), canonical=url, topics=found)


def byline(request: SiteRequest, slug: str) -> HttpResponse:
    now, before = timezone.now(), _before(request)
    shelf = shelves.of_byline(request.site.id, now, before, slug)
    return _list(request, "byline", shelf, before, heads.of_byline, now=now)


def archive(request: SiteRequest) -> HttpResponse:
    now = timezone.now()
    years = months.years_of(request.site.id, now)
    url = url_of_list(request.site, request, None)
    return page(request, "archive", now=now, head=heads.of_archive(request.site, url), canonical=url, years=years)


def month(request: SiteRequest, year: str, month: str) -> HttpResponse:
    now, before = timezone.now(), _before(request)
    try:
        start, end = months.bounds(int(year), int(month))
    except ValueError as error:
        raise Http404 from error
    shelf = shelves.between(request.site.id, now, before, start, end)
    return _list(request, "month", shelf, before, partial(heads.of_month, month=start), now=now, month=start)


def search(request: SiteRequest) -> HttpResponse:
    if "\0" in request.GET.get("q", ""):
        raise BadRequest("A search cannot contain NUL.")
    now = timezone.now()
    try:
        question = searching.question_from(request.GET)
        results = searching.found(request.site, question, now) if question.words else None
    except searching.Unanswerable as error:
        raise Http404 from error
    return page(
        request,
        "search",
        now=now,
        head=heads.of_search(request.site),
        canonical=f"{origin(request.site.domain)}/search/",
        question=question,
        results=results,
        suggestions=None if results and results.matches else searching.suggested(request.site, now),
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
    shelf: Shelf | None,
    before: Cursor | None,
    head: Callable[[SiteEntry, str, Heading | None], Head],
    *,
    may_be_empty: bool = False,
    **content: Any,
) -> HttpResponse:
    """A list that is empty is missing: that a topic exists elsewhere, or will, is nobody's business."""
    if shelf is None or not (shelf.cards or may_be_empty):
        raise Http404
    url = url_of_list(request.site, request, before)
    described = head(request.site, url, shelf.heading)
    return page(request, template, head=described, canonical=url, shelf=shelf, before=before, **content)
