"""The tenant itself: its name, its rules, what it uses."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Sum
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods

from publishing.models import Image, Placement
from publishing.reviewing import waiting_unapproved
from studio.access import TenantRequest, needs
from studio.settings.forms import TenantForm
from studio.settings.ways import tabs
from tenants.models import Tenant
from tenants.roles import Power

# More are not counted before, nor more named afterwards.
MOST_WAITING, MOST_NAMED = 200, 10


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.MANAGE)
def settings(request: TenantRequest) -> HttpResponse:
    # A row of its own: what is typed and refused must not stand in the page's head.
    tenant = Tenant.objects.get(pk=request.tenant.pk)
    form = TenantForm(request.POST if request.method == "POST" else None, instance=tenant)
    here = reverse("settings", kwargs={"tenant": request.tenant.slug})
    if request.method == "POST" and form.is_valid():
        _say(request, form, form.keep())
        return HttpResponseRedirect(here)
    context = {
        "form": form,
        "tabs": tabs(request, "settings"),
        "takeout": _takeout(request),
        # What switching it on would hold back.
        "waiting": "" if request.tenant.needs_approval else _numbered(waiting_unapproved()[: MOST_WAITING + 1]),
    }
    return render(request, "studio/settings/settings.html", context | _used(tenant))


def _numbered(waiting: Iterable[Placement]) -> str:
    """How many there are, as a sentence says it."""
    number = len(list(waiting))
    return "" if not number else f"more than {MOST_WAITING}" if number > MOST_WAITING else str(number)


def _say(request: TenantRequest, form: TenantForm, held_back: list[Placement]) -> None:
    messages.success(request, "Saved.") if form.changed_data else messages.info(request, "Nothing was changed.")
    if held_back:
        named = [f"“{one.title or one.article}” on {one.site.name}" for one in held_back[:MOST_NAMED]]
        rest = len(held_back) - len(named)
        more = f", and {rest:,} more" if rest else ""
        messages.warning(
            request,
            f"Not approved, and so not scheduled any more: {', '.join(named)}{more}. Each keeps its date, and is "
            "scheduled again on its article’s page once that is approved.",
        )


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
