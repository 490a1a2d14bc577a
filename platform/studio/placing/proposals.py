"""Asking the editors of a site on which one may not place."""

from functools import partial

from django.contrib import messages
from django.contrib.sites.models import Site
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from publishing import proposing
from publishing.models import Proposal
from studio.access import TenantRequest, article_of, may_write, needs
from studio.placing.clocks import zone_of
from studio.placing.forms import ProposalForm
from studio.placing.panel import sites_of
from tenants.roles import Power


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.WRITE)
def offer(request: TenantRequest, article_id: int, site_id: int) -> HttpResponse:
    """Propose an article to any site of the tenant, those beyond the membership too."""
    article = article_of(request, article_id)
    article.tenant = request.tenant
    site = sites_of(request).filter(pk=site_id).first()
    if site is None:
        raise Http404
    form = ProposalForm(zone_of(site.brand.time_zone), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            wish = form.cleaned_data
            proposal = proposing.propose(
                article=article,
                site=site,
                by=request.user,
                note=wish["note"],
                go_live=wish["go_live"],
                writes=partial(may_write, request),
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            _say(request, proposal, site)
            return redirect("article-placements", tenant=request.tenant.slug, article_id=article.pk)
    may_place = request.membership.may_on(site.pk, Power.PLACE)
    told = {"article": article, "tab": "placements", "site": site, "form": form, "may_place": may_place}
    return render(request, "studio/placing/propose.html", told)


@require_POST
@needs(Power.WRITE)
def withdraw(request: TenantRequest, proposal_id: int) -> HttpResponse:
    """By who proposed it, by who began the article and may change it, or by who decides on the site."""
    proposal = Proposal.objects.filter(pk=proposal_id).select_related("article", "site").first()
    if proposal is None:
        raise Http404
    if not _may_withdraw(request, proposal):
        raise PermissionDenied
    try:
        proposing.withdraw(proposal=proposal, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"“{proposal.article}” is no longer proposed to {proposal.site.name}.")
    if request.POST.get("back") == "mine":
        return redirect("inbox-mine", tenant=request.tenant.slug)
    return redirect("article-placements", tenant=request.tenant.slug, article_id=proposal.article_id)


def _may_withdraw(request: TenantRequest, proposal: Proposal) -> bool:
    if proposal.proposed_by_id == request.user.pk or request.membership.may_on(proposal.site_id, Power.PLACE):
        return True
    return proposal.article.written_by_id == request.user.pk and may_write(request, proposal.article)


def _say(request: TenantRequest, proposal: Proposal, site: Site) -> None:
    if proposal.state == Proposal.State.ACCEPTED:
        messages.success(request, f"{site.name} accepted it by itself: it is placed there.")
    elif proposal.reason:
        messages.warning(request, f"Proposed to {site.name}. {proposal.reason}")
    else:
        messages.success(request, f"Proposed to {site.name}: its editors decide.")
