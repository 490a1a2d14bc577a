"""Deeds on what is written: write, revise, correct. Each leaves a revision; none decides where an article appears."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from publishing.bodies import Body, BodyFormat, render
from publishing.images import shown_in, with_todays_names
from publishing.models import Article, ArticleByline, ArticleTopic, Byline, Correction, Placement, Revision, Topic
from publishing.permission import Allowed, refuse_unless
from publishing.placing import hold
from publishing.reviewing import end_approval
from publishing.translating import refuse_language
from tenants.models import Tenant, User

# What a revision keeps, and what `write` and `revise` take.
TEXT_FIELDS = ("title", "summary", "body", "body_format")
# What it keeps beside, in its details: these fields, and the primary keys of topics and bylines in their order.
DETAIL_FIELDS = ("language", "lead_image_id")


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
    article = Article(tenant=tenant, **{"written_by": by} | fields)
    _render(article)
    article.save()
    ArticleTopic.objects.bulk_create(topic_links(article, topics))
    ArticleByline.objects.bulk_create(byline_links(article, bylines))
    _keep_revision(article, by)
    return article


@transaction.atomic
def revise(
    *,
    article: Article,
    by: User | None = None,
    topics: Iterable[Topic] | None = None,
    bylines: Iterable[Byline] | None = None,
    **fields: Any,
) -> Article:
    """Change an article's own fields and leave the others as they are stored. What a revision keeps adds one.

    Topics and bylines, where given, take the place of those that it has. What was approved is a draft again, whatever
    of it readers would see otherwise (`publishing.reviewing.end_approval`).
    """
    hold([article])
    article.refresh_from_db()
    changed = {name for name, value in fields.items() if getattr(article, name) != value}
    filed = _file(article, topics, bylines)
    if not changed and not filed:
        return article
    if "language" in changed:
        refuse_language(article=article, language=fields["language"])
    for name in changed:
        setattr(article, name, fields[name])
    article.updated_at = timezone.now()
    if changed & {"body", "body_format"}:
        _render(article)
        changed |= {"body", "html", "text", "word_count"}
    article.save(update_fields=[*changed, "updated_at"])
    is_new = filed or bool(changed.intersection({*TEXT_FIELDS, *DETAIL_FIELDS, "lead_image"}))
    if is_new:
        _keep_revision(article, by)
    if (is_new or "kind" in changed) and "stage" not in changed:
        end_approval(article)
    if "kind" in changed:
        Placement.objects.filter(article=article).update(listed=article.kind == Article.Kind.ARTICLE)
    return article


@transaction.atomic
def correct(
    *, article: Article, note: str, noted_at: datetime | None = None, allowed: Allowed | None = None
) -> Correction:  # fmt: skip
    """A dated note, shown with the article on all its sites."""
    hold([article])
    refuse_unless(allowed, article)
    return Correction.objects.create(
        tenant=article.tenant, article=article, note=note, noted_at=noted_at or timezone.now()
    )


@transaction.atomic
def set_topics(*, article: Article, topics: Iterable[Topic]) -> None:
    """The article's topics, in this order."""
    hold([article])
    if _file(article, topics, None):
        article.refresh_from_db(fields=["stage"])
        end_approval(article)


@transaction.atomic
def set_bylines(*, article: Article, bylines: Iterable[Byline]) -> None:
    """Who signs the article, in this order."""
    hold([article])
    if _file(article, None, bylines):
        article.refresh_from_db(fields=["stage"])
        end_approval(article)


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


def _file(article: Article, topics: Iterable[Topic] | None, bylines: Iterable[Byline] | None) -> bool:
    """Within a deed, which holds the article already. Whether anything changed: what stays is not written anew."""
    wanted: list[tuple[type[ArticleTopic | ArticleByline], str, list[Any]]] = []
    if topics is not None:
        wanted.append((ArticleTopic, "topic", topic_links(article, topics)))
    if bylines is not None:
        wanted.append((ArticleByline, "byline", byline_links(article, bylines)))
    filed = False
    for links, term, rows in wanted:
        if [getattr(row, f"{term}_id") for row in rows] != _filed(links, term, article):
            links.objects.filter(article=article).delete()
            links.objects.bulk_create(rows)
            filed = True
    return filed


def _filed(links: type[ArticleTopic | ArticleByline], term: str, article: Article) -> list[int]:
    return list(links.objects.filter(article=article).values_list(f"{term}_id", flat=True))


def _render(article: Article) -> None:
    article.body = with_todays_names(article.tenant_id, article.body)
    body = rendered(article)
    article.html, article.text, article.word_count = body.html, body.text, body.word_count


def _keep_revision(article: Article, by: User | None) -> Revision:
    last = Revision.objects.filter(article=article).aggregate(last=Max("number"))["last"] or 0
    words = {name: getattr(article, name) for name in TEXT_FIELDS}
    topics = [link.topic for link in ArticleTopic.objects.filter(article=article).select_related("topic")]
    bylines = [link.byline for link in ArticleByline.objects.filter(article=article).select_related("byline")]
    details = details_of(article, topics, bylines)
    return Revision.objects.create(
        tenant=article.tenant, article=article, number=last + 1, made_by=by, details=details, **words
    )


def details_of(article: Article, topics: Iterable[Topic], bylines: Iterable[Byline]) -> dict[str, Any]:
    """What a revision keeps beside the words: topics and bylines by their primary keys in their order, and under
    `names` what each was called, since they may be gone when somebody asks."""
    named = {"topics": {one.pk: one.name for one in topics}, "bylines": {one.pk: one.name for one in bylines}}
    kept = {name: getattr(article, name) for name in DETAIL_FIELDS}
    kept |= {term: list(names) for term, names in named.items()}
    # JSON's names are strings: what is stored must be equal to what is read again.
    return kept | {"names": {term: {str(key): name for key, name in names.items()} for term, names in named.items()}}
