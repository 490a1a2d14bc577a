"""Deeds on where and when an article appears: place, schedule, unpublish, recall, elect_canonical, move.

Each is one transaction and expects an active tenant scope. Generations follow by themselves (database triggers).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.sites.models import Site
from django.db import transaction
from django.utils import timezone

from publishing import redirects
from publishing.models import Article, Placement
from publishing.slugs import free_slug, slug_from

Status = Placement.Status


@transaction.atomic
def place(
    *,
    article: Article,
    site: Site,
    go_live: datetime | None = None,
    slug: str = "",
    canonical: bool = False,
    **fields: Any,
) -> Placement:
    """Put an article on a site, published from `go_live` on (default: now), or bring it back there.

    Without a slug the title gives one; a slug that another article of the site has gets a number. `fields` are
    Placement's own: section, expires_at, and the overrides title, summary and image.
    """
    placement = Placement.objects.on(site).filter(article=article).first()
    before = placement.slug if placement else ""
    placement = placement or Placement(tenant=article.tenant, article=article, site=site)
    wanted = slug or before or slug_from(fields.get("title") or article.title)
    placement.slug = free_slug(wanted, site_id=site.pk, article_id=article.pk)
    placement.status = Status.PUBLISHED
    placement.go_live = go_live or placement.go_live or timezone.now()
    for name, value in fields.items():
        setattr(placement, name, value)
    placement.save()
    _keep_address(placement, before)
    elect_canonical(article=article, prefer=placement if canonical else None)
    placement.refresh_from_db(fields=["is_canonical"])
    return placement


def schedule(*, placement: Placement, go_live: datetime, expires_at: datetime | None = None) -> Placement:
    """Publish from a moment on, and until another if given; no job has to run for it to appear."""
    with transaction.atomic():
        placement.status, placement.go_live, placement.expires_at = Status.PUBLISHED, go_live, expires_at
        placement.save()
        elect_canonical(article=placement.article)
        placement.refresh_from_db(fields=["is_canonical"])
    return placement


@transaction.atomic
def unpublish(*, placements: Iterable[Placement]) -> None:
    """Take placements off their sites, as if they had not been there: readers get 404."""
    _end(list(placements), Status.UNPUBLISHED)


@transaction.atomic
def recall(*, article: Article) -> list[Site]:
    """Take an article back from every site at once: readers get 410. Returns the sites it was on, by domain.

    Where it had not yet appeared it is unpublished: readers are not told of what they never saw.
    """
    now = timezone.now()
    placed = list(article.placements.filter(status=Status.PUBLISHED).select_related("site").order_by("site__domain"))
    _end([placement for placement in placed if placement.go_live and placement.go_live > now], Status.UNPUBLISHED)
    _end([placement for placement in placed if placement.status == Status.PUBLISHED], Status.RECALLED)
    return [placement.site for placement in placed]


@transaction.atomic
def move(*, placement: Placement, slug: str) -> Placement:
    """Give a placement another slug on its site; the old address redirects to the new one."""
    before, placement.slug = placement.slug, slug
    placement.full_clean(exclude=["article", "section", "image", "tenant"])
    placement.save(update_fields=["slug"])
    _keep_address(placement, before)
    return placement


@transaction.atomic
def elect_canonical(*, article: Article, prefer: Placement | None = None) -> Placement | None:
    """Make exactly one published placement the article's canonical one; None where none is published.

    The one preferred, else the one that is, else the one that went live first.
    """
    # Locked, so that two elections for one article follow each other.
    Article.objects.select_for_update(no_key=True).filter(pk=article.pk).values_list("pk").first()
    mine = Placement.objects.filter(article=article)
    published = list(mine.filter(status=Status.PUBLISHED).order_by("go_live", "id"))
    # True sorts last, so the maximum of (preferred, already canonical); the first of equals wins.
    elected = max(
        published, key=lambda one: (prefer is not None and one.pk == prefer.pk, one.is_canonical), default=None
    )
    # Down before up: the unique constraint allows no moment with two.
    mine.filter(is_canonical=True).exclude(pk=elected.pk if elected else 0).update(is_canonical=False)
    if elected and not elected.is_canonical:
        mine.filter(pk=elected.pk).update(is_canonical=True)
        elected.is_canonical = True
    return elected


def _end(placements: list[Placement], status: Placement.Status) -> None:
    Placement.objects.filter(pk__in=[placement.pk for placement in placements]).update(status=status)
    for placement in placements:
        placement.status = status
    for article in {placement.article_id: placement.article for placement in placements}.values():
        elect_canonical(article=article)


def _keep_address(placement: Placement, before: str) -> None:
    if before and before != placement.slug:
        redirects.redirect(tenant=placement.tenant, site=placement.site, path=f"/{before}/", target=placement.path)
    else:
        redirects.arrived(site=placement.site, path=placement.path)
