"""Which newsrooms one works for, and one's own account."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from studio.access import memberships_of
from tenants.models import User


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The one newsroom that somebody works for, or, with `?all`, the list of them."""
    memberships = memberships_of(cast("User", request.user))
    if len(memberships) == 1 and "all" not in request.GET:
        return redirect("desk", tenant=memberships[0].tenant.slug)
    return render(request, "studio/home.html", {"memberships": memberships})


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    return render(request, "studio/desk.html")
