"""What is done with names: added, looked at again, made a site's address, taken away."""

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from domains import claiming
from domains.certificates.ordering import order
from domains.wording import Told
from events.emitting import emit
from sites_core.hostnames import hostname_from_text, unicode_hostname
from studio.access import TenantRequest, needs, sites_with
from studio.domains.finding import one_of
from studio.domains.forms import AddForm
from tenants.roles import Power

# Between two looks that people ask for, at one name.
LOOK_SECONDS = 10


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.MANAGE)
def add(request: TenantRequest) -> HttpResponse:
    sites = sites_with(request, Power.MANAGE)
    form = AddForm(request.POST or None, sites=sites, initial={"site": request.GET.get("site", "")})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            claiming.claim(tenant=request.tenant, by=request.user, **said)
        except ValidationError as error:
            form.add_error("name", error)
        else:
            name = hostname_from_text(said["name"])
            messages.success(request, f"{unicode_hostname(name)} is added to {said['site'].name}.")
            return _to(request, name)
    return render(request, "studio/domains/add.html", {"form": form})


@require_POST
@needs(Power.MANAGE)
def look(request: TenantRequest, domain_name: str) -> HttpResponse:
    """Look at DNS and the edge now, and try the certificate again where it was given up."""
    name = one_of(request, domain_name)
    if not _may_look(f"studio.domains.look:{request.tenant.pk}:{name.name}"):
        messages.info(request, f"{name.shown} was looked at a moment ago. Try again in {LOOK_SECONDS} seconds.")
        return _to(request, name.name)
    _look_at(request, name)
    messages.success(request, f"{name.shown} is looked at now; the page follows by itself.")
    return _to(request, name.name)


def _may_look(key: str) -> bool:
    try:
        return cache.add(key, 1, LOOK_SECONDS)
    except Exception:  # noqa: BLE001 -- each cache has errors of its own; it is one event in any case
        return True


@transaction.atomic
def _look_at(request: TenantRequest, name: Told) -> None:
    if claim := name.unproven:
        emit("domains.claim", once=f"domains.claim:{claim.pk}", claim=claim.pk)
    if name.hostname:
        emit("domains.look", once=f"domains.look:{name.name}", name=name.name)
        if name.is_served and name.certificate is None and name.order:
            order(name=name.name, tenant=request.tenant, asked=True)


@require_POST
@needs(Power.MANAGE)
def primary(request: TenantRequest, domain_name: str) -> HttpResponse:
    name = one_of(request, domain_name)
    try:
        if name.hostname is None:
            raise ValidationError(f"{name.shown} is not proven yet.")
        before = name.site.domain
        claiming.make_primary(hostname=name.hostname, tenant=request.tenant)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(
            request, f"{name.site.name} is at {name.shown} now; {unicode_hostname(before)} redirects there."
        )
    return _to(request, name.name)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.MANAGE)
def remove(request: TenantRequest, domain_name: str) -> HttpResponse:
    """Asked first, with what readers will get: what waits for its proof is withdrawn, a hostname let go."""
    name = one_of(request, domain_name)
    if request.method != "POST":
        return render(request, "studio/domains/remove.html", {"name": name})
    try:
        _take_away(request, name)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _to(request, name.name)
    messages.success(request, f"{name.shown} is no longer a name of {name.site.name}.")
    return redirect("domains", tenant=request.tenant.slug)


def _take_away(request: TenantRequest, name: Told) -> None:
    if (request.POST.get("meant") == "claim") != bool(name.unproven):
        raise ValidationError(f"{name.shown} has changed meanwhile: look again.")
    if claim := name.unproven:
        claiming.withdraw(claim=claim)
    elif name.hostname:
        claiming.release(hostname=name.hostname, tenant=request.tenant)


def _to(request: TenantRequest, name: str) -> HttpResponse:
    return redirect("domain", tenant=request.tenant.slug, domain_name=name)
