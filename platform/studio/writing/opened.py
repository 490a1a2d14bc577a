"""What the page of an open article shows beside the words: who else is there, where they are live, what was kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.http import Http404
from django.templatetags.static import static
from django.urls import reverse

from publishing.bodies import embeds
from publishing.drafting import others_at
from publishing.models import Article, ArticleByline, ArticleTopic, Draft, Image, Placement, Revision
from sites_core.origins import origin
from studio.access import TenantRequest
from studio.standing import Standing, standing
from tenants.roles import Power


@dataclass(frozen=True, slots=True)
class Term:
    """A topic or byline; without a number it is a name that is not there yet."""

    pk: int | None
    name: str


def article_with_words(article_id: int) -> Article:
    """The article with all that is stored of it, its picture, and its newest revision's number as `latest`.

    Http404 where there is none.
    """
    newest = Revision.objects.filter(article=OuterRef("pk")).order_by("-number").values("number")[:1]
    asked: QuerySet[Article] = Article.objects.select_related("lead_image").defer("text", "stems", "words")
    article = asked.annotate(latest=Subquery(newest)).filter(pk=article_id).first()
    if article is None:
        raise Http404
    return article


def live_on(article: Article, now: datetime) -> list[dict[str, str]]:
    """The sites, by domain, on which readers see the article now: their names, and its address there."""
    placed = Placement.objects.filter(article=article, status=Placement.Status.PUBLISHED).select_related("site")
    return [
        {"name": one.site.name, "url": f"{origin(one.site.domain)}{one.path}"}
        for one in placed.order_by("site__domain")
        if standing(one, now) == Standing.LIVE
    ]


def filed(article: Article) -> dict[str, list[Term]]:
    """What the article is filed under and signed with, in order; in one statement."""
    of_article: list[QuerySet[Any]] = [
        links.objects.filter(article=article)
        .order_by()
        .annotate(vocabulary=Value(name))
        .values_list("vocabulary", "position", "pk", f"{term}_id", f"{term}__name")
        for name, links, term in (("topics", ArticleTopic, "topic"), ("bylines", ArticleByline, "byline"))
    ]
    found: dict[str, list[Term]] = {"topics": [], "bylines": []}
    for vocabulary, _, _, pk, name in sorted(of_article[0].union(of_article[1], all=True)):
        found[vocabulary].append(Term(pk, name))
    return found


def why_not(request: TenantRequest, article: Article) -> str:
    """Why somebody who may read the article may not change it, in a sentence."""
    if not request.membership.may(Power.WRITE):
        return "Your role in this newsroom reads; it does not write."
    if request.membership.may(Power.EDIT):
        return "It is, or was, published on a site on which you are no editor: whoever edits there can change it."
    if article.written_by_id == request.user.pk:
        return "It is published: from now on an editor changes it. Write to one, or comment on it in the review."
    return "Only who began an article, or an editor, can change it."


def presence(request: TenantRequest, article: Article, now: datetime) -> list[dict[str, Any]]:
    """Who else has the article open: a name, and how many seconds ago they last wrote, if they did."""
    return [
        {
            "name": str(draft.user),
            "wrote": round((now - draft.saved_at).total_seconds()) if draft.saved_at else None,
        }
        for draft in others_at(article, by=request.user, now=now)
    ]


def own_draft(request: TenantRequest, article: Article) -> Draft | None:
    """The member's own, without its words."""
    return Draft.objects.filter(article=article, user=request.user).defer("words").first()


def picture_file(request: TenantRequest, image: Image) -> str:
    """Where the studio shows a small file of the picture."""
    path = image.url_for(480).rpartition("/")[2]
    return reverse("media", kwargs={"tenant": request.tenant.slug}) + f"file/{path}"


def told_to_the_browser(request: TenantRequest, article: Article | None) -> dict[str, Any]:
    """What the editor's modules need to know, as JSON in the page."""

    def url(name: str, **kwargs: Any) -> str:
        return reverse(name, kwargs={"tenant": request.tenant.slug, **kwargs})

    told: dict[str, Any] = {
        "embeds": embeds.known(),
        "rendering": url("words-rendered"),
        "pictures": url("media-choose"),
        "upload": url("media-upload"),
        "topics": url("topic-choices"),
        "bylines": url("byline-choices"),
        "signIn": reverse("account_login"),
        "signs": static("studio/writing/signs.svg"),
    }
    if article is not None:
        told |= {
            "key": f"masthead:words:{request.tenant.slug}:{article.pk}:{request.user.pk}",
            "draft": url("article-draft", article_id=article.pk),
            "discard": url("article-draft-discard", article_id=article.pk),
            "merge": url("article-merge", article_id=article.pk),
        }
    return told
