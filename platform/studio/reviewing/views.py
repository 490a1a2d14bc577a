"""Reviews and comments of an article."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from publishing import commenting, reviewing
from publishing.models import Article, Comment, Review
from studio.access import TenantRequest, may_write, needs
from studio.reviewing.marking import Reading
from studio.reviewing.threads import comments_of, threads_of
from studio.writing.showing import shown
from tenants.models import User
from tenants.roles import Power


@dataclass(frozen=True, slots=True)
class Typed:
    """What was sent and not taken: into which form, the words, and why. They stand there again."""

    form: str
    text: str
    quote: str
    error: str


@require_safe
@needs(Power.READ)
def review(request: TenantRequest, article_id: int) -> HttpResponse:
    return _page(request, _article(article_id))


@require_POST
@needs(Power.WRITE)
def ask(request: TenantRequest, article_id: int) -> HttpResponse:
    article = _article(article_id)
    if not may_write(request, article):
        raise PermissionDenied

    def deed() -> str:
        of = _reviewer(request.POST.get("of", ""))
        note = request.POST.get("note", "")
        reviewing.ask_review(article=article, by=request.user, of=of, note=note, allowed=partial(may_write, request))
        return f"{of} is asked for a review." if of else "Whoever edits is asked for a review."

    return _done(request, article, deed, "ask", "note")


@require_POST
@needs(Power.EDIT)
def answer(request: TenantRequest, article_id: int, review_id: int) -> HttpResponse:
    article = _article(article_id)
    asked = _review(article, review_id)

    def deed() -> str:
        words = request.POST.get("answer", "")
        if request.POST.get("deed") == "approve":
            reviewing.approve(review=asked, by=request.user, seen=_seen(request), answer=words)
            return f"“{article}” is approved."
        reviewing.ask_changes(review=asked, by=request.user, answer=words)
        return "The article is a draft again, with your answer."

    return _done(request, article, deed, "answer", "answer")


@require_POST
@needs(Power.WRITE)
def withdraw(request: TenantRequest, article_id: int, review_id: int) -> HttpResponse:
    article = _article(article_id)
    asked = _review(article, review_id)

    def deed() -> str:
        reviewing.withdraw(review=asked, by=request.user)
        return "The request is taken back: the article is a draft again."

    return _done(request, article, deed, "withdraw")


@require_POST
@needs(Power.WRITE)
def comment(request: TenantRequest, article_id: int) -> HttpResponse:
    article = _article(article_id)
    sent = request.POST

    def deed() -> str:
        said = commenting.comment(
            article=article,
            by=request.user,
            text=sent.get("text", ""),
            quote=sent.get("quote", ""),
            before=sent.get("before", ""),
            after=sent.get("after", ""),
        )
        return f"#comment-{said.pk}"

    return _done(request, article, deed, "comment", "text")


@require_POST
@needs(Power.WRITE)
def answer_comment(request: TenantRequest, article_id: int, comment_id: int) -> HttpResponse:
    article = _article(article_id)
    said = _comment(article, comment_id)

    def deed() -> str:
        text = request.POST.get("text", "")
        return f"#comment-{commenting.comment(article=article, by=request.user, text=text, parent=said).pk}"

    return _done(request, article, deed, f"answer-{comment_id}", "text")


@require_POST
@needs(Power.WRITE)
def edit_comment(request: TenantRequest, article_id: int, comment_id: int) -> HttpResponse:
    article = _article(article_id)
    said = _comment(article, comment_id)

    def deed() -> str:
        return f"#comment-{commenting.edit(comment=said, by=request.user, text=request.POST.get('text', '')).pk}"

    return _done(request, article, deed, f"edit-{comment_id}", "text")


@require_POST
@needs(Power.WRITE)
def delete_comment(request: TenantRequest, article_id: int, comment_id: int) -> HttpResponse:
    article = _article(article_id)
    said = _comment(article, comment_id)

    def deed() -> str:
        commenting.delete(comment=said, by=request.user)
        return "The comment is deleted."

    return _done(request, article, deed, f"delete-{comment_id}")


@require_POST
@needs(Power.WRITE)
def resolve_comment(request: TenantRequest, article_id: int, comment_id: int) -> HttpResponse:
    """Also the other way round, with `again`."""
    article = _article(article_id)
    said = _comment(article, comment_id)

    def deed() -> str:
        if "again" in request.POST:
            return f"#comment-{commenting.reopen(comment=said, by=request.user).pk}"
        commenting.resolve(comment=said, by=request.user)
        return "The thread is resolved."

    return _done(request, article, deed, f"resolve-{comment_id}")


def _done(
    request: TenantRequest, article: Article, deed: Callable[[], str], form: str, words: str = ""
) -> HttpResponse:
    """The page again, at what the deed left: it says a sentence, or where to look. What was refused stands there with
    the words that were typed."""
    try:
        said = deed()
    except ValidationError as error:
        sentence = " ".join(error.messages)
        if not words:
            messages.error(request, sentence)
            return redirect(_address(request, article))
        typed = Typed(form, request.POST.get(words, ""), request.POST.get("quote", ""), sentence)
        # As it is now: the deed may have seen what the page has not.
        return _page(request, _article(article.pk), typed)
    if said.startswith("#"):
        return redirect(f"{_address(request, article)}{said}")
    messages.success(request, said)
    return redirect(_address(request, article))


def _page(request: TenantRequest, article: Article, typed: Typed | None = None) -> HttpResponse:
    edits, writes = request.membership.may(Power.EDIT), request.membership.may(Power.WRITE)
    reading = Reading(article, shown(request.tenant, article.html))
    threads = threads_of(article, comments_of(article), reading, request.user, edits=edits)
    reviews = Review.objects.filter(article=article).select_related("asked_by", "asked_of", "answered_by")
    asked = list(reviews.order_by("-asked_at", "-pk")[:50])
    waiting = next((one for one in asked if one.state == Review.State.OPEN), None)
    may_ask = writes and waiting is None and article.stage != Article.Stage.APPROVED and may_write(request, article)
    owns = request.membership.may(Power.MANAGE)
    reviewers = [one for one in reviewing.reviewers() if owns or one.pk != request.user.pk] if may_ask else []
    context: dict[str, Any] = {
        "article": article,
        "tab": "review",
        "threads": threads,
        "text": reading.marked(threads.marks),
        "openings": reading.openings() if writes else [],
        "waiting": waiting,
        "answered": [one for one in asked if one is not waiting],
        "latest": reviewing.latest_revision(article),
        "edits": edits,
        "writes": writes,
        "may_ask": may_ask,
        "may_approve": edits and waiting is not None and (owns or _is_others(waiting, request.user)),
        "may_withdraw": waiting is not None and (edits or waiting.asked_by_id == request.user.pk),
        "reviewers": reviewers,
        "typed": typed,
        "most": commenting.MAX_TEXT,
    }
    return render(request, "studio/reviewing/review.html", context, status=422 if typed else 200)


def _is_others(waiting: Review, user: User) -> bool:
    """Whether neither the request nor the words that it is about are theirs."""
    return waiting.asked_by_id != user.pk and not reviewing.wrote_on(waiting.article, user)


def _address(request: TenantRequest, article: Article) -> str:
    return reverse("article-review", kwargs={"tenant": request.tenant.slug, "article_id": article.pk})


def _article(article_id: int) -> Article:
    """With its rendered text, which is what comments are about."""
    article = Article.objects.defer("body", "text", "words", "stems").filter(pk=article_id).first()
    if article is None:
        raise Http404
    return article


def _review(article: Article, review_id: int) -> Review:
    found = Review.objects.filter(article=article, pk=review_id).first()
    if found is None:
        raise Http404
    found.article = article
    return found


def _comment(article: Article, comment_id: int) -> Comment:
    found = Comment.objects.filter(article=article, pk=comment_id).first()
    if found is None:
        raise Http404
    return found


def _reviewer(key: str) -> User | None:
    """Of the tenant's members who may answer; anybody else is answered like nobody."""
    if not key:
        return None
    found = next((user for user in reviewing.reviewers() if str(user.pk) == key), None)
    if found is None:
        raise ValidationError("Choose one of those who can answer, or anybody.")
    return found


def _seen(request: TenantRequest) -> int:
    """The number of the revision that the page showed; 0, which none has, for anything else."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0
