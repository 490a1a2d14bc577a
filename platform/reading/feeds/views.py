"""The feeds' addresses: of the site, or of the topic that a slug names."""

from django.http import Http404, HttpResponse
from django.utils import timezone

from reading.answers import FRESH, kept
from reading.feeds import entries
from reading.feeds.formats import ATOM, JSON, RSS, Channel, Format
from reading.frames import frame_of
from reading.xml import possible
from sites_core.origins import origin
from sites_core.requests import SiteRequest


def rss(request: SiteRequest, slug: str | None = None) -> HttpResponse:
    return _feed(request, RSS, slug)


def atom(request: SiteRequest, slug: str | None = None) -> HttpResponse:
    return _feed(request, ATOM, slug)


def json(request: SiteRequest, slug: str | None = None) -> HttpResponse:
    return _feed(request, JSON, slug)


def _feed(request: SiteRequest, form: Format, slug: str | None) -> HttpResponse:
    site, now = request.site, timezone.now()
    home, name = origin(site.domain), possible(site.name)
    title, page, about = name, "/", []
    if slug is None:
        found = entries.newest(site, now)
    else:
        filed = entries.of_topic(site, now, slug)
        if filed is None:
            raise Http404
        found = filed.entries
        title, page, about = f"{filed.topic} · {name}", f"/topics/{slug}/", [f"topic-{filed.topic_id}"]
    channel = Channel(
        title=title,
        description=possible(site.brand.tagline),
        publisher=name,
        page_url=f"{home}{page}",
        url=f"{home}{request.path}",
        icon=f"{home}/icon-512.png",
        language=site.brand.language,
        entries=found,
    )
    answer = HttpResponse(form.written(channel), content_type=form.content_type, headers={"Cache-Control": FRESH})
    return kept(request, answer, until=frame_of(site.id, now).until, about=about)
