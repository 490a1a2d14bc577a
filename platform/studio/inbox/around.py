"""What stands around the pages of the inbox."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from studio.access import TenantRequest
from tenants.roles import Power

_TABS = {"proposal": "open"}


def page(request: TenantRequest, name: str, told: dict[str, Any]) -> HttpResponse:
    """The page studio/inbox/<name>.html, with the tabs that the member has."""
    may = {"place": request.membership.may(Power.PLACE), "write": request.membership.may(Power.WRITE)}
    return render(request, f"studio/inbox/{name}.html", {"tab": _TABS.get(name, name), "may": may, **told})
