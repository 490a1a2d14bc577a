"""Which newsrooms one works for, and one's own account."""

from typing import Any, cast

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from studio.access import memberships_of
from studio.signing.forms import NameForm
from tenants.models import User


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The one newsroom that somebody works for, or, with `?all`, the list of them."""
    memberships = memberships_of(cast("User", request.user))
    if len(memberships) == 1 and "all" not in request.GET:
        return redirect("desk", tenant=memberships[0].tenant.slug)
    return render(request, "studio/home.html", {"memberships": memberships})


@login_not_required
@require_safe
def by_invitation(request: HttpRequest) -> HttpResponse:
    """Nobody signs up; who looks for it is told how one comes in."""
    return render(request, "studio/signing/by_invitation.html")


@require_safe
def session(request: HttpRequest) -> HttpResponse:
    """Whether one is signed in, for a page that was open for long: 403 if not, else the token that its forms need.

    Signing in again, in another tab, changes the token.
    """
    return JsonResponse({"csrf": get_token(request)})


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """One's name, password, second step and newsrooms. A POST changes the name."""
    user = cast("User", request.user)
    form = NameForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Your name was saved.")
        return redirect("account")
    user.refresh_from_db(fields=["name"])  # the page's head says who one is, not who one would like to be
    said = {"form": form, "memberships": memberships_of(user), **_second_steps(user)}
    return render(request, "studio/signing/account.html", said)


def _second_steps(user: User) -> dict[str, Any]:
    """`app` and `codes`, if there are any, and `passkeys`, oldest first."""
    found = list(Authenticator.objects.filter(user=user).order_by("pk"))
    of_type = {one.type: one for one in found}
    codes = of_type.get(Authenticator.Type.RECOVERY_CODES)
    return {
        "app": of_type.get(Authenticator.Type.TOTP),
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
        "passkeys": [one.wrap() for one in found if one.type == Authenticator.Type.WEBAUTHN],
    }
