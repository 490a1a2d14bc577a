"""New posts, many at once: the very rows that `write`, `place` and `redirect` make, in a dozen statements for all.

One post at a time takes thirty statements a post.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.contrib.sites.models import Site
from django.utils import timezone

from publishing.importing.prepared import Prepared
from publishing.models import Article, ArticleByline, ArticleTopic, Placement, Redirect, Revision
from publishing.redirects import redirect
from publishing.slugs import free_slugs
from publishing.writing import TEXT_FIELDS, byline_links, details_of, topic_links
from tenants.models import Tenant

Status = Placement.Status


def add(arriving: Sequence[Prepared], *, tenant: Tenant, sites: Sequence[Site]) -> None:
    """Expects a transaction, and posts of which none is stored yet."""
    if not arriving:
        return
    articles = Article.objects.bulk_create(_article(one, tenant) for one in arriving)
    pairs = list(zip(arriving, articles, strict=True))
    Revision.objects.bulk_create(_first_revision(one, article) for one, article in pairs)
    ArticleTopic.objects.bulk_create(link for one, article in pairs for link in topic_links(article, one.topics))
    ArticleByline.objects.bulk_create(link for one, article in pairs for link in byline_links(article, one.bylines))
    for site in sorted(sites, key=lambda site: site.pk):
        placements = _place(pairs, site, is_first=site is sites[0])
        _redirect(arriving, placements, tenant, site)


def _article(one: Prepared, tenant: Tenant) -> Article:
    body = one.body
    now = timezone.now()
    return Article(
        tenant=tenant,
        # Readers meet what was written then: the day of its import is nothing to them.
        updated_at=min(now, one.post.published_at or now),
        source_id=one.post.source_id,
        html=body.html,
        text=body.text,
        word_count=body.word_count,
        **one.fields,
    )


def _first_revision(one: Prepared, article: Article) -> Revision:
    words = {name: getattr(article, name) for name in TEXT_FIELDS}
    details = details_of(article, one.topics, one.bylines)
    return Revision(tenant_id=article.tenant_id, article=article, number=1, details=details, **words)


def _place(pairs: Sequence[tuple[Prepared, Article]], site: Site, *, is_first: bool) -> list[Placement]:
    slugs = free_slugs([one.post.slug for one, _ in pairs], site_id=site.pk)
    now = timezone.now()
    placements = Placement.objects.bulk_create(
        _placement(one, article, site, slug, is_first, now) for (one, article), slug in zip(pairs, slugs, strict=True)
    )
    arrived = [placement.path for placement in placements if placement.status == Status.PUBLISHED]
    Redirect.objects.filter(site=site, path__in=arrived).delete()
    return placements


def _placement(one: Prepared, article: Article, site: Site, slug: str, is_first: bool, now: datetime) -> Placement:
    published = one.post.status == "published"
    return Placement(
        tenant_id=article.tenant_id,
        article=article,
        site=site,
        slug=slug,
        status=Status.PUBLISHED if published else Status.DRAFT,
        go_live=one.post.published_at or (now if published else None),
        expires_at=one.post.expires_at,
        is_canonical=published and is_first,
        listed=article.kind == Article.Kind.ARTICLE,
    )


def _redirect(arriving: Sequence[Prepared], placements: Sequence[Placement], tenant: Tenant, site: Site) -> None:
    old = {
        path: placement.path
        for one, placement in zip(arriving, placements, strict=True)
        if placement.status == Status.PUBLISHED
        for path in one.post.permalinks
    }
    moved = without_pages(old, site)
    on_site = Redirect.objects.filter(site=site)
    known = set(on_site.filter(path__in=moved).values_list("path", flat=True))
    known |= set(on_site.filter(target__in=moved).values_list("target", flat=True))
    for path in known & moved.keys():
        redirect(tenant=tenant, site=site, path=path, target=moved.pop(path))
    Redirect.objects.bulk_create(
        Redirect(tenant=tenant, site=site, path=path, target=target) for path, target in moved.items()
    )


def without_pages(moved: Mapping[str, str], site: Site) -> dict[str, str]:
    """Old paths and their new ones, without those where a page of the site stands: a redirect never hides one."""
    slugs = {path.strip("/") for path in moved if "/" not in path.strip("/")}
    pages = set(Placement.objects.on(site).filter(slug__in=slugs).values_list("slug", flat=True)) if slugs else set()
    return {path: target for path, target in moved.items() if path != target and path.strip("/") not in pages}
