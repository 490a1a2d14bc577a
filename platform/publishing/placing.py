"""Deeds on where and when an article appears: place, prepare, override, unpublish, discard, recall, move,
elect_canonical.

Each is one transaction and expects an active tenant scope. Generations follow by themselves (database triggers).
"""

from collections.abc import Iterable, Mapping, Set
from datetime import datetime
from typing import Any

from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from publishing import redirects
from publishing.models import Article, Placement
from publishing.models.placements import FIRST, LAST
from publishing.slugs import free_slug, slug_from
from sites_core.models import SiteState

Status = Placement.Status

# Rows that a placement refers to are the caller's, of one tenant by the database's word; a deed checks its own values.
LINKS = ["tenant", "article", "site", "section", "image"]

# What a placement may say in its own words, and where the article says it.
OVERRIDES = {"title": "title", "summary": "summary", "image": "lead_image_id"}


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
    placement = _found(article, site)
    go_live = go_live or placement.go_live or timezone.now()
    put(placement, slug=slug, status=Status.PUBLISHED, go_live=go_live, **fields)
    elect(article, placement if canonical else None)
    placement.refresh_from_db(fields=["is_canonical"])
    return placement


@transaction.atomic
def prepare(*, article: Article, site: Site, slug: str = "", **fields: Any) -> Placement:
    """Put an article on a site as a draft, or make a draft of what is published there: readers get 404.

    Slug and `fields` are as in `place`, and `go_live` is a plan. Raises ValidationError where it has been recalled.
    """
    hold([article], sites=[site.pk])
    placement = _found(article, site)
    _refuse_recalled(placement)
    put(placement, slug=slug, status=Status.DRAFT, **fields)
    elect(article)
    placement.refresh_from_db(fields=["is_canonical"])
    return placement


@transaction.atomic
def override(*, placement: Placement, **own: Any) -> Placement:
    """Say something in the site's own words: `own` are title, summary and image; empty or None is inherited again.

    What the article says now is remembered for each of them, so that its next change can be told: giving an override
    once more, unchanged, says that it is still meant.
    """
    hold([placement.article])
    placement.refresh_from_db()
    _change(placement, **own, sources=_remembered(placement, own, anew=True))
    return placement


@transaction.atomic
def discard(*, placement: Placement) -> None:
    """Delete a draft, as if the article had never been meant for the site. Raises ValidationError for anything else."""
    hold([placement.article])
    placement.refresh_from_db()
    if placement.status != Status.DRAFT:
        raise ValidationError(
            f"On {placement.site.name} it is {placement.get_status_display()}: only what is prepared is removed."
        )
    placement.delete()


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
    _refuse_taken(placement.site, slug, placement)
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
    return elect(article, prefer)


def put(placement: Placement, *, slug: str = "", **fields: Any) -> None:
    """Within a deed, which holds the article already: change these fields, and look after the address.

    A slug that another article of the site has gets a number; without one it stays, or is made of the title. Whoever
    calls it elects the canonical placement afterwards.
    """
    before, stood = placement.slug, placement.status
    if slug or not before:
        wanted = slug or slug_from(fields.get("title") or placement.article.title)
        fields["slug"] = free_slug(wanted, site_id=placement.site_id, article_id=placement.article_id)
    _change(placement, **fields)
    appears = placement.status == Status.PUBLISHED and stood != Status.PUBLISHED
    if appears or (before != placement.slug and placement.status != Status.DRAFT):
        _keep_address(placement, before)


def elect(article: Article, prefer: Placement | None = None) -> Placement | None:
    """Within a deed, which holds the article already: as `elect_canonical`."""
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


def _found(article: Article, site: Site) -> Placement:
    """The article's placement on the site, or one that is not stored yet."""
    stored = Placement.objects.on(site).filter(article=article).select_related("article", "site").first()
    return stored or Placement(tenant_id=article.tenant_id, article=article, site=site)


# Of these each is judged by the others.
DATED = {"status", "go_live", "expires_at"}


def _change(placement: Placement, **changes: Any) -> None:
    """Save what these change and nothing else: what the object was loaded with may be older than what others wrote.

    It was loaded within the deed, so what is as it was needs no writing and no judging.
    """
    if OVERRIDES.keys() & changes.keys():
        changes = {"sources": _remembered(placement, changes)} | changes
    if placement.pk:
        changes = {name: value for name, value in changes.items() if not _has(placement, name, value)}
    for name, value in changes.items():
        setattr(placement, name, value)
    if placement.pk is None:
        placement.full_clean(exclude=LINKS)
        placement.save()
    elif changes:
        _judge(placement, changes.keys())
        placement.save(update_fields=[*changes, "listed"])


def _judge(placement: Placement, changed: Set[str]) -> None:
    """Raise ValidationError, a sentence, where the database would refuse these changes.

    Its own constraints on a slug are asked of it; those on dates, which are most of what changes, are read here: Django
    asks three statements about each.
    """
    unchanged = {field.name for field in Placement._meta.fields} - changed
    placement.clean_fields(exclude=unchanged.union(LINKS))
    if "slug" in changed:
        placement.validate_constraints(exclude=unchanged.union(LINKS))
    if DATED & changed:
        shown, ends = placement.go_live, placement.expires_at
        if placement.status == Status.PUBLISHED and shown is None:
            raise ValidationError("A published placement needs the moment from which it is shown.")
        if shown and ends and ends <= shown:
            raise ValidationError("It would expire before it is shown.")
        if shown and not (FIRST <= shown < LAST and (ends is None or ends < LAST)):
            raise ValidationError("Give a date between 1900 and 2200.")


def _has(placement: Placement, name: str, value: Any) -> bool:
    """Whether that is its value already; links are compared by their keys, which asks for none of them."""
    if name in LINKS:
        return bool(getattr(placement, f"{name}_id") == (value.pk if value else None))
    return bool(getattr(placement, name) == value)


def _remembered(placement: Placement, changes: Mapping[str, Any], *, anew: bool = False) -> dict[str, Any]:
    """What the article says beneath each override, once these changes are made: as it was when that was written.

    An override that stays as it is keeps what is remembered of it, unless it is given `anew`.
    """
    article = Article.objects.filter(pk=placement.article_id).values(*OVERRIDES.values()).get()
    sources = dict(placement.sources)
    for name in OVERRIDES.keys() & changes.keys():
        if not changes[name]:
            sources.pop(name, None)
        elif anew or name not in sources or changes[name] != getattr(placement, name):
            sources[name] = article[OVERRIDES[name]]
    return sources


def _refuse_recalled(placement: Placement) -> None:
    if placement.status == Status.RECALLED:
        raise ValidationError(f"“{placement.article}” has been recalled. Place it again to bring it back.")


def _refuse_taken(site: Site, slug: str, mine: Placement) -> None:
    if Placement.objects.on(site).filter(slug=slug).exclude(pk=mine.pk).exists():
        raise ValidationError({"slug": f"Another article of {site.name} already has the slug “{slug}”."})


def _again(placements: list[Placement]) -> list[Placement]:
    return list(Placement.objects.filter(pk__in=[one.pk for one in placements]).select_related("article"))


def _end(placements: list[Placement], status: Placement.Status) -> None:
    Placement.objects.filter(pk__in=[placement.pk for placement in placements]).update(status=status)
    for placement in placements:
        placement.status = status
    for article in {placement.article_id: placement.article for placement in placements}.values():
        elect(article)


def _keep_address(placement: Placement, before: str) -> None:
    if before and before != placement.slug:
        redirects.redirect(tenant=placement.tenant, site=placement.site, path=f"/{before}/", target=placement.path)
    else:
        redirects.arrived(site=placement.site, path=placement.path)
