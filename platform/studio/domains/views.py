"""The names of the tenant's sites as a list, and each on a page of its own that follows what happens."""

import hashlib

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from domains.wording import Told
from studio.access import TenantRequest, needs, sites_with
from studio.domains.finding import Wanted, one_of, page_of
from studio.domains.forms import FindForm
from studio.domains.history import history_of
from tenants.roles import Power


@require_safe
@needs(Power.MANAGE)
def domains(request: TenantRequest) -> HttpResponse:
    form = FindForm(request.GET or None, sites=sites_with(request, Power.MANAGE))
    if form.is_bound and not form.is_valid():
        raise Http404
    said = form.cleaned_data if form.is_bound else {}
    site = said.get("site")
    words, after = said.get("q", "").lower(), request.GET.get("after", "").replace("\0", "")
    names, more = page_of(request, Wanted(words, site.pk if site else None, after))
    context = {
        "names": names,
        "form": form,
        "after": more,
        "is_narrowed": bool(words or site),
        "is_searchable": bool(words or site or after or more or len(names) > 7),
    }
    return render(request, "studio/domains/list.html", context)


@require_safe
@needs(Power.MANAGE)
def domain(request: TenantRequest, domain_name: str) -> HttpResponse:
    """Everything about one name, and what can be done with it."""
    name = one_of(request, domain_name)
    part = _part(request, name)
    return render(request, "studio/domains/domain.html", {"name": name, "part": part, "seen": _digest(part)})


@require_safe
@needs(Power.MANAGE)
def progress(request: TenantRequest, domain_name: str) -> HttpResponse:
    """What changes by itself on the page of a name: 204 while it is as the page has it, by its digest `seen`."""
    name = one_of(request, domain_name)
    part = _part(request, name)
    seen = _digest(part)
    if request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    return render(request, "studio/domains/progress.html", {"name": name, "part": part, "seen": seen})


def _part(request: TenantRequest, name: Told) -> str:
    context = {"name": name, "tenant": request.tenant, "happened": history_of(request, name)}
    return render_to_string("studio/domains/part.html", context)


def _digest(part: str) -> str:
    return hashlib.sha256(part.encode()).hexdigest()[:16]
