"""The action that gives a site to another tenant, after a page that says what would happen."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from operations.admin.front import OpsAdmin
from operations.moving import hand_over, told
from publishing.moving_sites import planned
from tenants.models import Tenant, User


class MoveForm(forms.Form):
    to = forms.ModelChoiceField(Tenant.objects.order_by("name"), label="To")
    placements = forms.ChoiceField(
        label="What is on this site alone",
        choices=[("recall", "ends here and stays with its tenant"), ("move", "goes along with the site")],
        initial="recall",
    )


@admin.action(permissions=["change"], description="Move to another tenant")
def move_to_tenant(sites: OpsAdmin, request: HttpRequest, chosen: QuerySet[Site]) -> HttpResponse | None:
    if chosen.count() != 1:
        sites.message_user(
            request, "Nothing was moved: choose one site, so that you can read what happens.", messages.ERROR
        )
        return None
    site = chosen.get()
    form = MoveForm(request.POST if request.POST.get("asked") else None)
    asked: dict[str, Any] = {}
    if form.is_valid():
        wanted = {"site": site, "to": form.cleaned_data["to"], "placements": form.cleaned_data["placements"]}
        try:
            if stamp := request.POST.get("confirmed"):
                _move(sites, request, wanted, stamp)
                return None
            asked = _shown(wanted)
        except ValidationError as error:
            form.add_error(None, error)
    context = {
        **sites.admin_site.each_context(request),
        "title": f"Move {site.domain} to another tenant",
        "opts": sites.opts,
        "site_moved": site,
        "form": form,
        "checkbox": ACTION_CHECKBOX_NAME,
        **asked,
    }
    return TemplateResponse(request, "operations/move.html", context)


def _shown(wanted: dict[str, Any]) -> dict[str, Any]:
    plan = planned(**wanted)
    return {"sentences": told(plan), "stamp": plan.stamp}


def _move(sites: OpsAdmin, request: HttpRequest, wanted: dict[str, Any], stamp: str) -> None:
    plan = hand_over(**wanted, by=cast("User", request.user), expected=stamp)
    sentence = f"Moved from {plan.before or 'nobody'} to {plan.after}."
    sites.log_change(request, plan.site, sentence)
    sites.message_user(request, f"{plan.site.domain}: {sentence}", messages.SUCCESS)
