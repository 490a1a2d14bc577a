"""The tenant's articles: found, filtered, chosen."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from publishing.models import Article, Placement
from sites_core.origins import origin
from studio.access import TenantRequest, needs
from studio.paging import page_of
from studio.standing import Standing, standing
from tenants.roles import Power


@require_safe
@needs(Power.READ)
def articles(request: TenantRequest) -> HttpResponse:
    placements = Prefetch("placements", _placements(request).select_related("site"), to_attr="placed")
    wanted = Article.objects.defer("summary", "body", "html", "text").prefetch_related(placements)
    rows, after = page_of(wanted, request.GET.get("after"))
    now = timezone.now()
    listed = [(article, [_shown(placement, now) for placement in article.placed]) for article in rows]
    return render(request, "studio/articles.html", {"articles": listed, "after": after})


def _placements(request: TenantRequest) -> QuerySet[Placement]:
    """Those on the sites of the membership."""
    placements: QuerySet[Placement] = Placement.objects.order_by("site__domain")
    return placements if request.sites is None else placements.filter(site_id__in=request.sites)


def _shown(placement: Placement, now: datetime) -> dict[str, Any]:
    stands = standing(placement, now)
    url = f"{origin(placement.site.domain)}{placement.path}" if stands == Standing.LIVE else ""
    return {"placement": placement, "standing": stands.value, "url": url}
