"""Reviews and comments of an article."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from studio.access import TenantRequest, article_of, needs
from tenants.roles import Power


@require_safe
@needs(Power.READ)
def review(request: TenantRequest, article_id: int) -> HttpResponse:
    article = article_of(request, article_id)
    return render(request, "studio/workspace.html", {"article": article, "tab": "review"})
