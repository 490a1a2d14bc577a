"""What changed lately: articles, and where they stand on the sites in view; and who did it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.sites.models import Site
from django.db.models import BigIntegerField, OuterRef, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.urls import reverse

from publishing.models import Article, Placement, Revision
from studio.access import TenantRequest
from studio.standing import standing
from tenants.models import User

SHOWN = 10
# A member of one site looks at so many of the latest events of all.
EVENTS = 300
PlacementEvent: Any = Placement.pgh_event_model  # type: ignore[attr-defined]  # django-pghistory makes it


@dataclass(frozen=True, slots=True)
class Change:
    at: datetime
    who: str
    title: str
    what: str
    url: str


def lately(request: TenantRequest, now: datetime) -> list[Change]:
    """The latest first; in two statements."""
    changes = [*_written(request), *_placed(request, now)]
    return sorted(changes, key=lambda change: change.at, reverse=True)[:SHOWN]


def _written(request: TenantRequest) -> Iterator[Change]:
    last = Revision.objects.filter(article=OuterRef("pk")).order_by("-number")
    found = Article.objects.only("title", "tenant_id", "updated_at").annotate(
        number=Subquery(last.values("number")[:1]),
        person=Subquery(last.values("made_by__name")[:1]),
        address=Subquery(last.values("made_by__email")[:1]),
    )
    for article in found.order_by("-updated_at", "-pk")[:SHOWN]:
        what = "changed" if (article.number or 0) > 1 else "written"
        url = reverse("article", kwargs={"tenant": request.tenant.slug, "article_id": article.pk})
        yield Change(article.updated_at, article.person or article.address or "", str(article), what, url)


def _placed(request: TenantRequest, now: datetime) -> Iterator[Change]:
    latest = PlacementEvent.objects.order_by("-pgh_created_at", "-pgh_id")
    if request.sites is not None:
        latest = latest.filter(pgh_id__in=latest.values("pgh_id")[:EVENTS], site_id__in=request.sites)
    person = User.objects.filter(
        pk=Cast(KeyTextTransform("user", OuterRef("pgh_context__metadata")), BigIntegerField())
    )
    known = latest.annotate(
        article_title=Subquery(Article.objects.filter(pk=OuterRef("article_id")).values("title")[:1]),
        site_name=Subquery(Site.objects.filter(pk=OuterRef("site_id")).values("name")[:1]),
        person=Subquery(person.values("name")[:1]),
        address=Subquery(person.values("email")[:1]),
    )
    told: set[tuple[Any, ...]] = set()
    for event in known[: 2 * SHOWN]:
        # One deed may touch a row more than once.
        deed = event.pgh_context_id or event.pgh_created_at, event.article_id, event.site_id
        if deed in told or event.site_name is None:
            continue
        told.add(deed)
        what = "taken away from" if event.pgh_label == "delete" else f"{standing(event, now).word} on"
        url = reverse("article-placements", kwargs={"tenant": request.tenant.slug, "article_id": event.article_id})
        title = event.title or event.article_title or "An article"
        yield Change(event.pgh_created_at, event.person or event.address or "", title, f"{what} {event.site_name}", url)
