"""An invitation, as whoever was invited meets it.

The link's token goes into the session at once and out of the address, where histories and other pages would keep it.
Opening the link changes nothing: programs that look into mails open it too.
"""

from typing import cast

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from studio.signing.forms import NewAccountForm
from tenants.inviting import Closed, accept, accept_as_new, accepted, open_invitation
from tenants.models import Invitation, User

TOKEN = "invitation"  # noqa: S105 -- where in the session it is


@login_not_required
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The address in the mail. To whom it is not for, it is like one that never was."""
    try:
        invitation = open_invitation(token)
    except Closed:
        invitation = None
    if request.user.is_authenticated and (invitation is None or invitation.email != request.user.email):
        return _closed(request, request.path)
    if invitation is None:
        request.session.pop(TOKEN, None)
    else:
        request.session[TOKEN] = token
    return redirect("invitation")


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    """Who is asked to join what; a POST joins."""
    if refused := ratelimit.consume_or_429(request, action="accept"):
        return cast("HttpResponse", refused)
    token = str(request.session.get(TOKEN, ""))
    try:
        found = open_invitation(token)
        if request.user.is_authenticated:
            return _join(request, found, token)
        if User.objects.filter(email=found.email).exists():
            return render(request, "studio/signing/known.html", {"invitation": found})
        return _begin(request, found, token)
    except Closed:
        if request.user.is_authenticated and (mine := accepted(token=token, user=request.user)):
            # Two clicks, two tabs: one of them has joined already.
            return redirect("desk", tenant=mine.tenant.slug)
        return _closed(request, reverse("invitation_link", kwargs={"token": token}) if token else "/")


def _join(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    user = cast("User", request.user)
    if found.email != user.email:
        raise Closed
    if request.method != "POST":
        return render(request, "studio/signing/join.html", {"invitation": found})
    accept(token=token, user=user)
    return _welcome(request, found)


def _begin(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    form = NewAccountForm(request.POST or None, email=found.email)
    if form.is_valid():
        said = form.cleaned_data
        try:
            user = accept_as_new(token=token, name=said["name"], password=said["password"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            login(request, user)
            return _welcome(request, found)
    return render(request, "studio/signing/begin.html", {"invitation": found, "form": form})


def _welcome(request: HttpRequest, found: Invitation) -> HttpResponse:
    request.session.pop(TOKEN, None)
    messages.success(request, f"Welcome to {found.tenant}.")
    return redirect("desk", tenant=found.tenant.slug)


def _closed(request: HttpRequest, link: str) -> HttpResponse:
    """The same for what was used, has ended, never was, or is somebody else's."""
    return render(request, "studio/signing/closed.html", {"link": link}, status=404)
