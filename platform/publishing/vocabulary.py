"""Deeds on what a tenant's articles are filed under and signed with: topics and bylines.

An address of theirs that ends redirects on each site that showed the list. Generations follow by triggers.
"""

from typing import Any, NamedTuple, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef

from publishing import redirects
from publishing.models import (
    Article,
    ArticleByline,
    ArticleTopic,
    Byline,
    BylinePlacement,
    Image,
    Topic,
    TopicPlacement,
)
from publishing.placing import hold
from publishing.slugs import slug_from
from tenants.models import Ownership, Tenant

Term = Topic | Byline
T = TypeVar("T", Topic, Byline)
_LONGEST_SLUG = 100


class Kind(NamedTuple):
    """What differs between topics and bylines: the models of their articles and of their lists on sites, and the
    addresses of such a list with `{}` for the slug."""

    name: str
    links: Any
    listings: Any
    addresses: tuple[str, ...]


KINDS: dict[type[Term], Kind] = {
    Topic: Kind(
        "topic",
        ArticleTopic,
        TopicPlacement,
        ("/topics/{}/", "/topics/{}/rss.xml", "/topics/{}/atom.xml", "/topics/{}/feed.json"),
    ),
    Byline: Kind("byline", ArticleByline, BylinePlacement, ("/bylines/{}/",)),
}


@transaction.atomic
def add_topic(*, tenant: Tenant, name: str, slug: str = "") -> Topic:
    """Without a slug the name gives one. Raises ValidationError by field."""
    return _kept(Topic(tenant=tenant), name=name, slug=slug)


@transaction.atomic
def add_byline(*, tenant: Tenant, name: str, slug: str = "", bio: str = "", picture: Image | None = None) -> Byline:
    """Without a slug the name gives one. Raises ValidationError by field."""
    return _kept(Byline(tenant=tenant), name=name, slug=slug, bio=bio.strip(), picture=picture)


@transaction.atomic
def change_topic(*, topic: Topic, name: str, slug: str) -> Topic:
    """Another name, another slug; an address that changes redirects. Raises ValidationError by field."""
    return _changed(topic, name=name, slug=slug)


@transaction.atomic
def change_byline(*, byline: Byline, name: str, slug: str, bio: str, picture: Image | None) -> Byline:
    """Another name, slug, bio or portrait; an address that changes redirects. Raises ValidationError by field."""
    return _changed(byline, name=name, slug=slug, bio=bio.strip(), picture=picture)


@transaction.atomic
def merge(*, gone: Term, into: Term) -> int:
    """Make one of two: what the one that goes has is the other's, and its addresses redirect there.

    Returns how many articles it had. Both are of one tenant and of one kind.
    """
    if type(gone) is not type(into) or gone.tenant_id != into.tenant_id:
        raise TypeError("Two topics, or two bylines, of one tenant become one.")
    kind = KINDS[type(gone)]
    if gone.pk == into.pk:
        raise ValidationError({"into": f"This is the {kind.name} itself: choose another."})
    links = kind.links.objects.filter(**{kind.name: gone})
    hold(Article.objects.filter(pk__in=links.values("article")).only("pk"))
    sites = _shown_on(gone)
    # As they are now that nobody else changes them.
    filed: int = links.count()
    both = kind.links.objects.filter(**{kind.name: into, "article": OuterRef("article")})
    links.exclude(Exists(both)).update(**{kind.name: into})
    links.delete()
    slug = gone.slug
    gone.delete()
    _redirect(into, sites, slug)
    return filed


@transaction.atomic
def delete_term(*, term: Term) -> None:
    """Raises ValidationError where an article has it: merge it into another, or take it off its articles first."""
    kind = KINDS[type(term)]
    list(type(term).objects.select_for_update().filter(pk=term.pk))
    if kind.links.objects.filter(**{kind.name: term}).exists():
        raise ValidationError(f"“{term}” has articles. Merge it into another {kind.name}, or take it off them first.")
    term.delete()


def _changed(term: T, *, name: str, slug: str, **fields: Any) -> T:
    # Its lists are on any of the tenant's sites: their states are locked before its row, as deeds on articles do.
    hold([], sites=Ownership.objects.filter(tenant=term.tenant_id).values_list("site_id", flat=True))
    term.refresh_from_db()
    before = term.slug
    _kept(term, name=name, slug=slug or before, **fields)
    if term.slug != before:
        _redirect(term, _shown_on(term), before)
    return term


def _kept(term: T, *, name: str, slug: str, **fields: Any) -> T:
    for field, value in fields.items():
        setattr(term, field, value)
    term.name = name.strip()
    term.slug = slug.strip() or slug_from(term.name)[:_LONGEST_SLUG].strip("-")
    term.full_clean(exclude=["tenant", "picture"])
    others = type(term).objects.filter(tenant=term.tenant_id, slug=term.slug).exclude(pk=term.pk)
    if other := others.first():
        raise ValidationError({"slug": f"“{other}” already has the slug “{term.slug}”."})
    term.save()
    return term


def _shown_on(term: Term) -> list[int]:
    """The sites, by primary key, on which readers find a list of it."""
    kind = KINDS[type(term)]
    listed = kind.listings.objects.filter(**{kind.name: term.pk}, site=OuterRef("site"))
    return list(Ownership.objects.filter(Exists(listed), tenant=term.tenant_id).values_list("site_id", flat=True))


def _redirect(term: Term, sites: list[int], before: str) -> None:
    """From the addresses that it had, or that another had which is now this one."""
    if not sites:
        return
    for address in KINDS[type(term)].addresses:
        path, target = address.format(before), address.format(term.slug)
        redirects.redirect_on(tenant=term.tenant, sites=sites, path=path, target=target)
