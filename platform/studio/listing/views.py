"""The tenant's articles: found, filtered, chosen."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from studio.access import TenantRequest, needs
from studio.listing import bulk
from studio.listing.choosing import Chosen, chosen_in
from studio.listing.forms import ListForm
from studio.listing.keeping import keep, kept
from studio.listing.pages import page_of
from studio.listing.vocabulary import vocabulary_of
from tenants.roles import Power

TARGET = "articles"


@require_safe
@needs(Power.READ)
def articles(request: TenantRequest) -> HttpResponse:
    """The whole page, or for a filter that changed in it the table alone."""
    form = ListForm(request, vocabulary_of(request))
    page = page_of(request, form)
    part = _wants_part(request)
    shown = {
        "form": form,
        "page": page,
        "deeds": bulk.offered(request),
        "most": bulk.MOST_ARTICLES,
        "may_write": request.membership.may(Power.WRITE),
    }
    template = "studio/listing/table.html" if part else "studio/listing/articles.html"
    response = render(request, template, shown)
    if part:
        response["HX-Push-Url"] = _address(request, page.address)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.WRITE)
def in_bulk(request: TenantRequest) -> HttpResponse:
    """Something done to many articles: it is asked what exactly, said what will happen, done, and told for each.

    Each of these pages has an address of its own, so that no reload does anything again and the way back sends nothing.
    """
    if "done" in request.GET:
        return _done(request)
    asked = request.POST if request.method == "POST" else request.GET
    chosen = chosen_in(asked)
    deed = bulk.deed_of(request, asked.get("deed", ""))
    if deed is None or not chosen.articles or chosen.is_too_many:
        messages.warning(request, _refusal(chosen))
        return redirect("articles", tenant=request.tenant.slug)
    does = request.method == "POST" and asked.get("step") == "do"
    if request.method == "POST" and not does:
        return _to_bulk(request, deed=deed.name, articles=chosen.in_address)
    form = deed.form(request, chosen.articles, asked if asked.get("step") else None)
    shown = {"chosen": chosen, "deed": deed, "form": form}
    if not form.is_valid():
        return render(request, "studio/listing/choose.html", shown)
    if not does:
        return render(request, "studio/listing/confirm.html", {**shown, "plan": form.plan()})
    return _to_bulk(request, done=keep(request, deed, chosen, form.done()))


def _done(request: TenantRequest) -> HttpResponse:
    shown = kept(request, request.GET["done"])
    if shown is None:
        messages.info(request, "What became of each is not kept any more. The articles show how they stand now.")
        return redirect("articles", tenant=request.tenant.slug)
    return render(request, "studio/listing/results.html", shown)


def _to_bulk(request: TenantRequest, **query: str) -> HttpResponse:
    path = reverse("articles-bulk", kwargs={"tenant": request.tenant.slug})
    return redirect(f"{path}?{urlencode(query)}")


def _refusal(chosen: Chosen) -> str:
    if chosen.is_too_many:
        return f"Choose at most {bulk.MOST_ARTICLES} articles at once. Nothing was changed."
    if not chosen.articles:
        return "Choose articles first, with the boxes at the left of their titles. Nothing was changed."
    return "Say what to do with the articles. Nothing was changed."


def _wants_part(request: HttpRequest) -> bool:
    htmx = request.htmx  # type: ignore[attr-defined]  # django-htmx's middleware
    return bool(htmx) and not htmx.history_restore_request and htmx.target == TARGET


def _address(request: TenantRequest, query: str) -> str:
    position = [(name, request.GET[name]) for name in ("after", "before") if request.GET.get(name)]
    path = reverse("articles", kwargs={"tenant": request.tenant.slug})
    whole = "&".join(filter(None, [query, urlencode(position)]))
    return f"{path}?{whole}" if whole else path
