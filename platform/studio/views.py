"""What editors see: their tenants, the articles, and where each of them is placed."""

from datetime import datetime
from typing import Any, cast

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from publishing.models import Article, ArticleByline, ArticleTopic, Placement
from sites_core.origins import origin
from studio.access import TenantRequest, memberships_of, needs
from studio.paging import page_of
from studio.standing import Standing, standing
from tenants.models import User
from tenants.roles import Power

REVISIONS_SHOWN = 50


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    memberships = memberships_of(cast("User", request.user))
    if len(memberships) == 1:
        return redirect("articles", tenant=memberships[0].tenant.slug)
    return render(request, "studio/home.html", {"memberships": memberships})


@require_safe
@needs(Power.READ)
def articles(request: TenantRequest) -> HttpResponse:
    placements = Prefetch("placements", _placements(request).select_related("site"), to_attr="placed")
    wanted = Article.objects.defer("summary", "body", "html", "text").prefetch_related(placements)
    rows, after = page_of(wanted, request.GET.get("after"))
    now = timezone.now()
    listed = [(article, [_shown(placement, now) for placement in article.placed]) for article in rows]
    return render(request, "studio/articles.html", {"articles": listed, "after": after})


@require_safe
@needs(Power.READ)
def article(request: TenantRequest, article_id: int) -> HttpResponse:
    found = Article.objects.defer("body", "text").filter(pk=article_id).first()
    if found is None:
        raise Http404
    now = timezone.now()
    placements = _placements(request).filter(article=found).select_related("site__brand", "section")
    shown = {
        "article": found,
        "placements": [_shown(placement, now) for placement in placements],
        "bylines": [signed.byline for signed in ArticleByline.objects.filter(article=found).select_related("byline")],
        "topics": [about.topic for about in ArticleTopic.objects.filter(article=found).select_related("topic")],
        "corrections": found.corrections.all(),
        "revisions": found.revisions.select_related("made_by").defer("body").order_by("-number")[:REVISIONS_SHOWN],
    }
    return render(request, "studio/article.html", shown)


def _placements(request: TenantRequest) -> QuerySet[Placement]:
    """Those on the sites of the membership."""
    placements: QuerySet[Placement] = Placement.objects.order_by("site__domain")
    return placements if request.sites is None else placements.filter(site_id__in=request.sites)


def _shown(placement: Placement, now: datetime) -> dict[str, Any]:
    stands = standing(placement, now)
    url = f"{origin(placement.site.domain)}{placement.path}" if stands == Standing.LIVE else ""
    return {"placement": placement, "standing": stands.value, "url": url}
