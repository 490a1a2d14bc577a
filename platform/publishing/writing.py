"""Deeds on what is written: write, revise, correct. Each leaves a revision; none decides where an article appears."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from publishing.bodies import Body, BodyFormat, render
from publishing.images import shown_in
from publishing.models import Article, ArticleByline, ArticleTopic, Byline, Correction, Placement, Revision, Topic
from publishing.placing import hold
from publishing.translating import refuse_language
from tenants.models import Tenant, User

# What a revision keeps, and what `write` and `revise` take.
TEXT_FIELDS = ("title", "summary", "body", "body_format")


@transaction.atomic
def write(
    *,
    tenant: Tenant,
    by: User | None = None,
    topics: Iterable[Topic] = (),
    bylines: Iterable[Byline] = (),
    **fields: Any,
) -> Article:
    """A new article with its first revision. `fields` are those of Article; the body is rendered and sanitised here."""
    article = Article(tenant=tenant, **fields)
    _render(article)
    article.save()
    _keep_revision(article, by)
    ArticleTopic.objects.bulk_create(topic_links(article, topics))
    ArticleByline.objects.bulk_create(byline_links(article, bylines))
    return article


@transaction.atomic
def revise(*, article: Article, by: User | None = None, **fields: Any) -> Article:
    """Change an article's own fields and leave the others as they are stored; a change of words adds a revision."""
    hold([article])
    article.refresh_from_db()
    changed = {name for name, value in fields.items() if getattr(article, name) != value}
    if not changed:
        return article
    if "language" in changed:
        refuse_language(article=article, language=fields["language"])
    for name in changed:
        setattr(article, name, fields[name])
    article.updated_at = timezone.now()
    if changed & {"body", "body_format"}:
        _render(article)
        changed |= {"html", "text", "word_count"}
    article.save(update_fields=[*changed, "updated_at"])
    if changed.intersection(TEXT_FIELDS):
        _keep_revision(article, by)
    if "kind" in changed:
        Placement.objects.filter(article=article).update(listed=article.kind == Article.Kind.ARTICLE)
    return article


@transaction.atomic
def correct(*, article: Article, note: str, noted_at: datetime | None = None) -> Correction:
    """A dated note, shown with the article on all its sites."""
    hold([article])
    return Correction.objects.create(
        tenant=article.tenant, article=article, note=note, noted_at=noted_at or timezone.now()
    )


@transaction.atomic
def set_topics(*, article: Article, topics: Iterable[Topic]) -> None:
    """The article's topics, in this order."""
    hold([article])
    ArticleTopic.objects.filter(article=article).delete()
    ArticleTopic.objects.bulk_create(topic_links(article, topics))


@transaction.atomic
def set_bylines(*, article: Article, bylines: Iterable[Byline]) -> None:
    """Who signs the article, in this order."""
    hold([article])
    ArticleByline.objects.filter(article=article).delete()
    ArticleByline.objects.bulk_create(byline_links(article, bylines))


def topic_links(article: Article, topics: Iterable[Topic]) -> list[ArticleTopic]:
    """The rows, not yet stored, that file the article under these topics in this order."""
    return [
        ArticleTopic(tenant_id=article.tenant_id, article=article, topic=topic, position=position)
        for position, topic in enumerate(topics)
    ]


def byline_links(article: Article, bylines: Iterable[Byline]) -> list[ArticleByline]:
    """The rows, not yet stored, by which these sign the article in this order."""
    return [
        ArticleByline(tenant_id=article.tenant_id, article=article, byline=byline, position=position)
        for position, byline in enumerate(bylines)
    ]


def rendered(article: Article) -> Body:
    """What readers get of the article's body as it is, with what is known of its pictures today."""
    body_format: BodyFormat = "html" if article.body_format == "html" else "markdown"
    return render(article.body, body_format, shown_in(article.tenant_id, article.body))


def _render(article: Article) -> None:
    body = rendered(article)
    article.html, article.text, article.word_count = body.html, body.text, body.word_count


def _keep_revision(article: Article, by: User | None) -> Revision:
    last = Revision.objects.filter(article=article).aggregate(last=Max("number"))["last"] or 0
    words = {name: getattr(article, name) for name in TEXT_FIELDS}
    return Revision.objects.create(tenant=article.tenant, article=article, number=last + 1, made_by=by, **words)
