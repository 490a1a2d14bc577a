"""The tenant's sites: how each looks, what it shows, and what is to be done there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.sites.models import Site
from django.db.models import Count, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from publishing.models import Image, Proposal
from sites_core.branding import COLOURS, Page, faults, pages_of
from sites_core.models import Brand
from sites_core.origins import origin
from sites_core.themes import theme_named, themes
from studio.access import TenantRequest, needs, sites_with
from tenants.roles import Power

PAGE = 24
# More is not counted: a page of sites costs the same whatever is on them.
MOST_COUNTED = 1000
# What appeared, out of an index alone, less the few that expired since.
_LIVE = """
(SELECT count(*) FROM (
    SELECT FROM publishing_placement placement
     WHERE placement.site_id = django_site.id AND placement.status = 'published' AND placement.listed
       AND placement.go_live <= %s LIMIT %s) appeared)
- (SELECT count(*) FROM publishing_placement placement
    WHERE placement.site_id = django_site.id AND placement.status = 'published' AND placement.listed
      AND placement.expires_at <= %s)
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A site as the list shows it. `page` are the colours of its light page; `may_change`: the member may, there."""

    site: Site
    page: Page
    theme: str
    logo: Image | None
    live: int
    url: str
    may_change: bool
    attention: list[str]


@require_safe
@needs(Power.READ)
def sites(request: TenantRequest) -> HttpResponse:
    words, after = request.GET.get("q", "").strip(), request.GET.get("after", "")
    found = _found(request, words.replace("\0", ""), after.replace("\0", ""))
    rows, more = found[:PAGE], len(found) > PAGE
    context = {
        "sites": list(_shown(request, rows)),
        "words": words,
        "is_searchable": bool(words or after or more),
        "after": rows[-1].domain if more else "",
        "may_edit": request.membership.may(Power.EDIT),
        "may_manage": request.membership.may(Power.MANAGE),
    }
    return render(request, "studio/sites/list.html", context)


def _found(request: TenantRequest, words: str, after: str) -> list[Any]:
    now = timezone.now()
    wanted: QuerySet[Site] = sites_with(request, Power.READ).select_related("brand", "state")
    if words:
        wanted = wanted.filter(Q(name__icontains=words) | Q(domain__icontains=words))
    if after:
        wanted = wanted.filter(domain__gt=after)
    return list(wanted.annotate(live=RawSQL(_LIVE, [now, MOST_COUNTED + 1, now]))[: PAGE + 1])  # noqa: S611 -- constant


def _shown(request: TenantRequest, rows: list[Any]) -> Iterator[Shown]:
    keys = [site.pk for site in rows]
    digests = [site.brand.logo for site in rows if site.brand.logo]
    logos = {image.digest: image for image in Image.objects.filter(digest__in=digests)} if digests else {}
    offered: Mapping[int, int] = dict(
        Proposal.objects.filter(site__in=keys, state=Proposal.State.OPEN)
        .values_list("site_id")
        .annotate(count=Count("pk"))
        .order_by()
    )
    for site in rows:
        theme = theme_named(site.brand.theme)
        yield Shown(
            site=site,
            page=pages_of({name: getattr(site.brand, name) for name in COLOURS}, theme)[0],
            theme=theme.label,
            logo=logos.get(site.brand.logo),
            live=site.live,
            url=f"{origin(site.domain)}/",
            may_change=request.membership.may_on(site.pk, Power.BRAND),
            attention=list(_attention(site, offered.get(site.pk, 0))),
        )


def _attention(site: Any, offered: int) -> Iterator[str]:
    brand: Brand = site.brand
    if site.state.retired_at:
        yield "It is retired: every address of it answers that it is gone."
    if offered:
        yield "An article is offered to it and waits." if offered == 1 else f"{offered} articles are offered and wait."
    if brand.theme not in themes():
        yield f"Its theme “{brand.theme}” is gone: the default one stands in."
    if any(faults({name: getattr(brand, name) for name in COLOURS}, theme_named(brand.theme))):
        yield "A colour of its brand cannot be read: readers get the nearest shade that can."
    if not site.live and not site.state.retired_at:
        yield "It shows no article yet."
