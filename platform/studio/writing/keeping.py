"""Unsaved words, kept as they are typed; and who else is there. What the editor asks every few seconds."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from publishing import drafting
from publishing.models import Article, Draft, Revision
from studio.access import TenantRequest, article_of, may_write, needs
from studio.writing import opened, words
from studio.writing.views import asks_for_json
from tenants.roles import Power


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.WRITE)
def draft(request: TenantRequest, article_id: int) -> HttpResponse:
    """GET: one's unsaved words, and a token for the forms of a page that is older than the session.

    POST: keep those that are sent, or with `beat` say only that the article is open.
    """
    article = _writable(request, article_id)
    if request.method != "POST":
        return JsonResponse(_words_kept(request, article))
    if "beat" in request.POST:
        mine = drafting.seen(article=article, by=request.user, base=_number(request, "base"))
        return JsonResponse(_news(request, article, mine))
    return _keep(request, article)


@require_POST
@needs(Power.WRITE)
def discard(request: TenantRequest, article_id: int) -> HttpResponse:
    article = _writable(request, article_id)
    mine = drafting.discard(article=article, by=request.user)
    if asks_for_json(request):
        return JsonResponse({"version": mine.version if mine else 0})
    messages.success(request, "Your unsaved words are gone; the article is as it was saved.")
    return redirect("article", tenant=request.tenant.slug, article_id=article.pk)


def _writable(request: TenantRequest, article_id: int) -> Article:
    article = article_of(request, article_id)
    if not may_write(request, article):
        raise PermissionDenied
    return article


def _keep(request: TenantRequest, article: Article) -> HttpResponse:
    try:
        kept = drafting.keep(
            article=article,
            by=request.user,
            base=_number(request, "base"),
            words=words.sent(request.POST),
            version=_number(request, "version"),
        )
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)}, status=422)
    if asks_for_json(request):
        return JsonResponse(_news(request, article, kept.draft) | {"isBehind": kept.is_behind})
    messages.success(request, "Your unsaved words are kept for you. Readers see what was saved.")
    return redirect("article", tenant=request.tenant.slug, article_id=article.pk)


def _news(request: TenantRequest, article: Article, mine: Draft) -> dict[str, Any]:
    """What an open editor is told: how far its own words are kept, who else writes, who saved last."""
    newest = Revision.objects.filter(article=article).order_by("-number").select_related("made_by")
    last = newest.only("number", "made_at", "made_by").first()
    return {
        "version": mine.version,
        "keptAt": mine.saved_at.isoformat() if mine.saved_at else None,
        "latest": last.number if last else 0,
        "latestBy": str(last.made_by) if last and last.made_by else "Somebody",
        "latestIsMine": bool(last and last.made_by_id == request.user.pk),
        "latestAt": last.made_at.isoformat() if last else None,
        "others": opened.presence(request, article, timezone.now()),
    }


def _words_kept(request: TenantRequest, article: Article) -> dict[str, Any]:
    mine = Draft.objects.filter(article=article, user=request.user).first()
    kept = None
    if mine and mine.words is not None:
        shown = words.shown(mine.words, lambda image: opened.picture_file(request, image))
        kept = {"words": shown, "base": mine.base, "keptAt": mine.saved_at and mine.saved_at.isoformat()}
    return {
        "token": get_token(request),
        "version": mine.version if mine else 0,
        "kept": kept,
    }


def _number(request: TenantRequest, name: str) -> int:
    """What was sent under the name, if it is a number that a column could hold; else 0."""
    value = request.POST.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else 0
