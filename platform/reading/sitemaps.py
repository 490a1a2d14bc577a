"""What crawlers read: which pages there are, and what they need not fetch.

An index leads to one sitemap a month, so that what was once fetched need not be fetched again, to one of the static
pages and lists, and to the news of the last two days. Each names the pages that have their canonical place here.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone

from reading import months
from reading.answers import FRESH, earliest, kept
from reading.asking import rows_of
from reading.canonical import CANONICAL, NEXT_ELSEWHERE
from reading.columns import ARTICLE, CHANGED, IMAGE, PICTURE, TITLE, picture_from, title_or_untitled
from reading.frames import frame_of
from reading.shown import LIVE, SHOWN
from reading.xml import escaped
from sites_core.origins import origin
from sites_core.requests import SiteRequest

# The protocol allows 50,000 URLs a file, and 1,000 of news, which are what appeared within two days.
MOST_PAGES = 50_000
MOST_NEWS = 1000
NEWS_AGE = timedelta(days=2)
# What search engines like to have of a picture, in pixels.
PICTURE_WIDTH = 1600

_SPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_GOOGLE = "http://www.google.com/schemas/sitemap"
_IMAGES = f'xmlns:image="{_GOOGLE}-image/1.1"'
_NEWS_SPACE = f'xmlns:news="{_GOOGLE}-news/0.9"'

# Whether the page is canonical here, and when that may be otherwise by what happens on other sites. What is elected
# and live is canonical: of most pages the others are not looked for.
_HERE = f"""
    placement.is_canonical OR placement.id = (SELECT place.id {CANONICAL}),
    CASE WHEN NOT placement.is_canonical THEN ({NEXT_ELSEWHERE}) END
"""
_NEWEST = "ORDER BY placement.go_live DESC, placement.id DESC"
_MONTH = f"""
SELECT placement.slug, {_HERE}, {CHANGED}, {PICTURE} FROM (
    SELECT * FROM publishing_placement placement
     WHERE {SHOWN} AND placement.go_live >= %(start)s AND placement.go_live < %(end)s {_NEWEST} LIMIT {MOST_PAGES}
) placement {ARTICLE} {IMAGE} {_NEWEST}
"""  # noqa: S608 -- made of constants
_NEWS = f"""
SELECT placement.slug, {_HERE}, placement.go_live, {TITLE}, article.language, {PICTURE} FROM (
    SELECT * FROM publishing_placement placement
     WHERE {SHOWN} AND placement.go_live > %(since)s {_NEWEST} LIMIT {MOST_NEWS}
) placement {ARTICLE} {IMAGE} {_NEWEST}
"""  # noqa: S608 -- made of constants


def _terms_shown(kind: str) -> str:
    """The tenant's terms of which the site shows something: of each a step into its list. OFFSET 0 keeps it that."""
    return f"""
        SELECT '/{kind}s/' || term.slug || '/', true, NULL, NULL
          FROM tenants_ownership ownership JOIN publishing_{kind} term USING (tenant_id)
         WHERE ownership.site_id = %(site)s AND EXISTS (
            SELECT FROM (
                SELECT placement_id FROM publishing_{kind}placement listing
                 WHERE listing.{kind}_id = term.id AND listing.site_id = %(site)s AND listing.go_live <= %(now)s
                OFFSET 0
            ) listing
            JOIN publishing_placement placement ON placement.id = listing.placement_id WHERE {SHOWN} OFFSET 0)
    """  # noqa: S608


_PAGES = f"""
SELECT '/' || placement.slug || '/', {_HERE}, {CHANGED}
  FROM publishing_placement placement {ARTICLE} WHERE {LIVE} AND NOT placement.listed
UNION ALL
SELECT '/sections/' || section.slug || '/', true, NULL, NULL FROM publishing_section section
 WHERE section.site_id = %(site)s AND EXISTS (
    SELECT FROM publishing_placement placement WHERE placement.section_id = section.id AND {SHOWN} OFFSET 0)
UNION ALL {_terms_shown("topic")} UNION ALL {_terms_shown("byline")}
"""  # noqa: S608 -- made of constants


def index(request: SiteRequest) -> HttpResponse:
    """Which sitemaps there are: one for each month in which the site shows something."""
    now = timezone.now()
    home = origin(request.site.domain)
    years = months.years_of(request.site.id, now)
    names = ["pages", "news", *(f"{month:%Y-%m}" for year in years for month in year.months)]
    sitemaps = [f"<sitemap><loc>{home}/sitemaps/{name}.xml</loc></sitemap>" for name in names]
    return _xml(request, "sitemapindex", _SPACES, sitemaps, until=frame_of(request.site.id, now).until)


def month(request: SiteRequest, year: str, month: str) -> HttpResponse:
    """The articles of a month that have their canonical page here; empty where all have it elsewhere."""
    now, home = timezone.now(), origin(request.site.domain)
    try:
        start, end = months.bounds(int(year), int(month))
    except ValueError as error:
        raise Http404 from error
    rows = rows_of(request.site.id, _MONTH, now=now, start=start, end=end)
    if not rows:
        raise Http404
    urls = (
        f"<url><loc>{home}/{slug}/</loc>{_changed(changed)}{_image(home, picture)}</url>"
        for slug, is_here, _, changed, *picture in rows
        if is_here
    )
    until = earliest(frame_of(request.site.id, now).until, *_elsewhere(rows))
    return _xml(request, "urlset", f"{_SPACES} {_IMAGES}", urls, until=until)


def pages(request: SiteRequest) -> HttpResponse:
    """The home page, the static pages, and the lists in which there is something."""
    now, home = timezone.now(), origin(request.site.domain)
    rows = rows_of(request.site.id, _PAGES, now=now)
    lists = [(path, None) for path in ("/", "/topics/", "/archive/")]
    found = sorted((path, changed) for path, is_here, _, changed in rows if is_here)
    urls = [f"<url><loc>{home}{escaped(path)}</loc>{_changed(changed)}</url>" for path, changed in [*lists, *found]]
    until = earliest(frame_of(request.site.id, now).until, *_elsewhere(rows))
    return _xml(request, "urlset", _SPACES, urls[:MOST_PAGES], until=until)


def news(request: SiteRequest) -> HttpResponse:
    """What appeared within the last two days, as Google News reads it. It changes as its oldest article grows older."""
    now, site = timezone.now(), request.site
    home = origin(site.domain)
    rows = rows_of(site.id, _NEWS, now=now, since=now - NEWS_AGE)
    name = escaped(site.name)
    shown = [row for row in rows if row[1]]
    urls = (
        f"<url><loc>{home}/{slug}/</loc><news:news><news:publication><news:name>{name}</news:name>"
        f"<news:language>{escaped(_news_language(language or site.brand.language))}</news:language></news:publication>"
        f"<news:publication_date>{_exactly(published)}</news:publication_date>"
        f"<news:title>{escaped(title_or_untitled(title))}</news:title></news:news>{_image(home, picture)}</url>"
        for slug, _, _, published, title, language, *picture in shown
    )
    ages = [shown[-1][3] + NEWS_AGE] if shown else []
    until = earliest(frame_of(site.id, now).until, *_elsewhere(rows), *ages)
    return _xml(request, "urlset", f"{_SPACES} {_NEWS_SPACE} {_IMAGES}", urls, until=until)


def robots(request: SiteRequest) -> HttpResponse:
    """This site's sitemaps and no other's. Of searches there is no end."""
    home = origin(request.site.domain)
    text = f"User-agent: *\nDisallow: /search/\n\nSitemap: {home}/sitemap.xml\nSitemap: {home}/sitemaps/news.xml\n"
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8", headers={"Cache-Control": FRESH})
    return kept(request, answer, until=None)


def _xml(request: SiteRequest, root: str, spaces: str, lines: Iterable[str], *, until: datetime | None) -> HttpResponse:
    text = "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', f"<{root} {spaces}>", *lines, f"</{root}>\n"])
    answer = HttpResponse(text, content_type="application/xml", headers={"Cache-Control": FRESH})
    return kept(request, answer, until=until)


def _elsewhere(rows: Iterable[tuple[Any, ...]]) -> Iterator[datetime | None]:
    """When each of the pages may become canonical here, or no longer be it, by what happens on other sites."""
    return (moment for _, _, moment, *_ in rows)


# A slug of an article is lower-case letters, digits and hyphens, and a picture's path is ours: nothing in them wants
# escaping.


def _changed(moment: datetime | None) -> str:
    return f"<lastmod>{_exactly(moment)}</lastmod>" if moment else ""


def _exactly(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _image(home: str, columns: Iterable[Any]) -> str:
    picture = picture_from(*columns, wanted_width=PICTURE_WIDTH)
    return f"<image:image><image:loc>{home}{picture.src}</image:loc></image:image>" if picture else ""


def _news_language(tag: str) -> str:
    """ISO 639 alone, but for the two ways of writing Chinese, of which this format tells a country."""
    language, *more = tag.lower().split("-")
    if language != "zh":
        return language
    return "zh-tw" if {"hant", "tw", "hk", "mo"} & set(more) else "zh-cn"
