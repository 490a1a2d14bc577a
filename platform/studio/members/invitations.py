"""Asking people to join, asking again, and thinking better of it."""

import logging
from collections.abc import Collection
from smtplib import SMTPException

from allauth.core import ratelimit
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from studio.access import TenantRequest, needs, sites_with
from studio.members.forms import InviteForm
from studio.signing.adapter import send, studio_url
from tenants import inviting
from tenants.models import Invitation
from tenants.roles import Power

log = logging.getLogger(__name__)

TOO_OFTEN = "You have sent many invitations in a short time. Wait ten minutes, then go on."


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.MANAGE)
def invite(request: TenantRequest) -> HttpResponse:
    form = InviteForm(request.POST or None, sites=sites_with(request, Power.MANAGE))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            _send(request, said["email"], said["role"], form.limits)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _to_members(request)
    return render(request, "studio/members/invite.html", {"form": form})


@require_POST
@needs(Power.MANAGE)
def again(request: TenantRequest, invitation_id: int) -> HttpResponse:
    """A new link for the same address, role and sites; the old one is no longer good."""
    old = _invitation(invitation_id)
    sites = None if old.all_sites else list(old.limits.values_list("site_id", flat=True))
    try:
        _send(request, old.email, old.role, sites)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return _to_members(request)


@require_POST
@needs(Power.MANAGE)
def withdraw(request: TenantRequest, invitation_id: int) -> HttpResponse:
    invitation = _invitation(invitation_id)
    try:
        inviting.revoke_invitation(invitation=invitation)
        messages.success(request, f"The invitation of {invitation.email} is withdrawn; its link is no longer good.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return _to_members(request)


def _send(request: TenantRequest, email: str, role: str, sites: Collection[int] | None) -> None:
    """Raises ValidationError with a sentence. Where no mail can be sent, nobody was invited.

    The link is shown to nobody here: who has it can make the account of that address.
    """
    if not ratelimit.consume(request, action="invite", key=request.tenant.slug, user=request.user):
        raise ValidationError(TOO_OFTEN)
    try:
        with transaction.atomic():
            invitation, token = inviting.invite(
                tenant=request.tenant, email=email, role=role, by=request.user, sites=sites
            )
            send("studio/members/invitation", invitation.email, _words(request, invitation, token))
    except (OSError, SMTPException):
        log.exception("The invitation to tenant %s could not be sent.", request.tenant.pk)
        raise ValidationError(
            f"The mail to {email} could not be sent, so nobody was invited. Try again; if it happens again, "
            "tell whoever runs this platform."
        ) from None
    messages.success(request, f"{invitation.email} has been sent an invitation. It is good for seven days.")


def _words(request: TenantRequest, invitation: Invitation, token: str) -> dict[str, object]:
    return {
        "link": studio_url(reverse("invitation_link", kwargs={"token": token})),
        "newsroom": request.tenant.name,
        "invited_by": str(request.user),
        "role": invitation.role,
        "expires_at": invitation.expires_at,
    }


def _invitation(invitation_id: int) -> Invitation:
    found = Invitation.objects.filter(pk=invitation_id).select_related("tenant").first()
    if found is None:
        raise Http404
    return found


def _to_members(request: TenantRequest) -> HttpResponse:
    return redirect("members", tenant=request.tenant.slug)
