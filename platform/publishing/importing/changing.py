"""A post that an earlier run landed, landed again: through the deeds, one at a time."""

from collections.abc import Sequence

from django.contrib.sites.models import Site

from publishing.importing.arriving import without_pages
from publishing.importing.post import Post
from publishing.importing.prepared import Prepared
from publishing.models import Article, Placement
from publishing.placing import place, unpublish
from publishing.redirects import redirect
from publishing.slugs import free_slug
from publishing.writing import revise, set_bylines, set_topics
from tenants.models import Tenant

Status = Placement.Status


def change(one: Prepared, *, tenant: Tenant, sites: Sequence[Site]) -> None:
    """What an editor has unpublished or recalled stays so: an import does not bring it back."""
    article = Article.objects.get(source_id=one.post.source_id)
    revise(article=article, **one.fields)
    set_topics(article=article, topics=one.topics)
    set_bylines(article=article, bylines=one.bylines)
    placed = {placement.site_id: placement for placement in Placement.objects.filter(article=article)}
    for site in sites:
        before = placed.get(site.pk)
        if before and before.status in (Status.UNPUBLISHED, Status.RECALLED):
            continue
        if one.post.status == "draft":
            _draft(article, site, one.post, before)
        else:
            _place(article, site, one.post, tenant)


def _place(article: Article, site: Site, post: Post, tenant: Tenant) -> None:
    placement = place(article=article, site=site, go_live=post.published_at, slug=post.slug)
    moved = without_pages(dict.fromkeys(post.permalinks, placement.path), site)
    for path, target in moved.items():
        redirect(tenant=tenant, site=site, path=path, target=target)


def _draft(article: Article, site: Site, post: Post, before: Placement | None) -> None:
    if before is None:
        slug = free_slug(post.slug, site_id=site.pk, article_id=article.pk)
        draft = Placement(tenant=article.tenant, article=article, site=site, slug=slug, go_live=post.published_at)
        draft.save()
    elif before.status == Status.PUBLISHED:
        unpublish(placements=[before])
