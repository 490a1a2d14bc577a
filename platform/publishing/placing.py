"""Deeds on where and when an article appears: place, schedule, unpublish, recall, move, elect_canonical.

Each is one transaction and expects an active tenant scope. Generations follow by themselves (database triggers).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from publishing import redirects
from publishing.models import Article, Placement
from publishing.slugs import free_slug, slug_from
from sites_core.models import SiteState

Status = Placement.Status

# Rows that a placement refers to are the caller's, of one tenant by the database's word; a deed checks its own values.
LINKS = ["tenant", "article", "site", "section", "image"]


def hold(articles: Iterable[Article], *, sites: Iterable[int] = ()) -> None:
    """Lock articles, then the states of these sites and of those that they or their translations are on, to the end of
    the transaction.

    Every deed begins here and reads what it decides upon afterwards. All take the same rows in the same order, so that
    of two deeds on one article or one site the second waits and then sees what the first did; without it they would
    deadlock on the generations that their statements raise one after another.
    """
    held = [article.pk for article in articles]
    # What moves one translation is seen on the sites of the others.
    grouped = Article.objects.filter(pk__in=held, translation_group__isnull=False).values("translation_group")
    wanted = Q(pk__in=held) | Q(translation_group__in=grouped)
    locked = list(
        Article.objects.select_for_update(no_key=True).filter(wanted).order_by("pk").values_list("pk", flat=True)
    )
    placed = Placement.objects.filter(article__in=locked).values_list("site_id", flat=True)
    touched = {*sites, *placed}
    list(
        SiteState.objects.select_for_update(no_key=True).filter(site__in=touched).order_by("site_id").values_list("pk")
    )


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
    Placement's own: section, expires_at, pin, and the overrides title, summary and image. Raises ValidationError for a
    slug or dates that cannot be.
    """
    hold([article], sites=[site.pk])
    placement = Placement.objects.on(site).filter(article=article).first()
    before = placement.slug if placement else ""
    placement = placement or Placement(tenant=article.tenant, article=article, site=site)
    wanted = slug or before or slug_from(fields.get("title") or article.title)
    changes = {
        "slug": free_slug(wanted, site_id=site.pk, article_id=article.pk),
        "status": Status.PUBLISHED,
        "go_live": go_live or placement.go_live or timezone.now(),
        **fields,
    }
    _change(placement, **changes)
    _keep_address(placement, before)
    _elect(article, placement if canonical else None)
    placement.refresh_from_db(fields=["is_canonical"])
    return placement


@transaction.atomic
def schedule(*, placement: Placement, go_live: datetime, expires_at: datetime | None = None) -> Placement:
    """Publish from a moment on, and until another if given; no job has to run for it to appear.

    Raises ValidationError where the article has been recalled meanwhile: that is undone by placing it again.
    """
    hold([placement.article])
    placement.refresh_from_db()
    if placement.status == Status.RECALLED:
        raise ValidationError(f"“{placement.article}” has been recalled. Place it again to bring it back.")
    _change(placement, status=Status.PUBLISHED, go_live=go_live, expires_at=expires_at)
    _elect(placement.article)
    placement.refresh_from_db(fields=["is_canonical"])
    return placement


@transaction.atomic
def unpublish(*, placements: Iterable[Placement]) -> None:
    """Take placements off their sites, as if they had not been there: readers get 404. What is recalled stays so."""
    named = list(placements)
    hold({placement.article for placement in named})
    _end([placement for placement in _again(named) if placement.status != Status.RECALLED], Status.UNPUBLISHED)


@transaction.atomic
def recall(*, article: Article) -> list[Site]:
    """Take an article back from every site at once: readers get 410. Returns the sites it was on, by domain.

    Where it had not yet appeared it is unpublished: readers are not told of what they never saw.
    """
    hold([article])
    now = timezone.now()
    placed = list(article.placements.filter(status=Status.PUBLISHED).select_related("site").order_by("site__domain"))
    _end([placement for placement in placed if placement.go_live and placement.go_live > now], Status.UNPUBLISHED)
    _end([placement for placement in placed if placement.status == Status.PUBLISHED], Status.RECALLED)
    return [placement.site for placement in placed]


@transaction.atomic
def move(*, placement: Placement, slug: str) -> Placement:
    """Give a placement another slug on its site; the old address redirects to the new one.

    Raises ValidationError for a slug that another article has, or that is none.
    """
    hold([placement.article])
    placement.refresh_from_db()
    before = placement.slug
    if Placement.objects.on(placement.site_id).filter(slug=slug).exclude(pk=placement.pk).exists():
        raise ValidationError({"slug": f"Another article of {placement.site} already has the slug “{slug}”."})
    _change(placement, slug=slug)
    _keep_address(placement, before)
    return placement


@transaction.atomic
def elect_canonical(*, article: Article, prefer: Placement | None = None) -> Placement | None:
    """Make exactly one published placement the article's canonical one; None where none is published.

    The one preferred; else one that has not expired before one that has; else the one that is; else the one that went
    live first.
    """
    hold([article])
    return _elect(article, prefer)


def _elect(article: Article, prefer: Placement | None = None) -> Placement | None:
    """Within a deed, which holds the article already."""
    now = timezone.now()
    mine = Placement.objects.filter(article=article)
    published = list(mine.filter(status=Status.PUBLISHED).order_by("go_live", "id"))

    def weight(one: Placement) -> tuple[bool, bool, bool]:
        lasts = one.expires_at is None or one.expires_at > now
        return prefer is not None and one.pk == prefer.pk, lasts, one.is_canonical

    # Of equals the maximum is the first.
    elected = max(published, key=weight, default=None)
    # Down before up: the unique constraint allows no moment with two.
    mine.filter(is_canonical=True).exclude(pk=elected.pk if elected else 0).update(is_canonical=False)
    if elected and not elected.is_canonical:
        mine.filter(pk=elected.pk).update(is_canonical=True)
        elected.is_canonical = True
    return elected


def _change(placement: Placement, **changes: Any) -> None:
    """Save these fields and no other: what the object was loaded with may be older than what others wrote since."""
    for name, value in changes.items():
        setattr(placement, name, value)
    placement.full_clean(exclude=LINKS)
    placement.save(update_fields=None if placement.pk is None else [*changes, "listed"])


def _again(placements: list[Placement]) -> list[Placement]:
    return list(Placement.objects.filter(pk__in=[one.pk for one in placements]).select_related("article"))


def _end(placements: list[Placement], status: Placement.Status) -> None:
    Placement.objects.filter(pk__in=[placement.pk for placement in placements]).update(status=status)
    for placement in placements:
        placement.status = status
    for article in {placement.article_id: placement.article for placement in placements}.values():
        _elect(article)


def _keep_address(placement: Placement, before: str) -> None:
    if before and before != placement.slug:
        redirects.redirect(tenant=placement.tenant, site=placement.site, path=f"/{before}/", target=placement.path)
    else:
        redirects.arrived(site=placement.site, path=placement.path)
