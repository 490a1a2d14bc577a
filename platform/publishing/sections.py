"""Deeds on a site's sections: add, change, order, delete. Readers' pages follow by triggers."""

from collections.abc import Sequence

from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from publishing import redirects
from publishing.models import Article, Placement, Section
from publishing.placing import hold
from publishing.slugs import slug_from
from tenants.models import Tenant

# More would be no department; each stands in the site's menu.
MOST_SECTIONS = 200
_LONGEST_SLUG = 100


@transaction.atomic
def add_section(*, tenant: Tenant, site: Site, name: str, slug: str = "") -> Section:
    """A new last section; without a slug the name gives one. Raises ValidationError by field."""
    hold([], sites=[site.pk])
    there = Section.objects.filter(site=site)
    if there.count() >= MOST_SECTIONS:
        raise ValidationError(f"A site has at most {MOST_SECTIONS} sections.")
    last = there.aggregate(last=Max("position"))["last"] or 0
    section = Section(tenant=tenant, site=site, position=last + 1)
    _name(section, name, slug)
    section.save()
    redirects.arrived(site=site, path=path_of(section.slug))
    return section


@transaction.atomic
def change_section(*, section: Section, name: str, slug: str = "") -> Section:
    """Another name, another slug; an address that changes redirects. Raises ValidationError by field."""
    hold([], sites=[section.site_id])
    section.refresh_from_db()
    before = section.slug
    _name(section, name, slug or before)
    section.save(update_fields=["name", "slug"])
    if section.slug != before:
        redirects.redirect(tenant=section.tenant, site=section.site, path=path_of(before), target=path_of(section.slug))
    return section


@transaction.atomic
def order_sections(*, site: Site, order: Sequence[int]) -> None:
    """Put the sections, by primary key, in this order; those that it does not name come after, as they stood.

    What is no section of the site is passed over: somebody may have deleted it meanwhile.
    """
    hold([], sites=[site.pk])
    sections = {section.pk: section for section in Section.objects.filter(site=site)}
    named = [sections.pop(key) for key in dict.fromkeys(order) if key in sections]
    moved = []
    for position, section in enumerate([*named, *sections.values()], 1):
        if section.position != position:
            section.position = position
            moved.append(section)
    Section.objects.bulk_update(moved, ["position"])


@transaction.atomic
def delete_section(*, section: Section) -> int:
    """Returns how many placements were in it: they stay where and as they are, in no section."""
    placed = Placement.objects.filter(section=section)
    hold(Article.objects.filter(pk__in=placed.values("article")).only("pk"), sites=[section.site_id])
    freed = placed.update(section=None)
    section.delete()
    return freed


def path_of(slug: str) -> str:
    return f"/sections/{slug}/"


def _name(section: Section, name: str, slug: str) -> None:
    section.name = name.strip()
    section.slug = slug.strip() or slug_from(section.name)[:_LONGEST_SLUG].strip("-")
    section.full_clean(exclude=["tenant", "site"])
    if Section.objects.filter(site=section.site_id, slug=section.slug).exclude(pk=section.pk).exists():
        taken = f"Another section of {section.site.name} already has the slug “{section.slug}”."
        raise ValidationError({"slug": taken})
