"""Where and when an article appears: a row for each site."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from studio.access import TenantRequest, article_of, needs
from tenants.roles import Power


@require_safe
@needs(Power.READ)
def placements(request: TenantRequest, article_id: int) -> HttpResponse:
    article = article_of(request, article_id)
    return render(request, "studio/workspace.html", {"article": article, "tab": "placements"})
