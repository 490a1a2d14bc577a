"""What crawlers read: which pages there are, and what they need not fetch."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, Subquery
from django.http import HttpResponse
from django.utils import timezone

from publishing.models import Placement
from reading import columns
from reading.canonical import canonical_place
from reading.pages import FRESH
from sites_core.directory import SiteEntry
from sites_core.origins import origin
from sites_core.requests import SiteRequest
from tenants.scope import of_site

# The protocol allows 50,000 URLs a file; the home page is one of them.
MOST_PAGES = 49_999


def sitemap(request: SiteRequest) -> HttpResponse:
    """The home page and the newest pages that have their canonical place on this site."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
        f"<url><loc>{origin(request.site.domain)}/</loc></url>",
        *_urls(request.site, timezone.now()),
        "</urlset>\n",
    ]
    return HttpResponse("\n".join(lines), content_type="application/xml", headers={"Cache-Control": FRESH})


def robots(request: SiteRequest) -> HttpResponse:
    text = f"User-agent: *\nDisallow: /search/\n\nSitemap: {origin(request.site.domain)}/sitemap.xml\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers={"Cache-Control": FRESH})


def _urls(site: SiteEntry, now: datetime) -> Iterator[str]:
    home = origin(site.domain)
    with of_site(site.id):
        # What is elected and live is canonical: of most pages the others are not looked for.
        is_canonical = Q(is_canonical=True) | Q(pk=Subquery(canonical_place(now).values("pk")))
        here = Placement.objects.on(site.id).live(now).filter(is_canonical)
        rows = here.newest_first().values_list("slug", columns.changed())[:MOST_PAGES]
        for slug, changed in rows:
            # A slug is lower-case letters, digits and hyphens: nothing in it wants escaping.
            yield f"<url><loc>{home}/{slug}/</loc><lastmod>{changed:%Y-%m-%dT%H:%M:%SZ}</lastmod></url>"
