"""Furnish a showroom's database: `python -m showroom.furnishing`, behind `seed_demo`. Writes what it found as JSON.

Each theme gets two sites, an empty one and one with every kind of article. That one has the articles of the tenant
whose demo site wears the theme, too, so that its lists are as long as real ones.
"""

import io
import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from django.contrib.sites.models import Site  # noqa: E402
from django.db import transaction  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.utils import timezone  # noqa: E402
from PIL import Image as Pillow  # noqa: E402

from publishing.importing.front_matter import split  # noqa: E402
from publishing.models import Article, Byline, Image, Placement, Section, Topic  # noqa: E402
from publishing.placing import place, recall  # noqa: E402
from publishing.writing import correct, write  # noqa: E402
from showroom.catalogue import EMPTY, THEMES, host  # noqa: E402
from sites_core.models import Brand, MenuItem  # noqa: E402
from tenants.adding import add_site  # noqa: E402
from tenants.models import Tenant  # noqa: E402
from tenants.scope import across_tenants, tenant_scope  # noqa: E402

ARTICLES = Path(__file__).parent / "articles"
SECTIONS = 8


@transaction.atomic
def furnish() -> dict[str, dict[str, str]]:
    """The sites and their articles; what was found on each of all sites, by hostname."""
    by_tenant: dict[Tenant, list[str]] = {}
    for theme in THEMES:
        by_tenant.setdefault(_owner(theme), []).append(theme)
    for tenant, themes in by_tenant.items():
        with tenant_scope(tenant):
            sites = [_site(tenant, theme) for theme in themes]
            for theme in themes:
                add_site(tenant=tenant, domain=host(theme, EMPTY), name="Nothing Yet")
                Brand.objects.filter(site__domain=host(theme, EMPTY)).update(theme=theme)
            _mirror(sites)
            for site in sites:
                _exhibit(tenant, site)
    with across_tenants("every site of the showroom is looked at"):
        return {site.domain: _facts(site) for site in Site.objects.all()}


def _owner(theme: str) -> Tenant:
    """Of the demo's site in this theme; where there is none, of the first."""
    site = Site.objects.filter(brand__theme=theme).order_by("pk").first() or Site.objects.order_by("pk").first()
    return Tenant.objects.get(ownerships__site=site)


def _site(tenant: Tenant, theme: str) -> Site:
    site = add_site(tenant=tenant, domain=host(theme), name=f"The {theme.title()}")
    Brand.objects.filter(site=site).update(theme=theme, tagline="Every kind of page, one after the other")
    for position, (label, url) in enumerate(
        [("Home", "/"), ("Topics", "/topics/"), ("Archive", "/archive/"), ("Everything", "/everything/")]
    ):
        MenuItem.objects.create(site=site, menu="header", position=position, label=label, url=url)
    MenuItem.objects.create(site=site, menu="footer", label="About these pages", url="/about-the-showroom/")
    MenuItem.objects.create(site=site, menu="social", label="Mastodon", url="https://social.example/@showroom")
    return site


def _mirror(sites: list[Site]) -> None:
    """What the tenant's other sites show, on these as well, in sections of the same names."""
    placed = Placement.objects.exclude(site__in=sites).filter(listed=True).live(timezone.now())
    first: dict[int, Placement] = {}
    for placement in placed.select_related("article", "section").order_by("pk"):
        first.setdefault(placement.article_id, placement)
    names = dict.fromkeys(one.section.slug for one in first.values() if one.section)
    for site in sites:
        sections = {}
        for position, slug in enumerate(list(names)[:SECTIONS]):
            told = Section.objects.filter(slug=slug).order_by("pk")[0].name
            sections[slug] = Section.objects.create(
                tenant_id=placed[0].tenant_id, site=site, slug=slug, name=told, position=position
            )
        for one in first.values():
            section = sections.get(one.section.slug) if one.section else None
            place(article=one.article, site=site, go_live=one.go_live, slug=one.slug, section=section, image=one.image)


def _exhibit(tenant: Tenant, site: Site) -> None:
    """The articles of the folder, written for this site."""
    topics, bylines = list(Topic.objects.order_by("pk")), list(Byline.objects.order_by("pk"))
    picture = _picture(tenant)
    for path in sorted(ARTICLES.glob("*.md")):
        head = split(path.read_text(encoding="utf-8"))
        about: dict[str, Any] = dict(head.fields)
        moment = timezone.now() - timedelta(days=about.get("days_ago", 300))
        lead = picture if about.get("picture") else None
        article = write(
            tenant=tenant, title=about["title"], summary=about.get("summary", ""), kind=about.get("kind", "article"),
            body=head.body.replace("{picture}", f"/media/{picture.stem}-{picture.widths[-1]}.webp"),
            body_format=about.get("format", "markdown"), language=about.get("language", ""), lead_image=lead,
            topics=topics[: about.get("topics", 1)], bylines=bylines[: about.get("bylines", 1)],
            created_at=moment, updated_at=moment,
        )  # fmt: skip
        section = Section.objects.filter(site=site).order_by("position").first()
        place(article=article, site=site, go_live=moment, slug=path.stem, section=section, pin=about.get("pin"))
        for note in about.get("corrections", ()):
            correct(article=article, note=note)
        if about.get("recalled"):
            recall(article=article)


def _picture(tenant: Tenant) -> Image:
    """A picture in the colours of an evening, the same each time."""
    from publishing.images import store

    drawn = Pillow.new("RGB", (1600, 1000))
    for y in range(1000):
        shade = y / 1000
        drawn.paste((int(20 + 210 * shade), int(40 + 90 * shade), int(90 - 20 * shade)), (0, y, 1600, y + 1))
    drawn.paste((24, 26, 40), (0, 760, 1600, 1000))
    drawn.paste((24, 26, 40), (470, 260, 560, 800))
    written = io.BytesIO()
    drawn.save(written, "PNG")
    image = store(
        tenant, written.getvalue(), name="dusk.png", alt="The harbour at dusk, its clock tower a dark stroke",
        caption="The tower in the year in which its clock was stopped for good.",
    )  # fmt: skip
    Image.objects.filter(pk=image.pk).update(focus_x=30, focus_y=70)
    return image


def _facts(site: Site) -> dict[str, str]:
    """The lists of the site that have the most articles, and its newest article."""
    live = Placement.objects.on(site).filter(listed=True).live(timezone.now())
    if not live:
        return {}
    on_site = Article.objects.filter(pk__in=live.values("article"))

    def most(values: Any) -> str:
        return str(values.annotate(count=Count("pk")).order_by("-count", "pk").values_list("slug", flat=True).first())

    months = [f"{moment:%Y/%m}" for moment in live.values_list("go_live", flat=True) if moment]
    return {
        "section": most(Section.objects.filter(placements__in=live)),
        "topic": most(Topic.objects.filter(articles__in=on_site)),
        "byline": most(Byline.objects.filter(articles__in=on_site)),
        "month": max(sorted(set(months)), key=months.count),
        "newest": live.newest_first()[0].slug,
    }


if __name__ == "__main__":
    json.dump(furnish(), sys.stdout)
