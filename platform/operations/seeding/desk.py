"""One tenant's writing, put on its sites by the deeds that editors use."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.contrib.sites.models import Site
from django.utils import timezone

from operations.seeding.brands import set_logo
from operations.seeding.manuscripts import Manuscript
from publishing.models import Article, Byline, Image, Section, Topic
from publishing.placing import place, recall
from publishing.writing import correct, write
from tenants.models import Tenant, User

Row = TypeVar("Row")


class Desk:
    """Knows a tenant's vocabulary; expects the tenant's scope."""

    def __init__(
        self, tenant: Tenant, sites: Mapping[str, Site], pictures: Mapping[str, Image], about: Mapping[str, Any]
    ) -> None:
        self.tenant, self.sites, self.pictures = tenant, sites, pictures
        self.now = timezone.now()
        self.editor = User.objects.get(email=f"editor@{tenant.slug}.example")
        self.topics = {one["slug"]: Topic.objects.create(tenant=tenant, **one) for one in about["topics"]}
        self.bylines = {one["slug"]: self._byline(one) for one in about["bylines"]}
        self.sections = {(one.site_id, one.slug): one for one in Section.objects.all()}
        for domain, site in sites.items():
            if domain in pictures:
                set_logo(site, pictures[domain])

    def publish(self, manuscript: Manuscript) -> None:
        about, placements = manuscript.about, manuscript.placements
        moments = [self.now - timedelta(days=one["days_ago"]) for one in placements]
        article = write(
            tenant=self.tenant, by=self.editor, kind=manuscript.kind, source_id=manuscript.source_id,
            title=about["title"], summary=about.get("summary", ""), body=manuscript.text(self.pictures),
            lead_image=self.pictures.get(manuscript.name), translation_group=manuscript.translation_group(),
            topics=_chosen(self.topics, about.get("topics", ())),
            bylines=_chosen(self.bylines, about.get("bylines", ())),
            created_at=min(self.now, *moments), updated_at=min(self.now, max(moments)),
        )  # fmt: skip
        for one, moment in zip(placements, moments, strict=True):
            self._place(article, one, moment, manuscript.name)
        if any(one.get("status") == "recalled" for one in placements):
            recall(article=article)
        if note := about.get("correction"):
            correct(article=article, note=note.strip(), noted_at=min(self.now, max(moments) + timedelta(days=1)))

    def _byline(self, about: Mapping[str, Any]) -> Byline:
        picture = self.pictures[f"byline:{about['slug']}"]
        return Byline.objects.create(tenant=self.tenant, **dict(about) | {"picture": picture})

    def _place(self, article: Article, about: Mapping[str, Any], moment: datetime, name: str) -> None:
        site = self.sites[about["site"]]
        days = about.get("expires_in_days")
        place(
            article=article, site=site, go_live=moment, slug=about.get("slug", name), pin=about.get("pin"),
            canonical=about.get("canonical", False), section=self.sections.get((site.pk, about.get("section", ""))),
            expires_at=self.now + timedelta(days=days) if days else None,
            title=about.get("title", ""), summary=about.get("summary", ""),
        )  # fmt: skip


def _chosen(rows: Mapping[str, Row], slugs: Iterable[str]) -> list[Row]:
    return [rows[slug] for slug in slugs]
