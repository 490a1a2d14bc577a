"""Dated notes on what an article said wrongly: shown with it on all of its sites."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from publishing.correcting import concerned, reword, withdraw_correction
from publishing.models import Article, Correction
from publishing.recalling import published
from publishing.writing import correct
from studio.access import TenantRequest, article_of, needs
from studio.placing.forms import CorrectionForm
from studio.placing.powers import beyond, whom_to_ask
from tenants.roles import Power


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.PLACE)
def add(request: TenantRequest, article_id: int) -> HttpResponse:
    article = article_of(request, article_id)
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and _may(request, article) and form.is_valid():
        note = _plain(form.cleaned_data["note"])
        # Sent twice, it is there once.
        if not Correction.objects.filter(article=article, note=note).exists():
            correct(article=article, note=note, allowed=partial(_may, request))
        messages.success(request, "The correction stands with the article on all of its sites.")
        return _back(request, article)
    return _page(request, article, form)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.PLACE)
def change(request: TenantRequest, article_id: int, correction_id: int) -> HttpResponse:
    article = article_of(request, article_id)
    correction = Correction.objects.filter(pk=correction_id, article=article).select_related("article").first()
    if correction is None:
        raise Http404
    form = CorrectionForm(request.POST or None, note=correction.note)
    if request.method != "POST" or not _may(request, article) or not form.is_valid():
        return _page(request, article, form, correction)
    try:
        _do(request, correction, form.cleaned_data["note"])
    except ValidationError as error:
        form.add_error(None, error.messages)
        return _page(request, article, form, correction)
    return _back(request, article)


def _do(request: TenantRequest, correction: Correction, note: str) -> None:
    seen, allowed = _plain(request.POST.get("seen", "")), partial(_may, request)
    if request.POST.get("do") == "remove":
        withdraw_correction(correction=correction, seen=seen, allowed=allowed)
        messages.success(request, "The correction is removed from all sites. What it said is kept in the audit log.")
    else:
        reword(correction=correction, note=_plain(note), seen=seen, allowed=allowed)
        messages.success(request, "The correction is changed on all sites; its date stays.")


def _may(request: TenantRequest, article: Article) -> bool:
    """Whether the member may place wherever readers see it, have seen it, or may again."""
    if beyond(request, concerned(article)):
        raise PermissionDenied
    return True


def _plain(note: str) -> str:
    """Forms send lines as networks do."""
    return note.replace("\r\n", "\n").strip()


def _page(
    request: TenantRequest, article: Article, form: CorrectionForm, correction: Correction | None = None
) -> HttpResponse:
    placements = published(article)
    not_there = beyond(request, concerned(article))
    told = {
        "article": article,
        "tab": "placements",
        "form": form,
        "correction": correction,
        "placements": placements,
        "beyond": not_there,
        "ask": whom_to_ask() if not_there else [],
    }
    return render(request, "studio/placing/correction.html", told)


def _back(request: TenantRequest, article: Article) -> HttpResponse:
    answer = redirect("article-placements", tenant=request.tenant.slug, article_id=article.pk)
    answer["Location"] += "#corrections"
    return answer
