"""A page of the list: what each row tells of its article."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Count, Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from publishing.models import Article, ArticleByline, Comment, Review, Revision
from studio.access import TenantRequest
from studio.listing.marks import Marks, marks_of


@dataclass(frozen=True, slots=True)
class Row:
    """`article` has `names` (its bylines), `changed_by`, `remarks` (unresolved ones) and `in_review` beside its own."""

    article: Any
    marks: Marks


def rows_of(request: TenantRequest, articles: list[int], now: datetime, site_id: int = 0) -> list[Row]:
    """In the order of the keys; what has been deleted meanwhile is left out."""
    if not articles:
        return []
    marks = marks_of(request, articles, now, site_id)
    known = {article.pk: article for article in _told(Article.objects.filter(pk__in=articles))}
    return [Row(known[key], marks[key]) for key in articles if key in known]


def _told(articles: QuerySet[Article]) -> QuerySet[Article]:
    of_article = {"article": OuterRef("pk")}
    bylines = ArticleByline.objects.filter(**of_article).order_by("position", "id").values("byline__name")
    person = Coalesce(NullIf(F("made_by__name"), Value("")), F("made_by__email"), output_field=CharField())
    last = Revision.objects.filter(**of_article).order_by("-number").values(who=person)[:1]
    remarks = Comment.objects.filter(**of_article, parent=None, resolved_at=None).order_by().values("article")
    return articles.only("title", "kind", "stage", "word_count", "updated_at", "tenant_id").annotate(
        names=ArraySubquery(bylines),
        changed_by=Subquery(last),
        remarks=Coalesce(Subquery(remarks.annotate(n=Count("pk")).values("n")), 0),
        in_review=Exists(Review.objects.filter(**of_article, state=Review.State.OPEN)),
    )
