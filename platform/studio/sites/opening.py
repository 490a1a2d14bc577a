"""What every page of one site's settings begins with: the site, if the member may change it, and the ways around."""

from typing import Any

from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse

from sites_core.origins import origin
from studio.access import TenantRequest, sites_with
from tenants.roles import Power

TABS = (
    ("site-brand", "Brand"),
    ("site-menus", "Menus"),
    ("site-sections", "Sections"),
    ("site-pages", "Static pages"),
    ("site-redirects", "Redirects"),
)


def site_of(request: TenantRequest, site_id: int) -> Site:
    """The tenant's site with its brand; Http404 where the member may not change how it looks and speaks."""
    site = sites_with(request, Power.BRAND).filter(pk=site_id).select_related("brand").first()
    if site is None:
        raise Http404
    # What its rows ask of their site's tenant is known here.
    site.brand.site = site
    return site


def shown(request: TenantRequest, site: Site, tab: str, **context: Any) -> HttpResponse:
    """The page of a tab, whose template is named as it is."""
    return render(request, f"studio/sites/{tab.removeprefix('site-')}.html", around(request, site, tab) | context)


def around(request: TenantRequest, site: Site, tab: str) -> dict[str, Any]:
    tabs = [(address(request, site, name), label, name == tab) for name, label in TABS]
    return {"site": site, "reader_url": f"{origin(site.domain)}/", "tabs": tabs}


def address(request: TenantRequest, site: Site, name: str, **arguments: int) -> str:
    return reverse(name, kwargs={"tenant": request.tenant.slug, "site_id": site.pk, **arguments})


def back(request: TenantRequest, site: Site, name: str, part: str = "") -> HttpResponse:
    """To a page of the site's settings, after a deed; `part` is an element's id there."""
    return HttpResponseRedirect(address(request, site, name) + (f"#{part}" if part else ""))


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: also a POST that has nothing in it."""
    return request.POST if request.method == "POST" else None


def told(form: Form, error: ValidationError) -> None:
    """Put what a deed refused at the fields that it names; the rest stands above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, errors in error.error_dict.items():
        form.add_error(field if field in form.fields else None, errors)


def order_from(request: HttpRequest) -> list[int]:
    """The primary keys of `order` as they were on the screen, with what `up` or `down` names one step further."""
    order = [int(key) for key in request.POST.getlist("order") if key.isascii() and key.isdigit() and len(key) < 19]
    for name, step in (("up", -1), ("down", 1)):
        key = request.POST.get(name, "")
        if not (key.isascii() and key.isdigit()) or int(key) not in order:
            continue
        here = order.index(int(key))
        there = min(max(here + step, 0), len(order) - 1)
        order[here], order[there] = order[there], order[here]
    return order
