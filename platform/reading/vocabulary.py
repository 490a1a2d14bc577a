"""What a site's lists are named after: its sections, its tenant's topics and bylines."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from publishing.models import ArticleTopic, Byline, Placement, Section, Topic
from reading.columns import Link
from tenants.scope import of_site


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a list."""

    id: int
    name: str
    note: str = ""


def section(site_id: int, slug: str) -> Heading | None:
    with of_site(site_id):
        row = Section.objects.filter(site_id=site_id, slug=slug).values_list("pk", "name").first()
    return Heading(*row) if row else None


def topic(site_id: int, slug: str) -> Heading | None:
    """A topic of the site's tenant; whether the site shows anything of it, its list tells."""
    with of_site(site_id):
        of_tenant = Topic.objects.filter(tenant__ownerships__site=site_id, slug=slug)
        row = of_tenant.values_list("pk", "name").first()
    return Heading(*row) if row else None


def byline(site_id: int, slug: str) -> Heading | None:
    """A byline of the site's tenant; whether it signs anything here, its list tells."""
    with of_site(site_id):
        of_tenant = Byline.objects.filter(tenant__ownerships__site=site_id, slug=slug)
        row = of_tenant.values_list("pk", "name", "bio").first()
    return Heading(*row) if row else None


def topics(site_id: int, now: datetime) -> tuple[Link, ...]:
    """The topics of which the site shows at least one article, by name."""
    with of_site(site_id):
        shown = Placement.objects.on(site_id).live(now).listed().filter(article=OuterRef("article"))
        filed = ArticleTopic.objects.filter(Exists(shown), topic=OuterRef("pk"))
        known = Topic.objects.filter(Exists(filed), tenant__ownerships__site=site_id)
        rows = known.order_by("name").values_list("name", "slug")
        return tuple(Link(name, f"/topics/{slug}/") for name, slug in rows)
