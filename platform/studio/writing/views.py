"""Where an article is written: begun, read by those who may not change it, written and saved by those who may."""

import uuid
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from publishing import drafting
from publishing.bodies import BodyTooLong
from publishing.models import Article, Byline, Draft, Image, Topic
from studio.access import TenantRequest, may_write, needs
from studio.writing import opened, words
from studio.writing.approval import Approval
from studio.writing.forms import LANGUAGES, BeginForm, WordsForm
from studio.writing.media import editor_media
from studio.writing.opened import Term
from studio.writing.showing import shown
from tenants.roles import Power

LONG_TITLE, LONG_SUMMARY = 60, 160
"""Characters from which on search engines and cards cut a title, and a summary."""


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.WRITE)
def new(request: TenantRequest) -> HttpResponse:
    form = BeginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        once = str(form.cleaned_data.pop("once"))
        article = drafting.begin(tenant=request.tenant, by=request.user, once=once, **form.cleaned_data)
        return redirect("article", tenant=request.tenant.slug, article_id=article.pk)
    if "once" in form.errors:
        # A mark that is none: another one, and the sentence that goes with it tells nobody anything.
        form = BeginForm(initial={"once": uuid.uuid4(), **{name: form[name].value() for name in ("title", "kind")}})
    return render(request, "studio/writing/new.html", {"form": form, "languages": LANGUAGES})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.READ)
def write(request: TenantRequest, article_id: int) -> HttpResponse:
    article = opened.article_with_words(article_id)
    if not may_write(request, article):
        if request.method == "POST":
            raise PermissionDenied
        return _read(request, article)
    if request.method == "POST":
        return _save(request, article)
    return _edit(request, article)


def asks_for_json(request: HttpRequest) -> bool:
    """Whether the editor's own modules ask; a browser that sends a form wants a page."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _read(request: TenantRequest, article: Article) -> HttpResponse:
    context = {
        "article": article,
        "tab": "write",
        "why_not": opened.why_not(request, article),
        "live_on": opened.live_on(article, timezone.now()),
        "filed": opened.filed(article),
        "html": shown(request.tenant, article.html),
    }
    return render(request, "studio/writing/read.html", context)


def _edit(request: TenantRequest, article: Article, form: WordsForm | None = None) -> HttpResponse:
    now = timezone.now()
    draft = opened.own_draft(request, article)
    context = {
        "article": article,
        "tab": "write",
        "form": form,
        "mistakes": form.errors if form else {},
        "latest": getattr(article, "latest", None) or 0,
        "draft": draft,
        # A draft that waits to be taken up again is not ended by saving something else.
        "version": "" if draft and draft.saved_at else draft.version if draft else 0,
        "live_on": opened.live_on(article, now),
        "others": opened.presence(request, article, now),
        "told": opened.told_to_the_browser(request, article),
        "languages": LANGUAGES,
        "kinds": Article.Kind.choices,
        "media": editor_media(str(request.csp_nonce)),  # type: ignore[attr-defined]  # the policy's middleware puts it there
        "long_title": LONG_TITLE,
        "long_summary": LONG_SUMMARY,
        **_values(request, article, form),
    }
    return render(request, "studio/writing/write.html", context, status=422 if form else 200)


def _values(request: TenantRequest, article: Article, form: WordsForm | None) -> dict[str, Any]:
    """What the fields hold: what is stored, or what was sent and has a mistake in it."""
    if form is None:
        values: dict[str, Any] = {name: getattr(article, name) for name in words.TEXTS}
        filed, image = opened.filed(article), article.lead_image
    else:
        values = words.sent(request.POST)
        filed = {name: _terms(name, values) for name in words.TERMS}
        image = Image.objects.filter(pk=values["lead_image"]).first()
    return {"values": values, "filed": filed, "image": image}


def _terms(name: str, values: dict[str, Any]) -> list[Term]:
    model: type[Topic] | type[Byline] = words.TERMS[name]
    known = dict(model.objects.filter(pk__in=values[name]).values_list("pk", "name"))
    return [Term(pk, known[pk]) for pk in values[name] if pk in known] + [
        Term(None, new) for new in values[f"new_{name}"]
    ]


def _save(request: TenantRequest, article: Article) -> HttpResponse:
    form = WordsForm(request.POST, article=article)
    if not form.is_valid():
        return _refused(request, article, form)
    base, version = form.cleaned_data["base"], form.cleaned_data["version"]
    approval = Approval(article)
    try:
        saved = drafting.save(
            article=article,
            by=request.user,
            base=base,
            words=form.words,
            version=version,
            allowed=partial(may_write, request),
        )
    except drafting.MovedOn:
        return _to_merge(request, article, base)
    except (ValidationError, BodyTooLong) as error:
        form.add_error(*(("language", error) if isinstance(error, ValidationError) else ("body", str(error))))
        return _refused(request, article, form)
    return _saved(request, saved, approval.lost())


def _saved(request: TenantRequest, article: Article, lost: list[str]) -> HttpResponse:
    """`lost` says what the saving took of the article besides, a sentence each."""
    if asks_for_json(request):
        draft = Draft.objects.filter(article=article, user=request.user).defer("words").first()
        told = {
            "saved": timezone.now().isoformat(),
            "base": drafting.latest_of(article),
            "version": draft.version if draft else 0,
            "stage": article.get_stage_display(),
            "told": lost,
            "title": str(article),
        }
        return JsonResponse(told | _terms_of(article))
    messages.success(request, f"“{article}” is saved.")
    for sentence in lost:
        messages.warning(request, sentence)
    return redirect("article", tenant=request.tenant.slug, article_id=article.pk)


def _terms_of(article: Article) -> dict[str, Any]:
    """Topics and bylines as they are stored, since some may have just been added."""
    return {
        name: [{"id": term.pk, "name": term.name} for term in terms] for name, terms in opened.filed(article).items()
    }


def _to_merge(request: TenantRequest, article: Article, base: int) -> HttpResponse:
    """Somebody else saved first: nothing is lost, nothing is overwritten, and both are looked at side by side."""
    draft = Draft.objects.filter(article=article, user=request.user).defer("words").first()
    version = draft.version if draft else 0
    drafting.keep(article=article, by=request.user, base=base, words=words.sent(request.POST), version=version)
    url = reverse("article-merge", kwargs={"tenant": request.tenant.slug, "article_id": article.pk})
    return JsonResponse({"merge": url}, status=409) if asks_for_json(request) else redirect(url)


def _refused(request: TenantRequest, article: Article, form: WordsForm) -> HttpResponse:
    if asks_for_json(request):
        return JsonResponse({"errors": form.errors.get_json_data()}, status=422)
    try:
        return _edit(request, article, form)
    except ValidationError as error:
        # Too much to be shown again.
        return HttpResponse("\n".join(error.messages), status=422, content_type="text/plain; charset=utf-8")
