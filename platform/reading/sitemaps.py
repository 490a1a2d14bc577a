"""What crawlers read: which pages there are, and what they need not fetch."""

from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone

from reading.answers import FRESH, earliest, kept
from reading.asking import rows_of
from reading.canonical import CANONICAL, NEXT_ELSEWHERE
from reading.columns import ARTICLE, CHANGED
from reading.frames import frame_of
from reading.shown import LIVE
from sites_core.directory import SiteEntry
from sites_core.origins import origin
from sites_core.requests import SiteRequest

# The protocol allows 50,000 URLs a file; the home page is one of them.
MOST_PAGES = 49_999

# What is elected and live is canonical: of most pages the others are not looked for.
_PAGES = f"""
SELECT placement.slug, {CHANGED} FROM (
    SELECT * FROM publishing_placement placement
     WHERE {LIVE} AND (placement.is_canonical OR placement.id = (SELECT place.id {CANONICAL}))
     ORDER BY placement.go_live DESC, placement.id DESC LIMIT {MOST_PAGES}
) placement {ARTICLE} ORDER BY placement.go_live DESC, placement.id DESC
"""  # noqa: S608 -- made of constants
# When another page becomes canonical here, or no longer is, by what happens on other sites.
_UNTIL = f"""
SELECT min(({NEXT_ELSEWHERE})) FROM publishing_placement placement WHERE {LIVE} AND NOT placement.is_canonical
"""  # noqa: S608 -- made of constants


def sitemap(request: SiteRequest) -> HttpResponse:
    """The home page and the newest pages that have their canonical place on this site."""
    now = timezone.now()
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
        f"<url><loc>{origin(request.site.domain)}/</loc></url>",
        *_urls(request.site, now),
        "</urlset>\n",
    ]
    answer = HttpResponse("\n".join(lines), content_type="application/xml", headers={"Cache-Control": FRESH})
    ((until_elsewhere,),) = rows_of(request.site.id, _UNTIL, now=now)
    return kept(request, answer, until=earliest(frame_of(request.site.id, now).until, until_elsewhere))


def robots(request: SiteRequest) -> HttpResponse:
    text = f"User-agent: *\nDisallow: /search/\n\nSitemap: {origin(request.site.domain)}/sitemap.xml\n"
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8", headers={"Cache-Control": FRESH})
    return kept(request, answer, until=None)


def _urls(site: SiteEntry, now: datetime) -> list[str]:
    home = origin(site.domain)
    # A slug is lower-case letters, digits and hyphens: nothing in it wants escaping.
    return [
        f"<url><loc>{home}/{slug}/</loc><lastmod>{changed:%Y-%m-%dT%H:%M:%SZ}</lastmod></url>"
        for slug, changed in rows_of(site.id, _PAGES, now=now)
    ]
