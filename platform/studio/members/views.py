"""Who works for the tenant, in which role, on which sites."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from studio.access import TenantRequest, needs
from tenants.roles import Power


@require_safe
@needs(Power.MANAGE)
def members(request: TenantRequest) -> HttpResponse:
    return render(request, "studio/desk.html")
