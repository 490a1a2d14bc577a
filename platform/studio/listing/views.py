"""The tenant's articles: found, filtered, chosen."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from studio.access import TenantRequest, needs
from studio.listing import bulk
from studio.listing.choosing import Chosen, chosen_in
from studio.listing.forms import ListForm
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


@require_POST
@needs(Power.WRITE)
def in_bulk(request: TenantRequest) -> HttpResponse:
    """Something done to many articles: it is asked what exactly, said what will happen, done, and told for each."""
    chosen = chosen_in(request)
    deed = bulk.deed_of(request)
    if deed is None or not chosen.articles or chosen.is_too_many:
        messages.warning(request, _refusal(chosen))
        return redirect("articles", tenant=request.tenant.slug)
    form = deed.form(request, chosen.articles, bound=bool(request.POST.get("step")))
    shown = {"chosen": chosen, "deed": deed, "form": form}
    if not request.POST.get("step") or not form.is_valid():
        return render(request, "studio/listing/choose.html", shown)
    if request.POST["step"] != "do":
        return render(request, "studio/listing/confirm.html", {**shown, "plan": form.plan()})
    return render(request, "studio/listing/results.html", {**shown, "results": form.done()})


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
