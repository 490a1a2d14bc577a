"""Who works for the tenant, in which role, on which sites."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio.access import TenantRequest, needs, sites_with
from studio.members.forms import MemberForm
from studio.members.listing import invitations, page_of_members
from tenants.inviting import change_role, remove_member
from tenants.models import Membership
from tenants.roles import Power


@require_safe
@needs(Power.MANAGE)
def members(request: TenantRequest) -> HttpResponse:
    rows, after = page_of_members(request.GET.get("after", "").replace("\0", ""))
    said = {"members": rows, "after": after, "invitations": invitations()}
    return render(request, "studio/members/members.html", said)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.MANAGE)
def member(request: TenantRequest, membership_id: int) -> HttpResponse:
    """What somebody may do, and where."""
    membership = _membership(membership_id)
    sites = sites_with(request, Power.MANAGE)
    form = MemberForm(request.POST or None, membership=membership, sites=sites)
    if request.method == "POST" and form.is_valid():
        try:
            change_role(membership=membership, role=form.cleaned_data["role"], sites=form.limits)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"What {membership.user} may do was changed.")
            return _to_members(request)
    return render(request, "studio/members/member.html", {"one": membership, "form": form})


@require_POST
@needs(Power.MANAGE)
def remove(request: TenantRequest, membership_id: int) -> HttpResponse:
    membership = _membership(membership_id)
    try:
        remove_member(membership=membership)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("member", tenant=request.tenant.slug, membership_id=membership_id)
    messages.success(request, f"{membership.user} no longer works for {request.tenant}. What they wrote stays.")
    if membership.user_id == request.user.pk:
        return redirect("home")
    return _to_members(request)


def _membership(membership_id: int) -> Membership:
    found = Membership.objects.filter(pk=membership_id).select_related("user", "tenant")
    membership = found.prefetch_related("limits").first()
    if membership is None:
        raise Http404
    return membership


def _to_members(request: TenantRequest) -> HttpResponse:
    # To change one's own role may be to lose sight of this page.
    return redirect("members" if _may_still(request) else "desk", tenant=request.tenant.slug)


def _may_still(request: TenantRequest) -> bool:
    mine = Membership.objects.filter(user=request.user).first()
    return mine is not None and mine.may(Power.MANAGE)
