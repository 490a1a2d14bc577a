"""What a member meets first: what is scheduled, what waits, what changed."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from studio.access import TenantRequest, needs
from studio.desk.coming import coming
from studio.desk.lately import lately
from studio.desk.waiting import waiting
from tenants.roles import Power


@require_safe
@needs(Power.READ)
def desk(request: TenantRequest) -> HttpResponse:
    now = timezone.now()
    shown = {
        "coming": coming(request, now),
        "waiting": waiting(request),
        "lately": lately(request, now),
        "may": {power.value: request.membership.may(power) for power in Power},
    }
    return render(request, "studio/desk/desk.html", shown)
