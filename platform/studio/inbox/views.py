"""What is proposed to the sites of a member, and what became of it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from publishing.arranging import Do
from publishing.models import Placement, Proposal, Section
from publishing.proposing import accept, decline
from studio.access import TenantRequest, needs
from studio.inbox.around import page
from studio.inbox.forms import AcceptForm, DeclineForm
from studio.inbox.waiting import decided_on, page_of, waiting
from studio.placing.clocks import told, zone_of
from studio.placing.telling import done
from tenants.roles import Power


@dataclass(frozen=True, slots=True)
class Item:
    """A proposal with its two answers; `wish` is the date that was asked for, by the site's clock."""

    proposal: Proposal
    accepting: AcceptForm
    declining: DeclineForm
    wish: str
    opened: bool = False


@require_safe
@needs(Power.READ)
def inbox(request: TenantRequest) -> HttpResponse:
    """What waits for the member, the latest first."""
    may_place = request.membership.may(Power.PLACE)
    rows, after = page_of(_known(waiting(request)), request.GET.get("after", "")) if may_place else ([], None)
    return page(request, "open", {"items": _items(rows), "after": after})


@require_safe
@needs(Power.PLACE)
def decided(request: TenantRequest) -> HttpResponse:
    """What was decided on the member's sites."""
    rows, after = page_of(_known(decided_on(request)), request.GET.get("after", ""))
    return page(request, "decided", {"proposals": rows, "after": after})


@require_safe
@needs(Power.WRITE)
def mine(request: TenantRequest) -> HttpResponse:
    """What the member proposed, and how it stands."""
    own = Proposal.objects.filter(proposed_by=request.user)
    rows, after = page_of(_known(own), request.GET.get("after", ""))
    return page(request, "mine", {"proposals": rows, "after": after})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.PLACE)
def decide(request: TenantRequest, proposal_id: int) -> HttpResponse:
    """One proposal on a page of its own; accepted or declined."""
    proposal = _known(Proposal.objects.filter(pk=proposal_id)).first()
    if proposal is None or not request.membership.may_on(proposal.site_id, Power.PLACE):
        raise Http404
    sections = list(Section.objects.filter(site=proposal.site_id))
    accepting, declining = AcceptForm(proposal, sections), DeclineForm(proposal)
    if request.method == "POST" and request.POST.get("do") == "decline":
        declining = DeclineForm(proposal, request.POST)
        if declining.is_valid() and _declined(request, proposal, declining):
            return redirect("inbox", tenant=request.tenant.slug)
    elif request.method == "POST":
        accepting = AcceptForm(proposal, sections, request.POST)
        if accepting.is_valid() and _accepted(request, proposal, accepting):
            return redirect("inbox", tenant=request.tenant.slug)
    item = Item(proposal, accepting, declining, _wish(proposal), opened=True)
    return page(request, "proposal", {"item": item})


def _accepted(request: TenantRequest, proposal: Proposal, form: AcceptForm) -> bool:
    chosen = form.chosen()
    now = timezone.now()
    if chosen["go_live"] and chosen["go_live"] <= now:
        chosen["go_live"] = None
    try:
        placement = accept(proposal=proposal, by=request.user, **chosen)
    except ValidationError as error:
        _refuse(form, error)
        return False
    said = [f"“{proposal.article}” on {proposal.site.name}:", done(Do.PUBLISH, placement, proposal.site)]
    messages.success(request, " ".join([*said, *form.remarks]))
    return True


def _declined(request: TenantRequest, proposal: Proposal, form: DeclineForm) -> bool:
    try:
        decline(proposal=proposal, by=request.user, reason=form.cleaned_data["reason"])
    except ValidationError as error:
        _refuse(form, error)
        return False
    who = proposal.proposed_by or "Whoever proposed it"
    messages.success(request, f"“{proposal.article}” is declined for {proposal.site.name}. {who} is told why.")
    return True


def _refuse(form: Any, error: ValidationError) -> None:
    """Show what a deed said beside the fields that it is about."""
    told = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
    for name, errors in told.items():
        form.add_error(name if name in form.fields else None, list(errors))


def _known(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """With all that a page says of them."""
    words = [f"article__{name}" for name in ("body", "html", "text")]
    return proposals.select_related("article", "site__brand", "proposed_by", "decided_by").defer(*words)


def _items(proposals: list[Proposal]) -> list[Item]:
    """Two statements for however many: the sections of all their sites, and where the articles are canonical."""
    by_site: dict[int, list[Section]] = {}
    for section in Section.objects.filter(site__in={one.site_id for one in proposals}):
        by_site.setdefault(section.site_id, []).append(section)
    canonical = {
        placement.article_id: placement.site
        for placement in Placement.objects.filter(
            article__in={one.article_id for one in proposals}, is_canonical=True
        ).select_related("site")
    }
    items = []
    for proposal in proposals:
        proposal.article.canonical_site = canonical.get(proposal.article_id)  # type: ignore[attr-defined]
        accepting = AcceptForm(proposal, by_site.get(proposal.site_id, []))
        items.append(Item(proposal, accepting, DeclineForm(proposal), _wish(proposal)))
    return items


def _wish(proposal: Proposal) -> str:
    return told(proposal.go_live, zone_of(proposal.site.brand.time_zone)) if proposal.go_live else ""
