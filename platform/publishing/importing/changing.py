"""A post that an earlier run landed, landed again: through the deeds, one at a time."""

from collections.abc import Sequence

from django.contrib.sites.models import Site

from publishing.importing.arriving import without_pages
from publishing.importing.post import Changes, Post, changes
from publishing.importing.prepared import Prepared
from publishing.models import Article, Placement
from publishing.placing import move, place, unpublish
from publishing.redirects import redirect
from publishing.slugs import free_slug
from publishing.writing import revise
from tenants.models import Tenant

Status = Placement.Status


def change(one: Prepared, *, tenant: Tenant, sites: Sequence[Site]) -> None:
    """What an editor decided stays: a slug or a date yields only where the source has changed its own since, and what
    was unpublished or recalled does not come back. Recalled anywhere means recalled everywhere."""
    article = Article.objects.get(source_id=one.post.source_id)
    changed = changes(article.source_digest, one.fields["source_digest"])
    revise(article=article, topics=one.topics, bylines=one.bylines, **one.fields)
    placed = {placement.site_id: placement for placement in Placement.objects.filter(article=article)}
    if any(placement.status == Status.RECALLED for placement in placed.values()):
        return
    leads = None if any(placement.is_canonical for placement in placed.values()) else sites[0]
    for site in sorted(sites, key=lambda site: site.pk):
        before = placed.get(site.pk)
        if before is None:
            _arrive(article, site, one.post, canonical=site is leads)
        elif before.status != Status.UNPUBLISHED:
            _follow(before, one.post, changed, canonical=site is leads)
        _redirect(article, site, one.post, tenant)


def _arrive(article: Article, site: Site, post: Post, *, canonical: bool) -> None:
    if post.status == "published":
        place(
            article=article, site=site, go_live=post.published_at, expires_at=post.expires_at, slug=post.slug,
            canonical=canonical,
        )  # fmt: skip
        return
    slug = free_slug(post.slug, site_id=site.pk, article_id=article.pk)
    Placement(
        tenant=article.tenant, article=article, site=site, slug=slug, go_live=post.published_at,
        expires_at=post.expires_at,
    ).save()  # fmt: skip


def _follow(placement: Placement, post: Post, changed: Changes, *, canonical: bool) -> None:
    """The placement as the source has changed it."""
    if changed.timing and post.status == "draft" and placement.status == Status.PUBLISHED:
        unpublish(placements=[placement])
    elif changed.timing and post.status == "published":
        place(
            article=placement.article, site=placement.site, go_live=post.published_at, expires_at=post.expires_at,
            slug=post.slug if changed.slug else "", canonical=canonical,
        )  # fmt: skip
    elif changed.slug:
        slug = free_slug(post.slug, site_id=placement.site_id, article_id=placement.article_id)
        if placement.status == Status.PUBLISHED:
            move(placement=placement, slug=slug)
        else:
            Placement.objects.filter(pk=placement.pk).update(slug=slug)


def _redirect(article: Article, site: Site, post: Post, tenant: Tenant) -> None:
    placement = Placement.objects.on(site).filter(article=article, status=Status.PUBLISHED).first()
    moved = without_pages(dict.fromkeys(post.permalinks, placement.path), site) if placement else {}
    for path, target in moved.items():
        redirect(tenant=tenant, site=site, path=path, target=target)
