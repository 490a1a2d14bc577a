"""The tenant itself: its name, its rules, what it uses."""

from typing import Any

from django.contrib import messages
from django.db.models import Sum
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods

from publishing.models import Image
from studio.access import TenantRequest, needs
from studio.settings.forms import TenantForm
from studio.settings.ways import tabs
from tenants.models import Tenant
from tenants.roles import Power


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.MANAGE)
def settings(request: TenantRequest) -> HttpResponse:
    # A row of its own: what is typed and refused must not stand in the page's head.
    tenant = Tenant.objects.get(pk=request.tenant.pk)
    form = TenantForm(request.POST if request.method == "POST" else None, instance=tenant)
    here = reverse("settings", kwargs={"tenant": request.tenant.slug})
    if request.method == "POST" and form.is_valid():
        messages.success(request, "Saved.") if form.keep() else messages.info(request, "Nothing was changed.")
        return HttpResponseRedirect(here)
    context = {"form": form, "tabs": tabs(request, "settings"), "takeout": _takeout(request)}
    return render(request, "studio/settings/settings.html", context | _used(tenant))


def _used(tenant: Tenant) -> dict[str, Any]:
    used = Image.objects.aggregate(used=Sum("bytes"))["used"] or 0
    share = used / tenant.quota_bytes if tenant.quota_bytes else 1
    # Never more than the room there is, and never nothing where there is something.
    return {"used": used, "quota": tenant.quota_bytes, "percent": min(100, max(share * 100, 1 if used else 0))}


def _takeout(request: TenantRequest) -> str:
    try:
        return reverse("takeout", kwargs={"tenant": request.tenant.slug})
    except NoReverseMatch:
        return ""
