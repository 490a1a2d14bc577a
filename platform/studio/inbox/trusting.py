"""Whose proposals a site accepts by itself."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from publishing.models import TrustedSource
from publishing.proposing import distrust, trust
from studio.access import TenantRequest, needs, sites_with
from studio.inbox.around import page
from studio.inbox.forms import TrustForm
from tenants.roles import Power


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.PLACE)
def trusted(request: TenantRequest) -> HttpResponse:
    form = TrustForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            one = trust(tenant_id=request.tenant.pk, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, f"{one.site.name} trusts {one.whom} from now on.")
            return redirect("inbox-trusted", tenant=request.tenant.slug)
    known = TrustedSource.objects.filter(site__in=sites_with(request, Power.PLACE))
    known = known.select_related("site", "user", "source").order_by("site__domain", "pk")
    return page(request, "trusted", {"form": form, "known": known})


@require_POST
@needs(Power.PLACE)
def remove(request: TenantRequest, trusted_id: int) -> HttpResponse:
    one = TrustedSource.objects.filter(pk=trusted_id).select_related("site", "user", "source").first()
    if one is None or not request.membership.may_on(one.site_id, Power.PLACE):
        raise Http404
    distrust(trusted=one)
    messages.success(request, f"{one.site.name} no longer trusts {one.whom}: its editors decide.")
    return redirect("inbox-trusted", tenant=request.tenant.slug)
