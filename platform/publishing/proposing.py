"""What one site's editors ask of another's: propose, accept, decline, withdraw; and whose proposals a site accepts by
itself: trust, distrust.

Each is one transaction and expects an active tenant scope. Who may do it is the caller's to ask.
"""

from datetime import datetime
from typing import Any

from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from publishing.arranging import refuse_taken, refuse_unready
from publishing.models import Article, Placement, Proposal, TrustedSource
from publishing.permission import Allowed
from publishing.placing import hold, place
from tenants.models import User

Status = Placement.Status
State = Proposal.State

BY_ITSELF = "Accepted by itself: "
NOT_BY_ITSELF = "Not accepted by itself: "


@transaction.atomic
def propose(
    *,
    article: Article,
    site: Site,
    by: User,
    note: str = "",
    go_live: datetime | None = None,
    writes: Allowed | None = None,
) -> Proposal:
    """Offer an article to a site, whose editors decide; `go_live` is a wish, none: as soon as it is accepted.

    Where the site trusts the member, or the site of the article's canonical placement, it is accepted at once; where
    that cannot be, it stays open, and `reason` says why. A member is trusted with what `writes` says they may write
    themselves, and with nothing that waits elsewhere. Raises ValidationError where the article is there already, was
    recalled, or is proposed to the site already.
    """
    hold([article], sites=[site.pk])
    _refuse_proposing(article, site)
    proposal = Proposal.objects.create(
        tenant_id=article.tenant_id, article=article, site=site, note=note, go_live=go_live, proposed_by=by
    )
    if trusted := _trusted(article, site, by):
        _accept_by_itself(proposal, trusted, writes)
    return proposal


@transaction.atomic
def accept(
    *, proposal: Proposal, by: User | None, go_live: datetime | None = None, slug: str = "", **fields: Any
) -> Placement:
    """Place what is proposed, published from `go_live` on (default: now), as the accepting editor chose.

    `slug` and `fields` are as in `publishing.placing.place`. Raises ValidationError where somebody decided meanwhile,
    where the article is not ready, was recalled, or is there by now, and for a slug or dates that cannot be.
    """
    article = _hold(proposal)
    _refuse_placed(article, proposal.site)
    refuse_unready(article)
    refuse_taken(article, proposal.site, slug)
    placement = place(article=article, site=proposal.site, go_live=go_live, slug=slug, **fields)
    _decide(proposal, State.ACCEPTED, by)
    return placement


@transaction.atomic
def decline(*, proposal: Proposal, by: User, reason: str) -> Proposal:
    """Say no, and why. Raises ValidationError without a reason, and where somebody decided meanwhile."""
    if not reason.strip():
        raise ValidationError({"reason": "Say why: it is what the one who proposed it gets to read."})
    _hold(proposal)
    return _decide(proposal, State.DECLINED, by, reason.strip())


@transaction.atomic
def withdraw(*, proposal: Proposal, by: User) -> Proposal:
    """Take a proposal back. Raises ValidationError where somebody decided meanwhile."""
    _hold(proposal)
    return _decide(proposal, State.WITHDRAWN, by)


@transaction.atomic
def trust(*, site: Site, tenant_id: int, user: User | None = None, source: Site | None = None) -> TrustedSource:
    """From now on the site accepts by itself what a member proposes, or what is canonical on another site of the
    tenant. Raises ValidationError for a site that would trust itself, and where both or neither are named."""
    if (user is None) == (source is None):
        raise ValidationError("Choose either a member or a site.")
    if source and source.pk == site.pk:
        raise ValidationError(f"{site.name} cannot trust itself: choose another site.")
    # Held, so that of two at once the second finds what the first wrote.
    hold([], sites=[site.pk])
    trusted, _ = TrustedSource.objects.get_or_create(tenant_id=tenant_id, site=site, user=user, source=source)
    return trusted


@transaction.atomic
def distrust(*, trusted: TrustedSource) -> None:
    """From now on the site's editors decide again."""
    hold([], sites=[trusted.site_id])
    TrustedSource.objects.filter(pk=trusted.pk).delete()


def _hold(proposal: Proposal) -> Article:
    """Begin a decision: the proposal as it is now, which must be open, and its article."""
    hold([proposal.article], sites=[proposal.site_id])
    proposal.refresh_from_db()
    if proposal.state != State.OPEN:
        raise ValidationError(f"Meanwhile it was {proposal.get_state_display()}{_by_whom(proposal)}.")
    return Article.objects.select_related("tenant").get(pk=proposal.article_id)


def _by_whom(proposal: Proposal) -> str:
    return f" by {proposal.decided_by}" if proposal.decided_by else ""


def _decide(proposal: Proposal, state: Proposal.State, by: User | None, reason: str = "") -> Proposal:
    proposal.state, proposal.decided_by, proposal.decided_at, proposal.reason = state, by, timezone.now(), reason
    proposal.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    return proposal


def _refuse_proposing(article: Article, site: Site) -> None:
    _refuse_placed(article, site)
    if open_one := Proposal.objects.filter(article=article, site=site, state=State.OPEN).first():
        whose = f", by {open_one.proposed_by}" if open_one.proposed_by else ""
        raise ValidationError(f"It is proposed to {site.name} already{whose}.")


def _refuse_placed(article: Article, site: Site) -> None:
    placements = list(Placement.objects.filter(article=article).values_list("site_id", "status"))
    if (site.pk, Status.PUBLISHED) in placements:
        raise ValidationError(f"It is published on {site.name} already.")
    if any(status == Status.RECALLED for _, status in placements):
        raise ValidationError("It has been recalled everywhere. Have the recall undone, then propose it.")


def _trusted(article: Article, site: Site, by: User) -> list[TrustedSource]:
    """Why the site would accept it by itself: the member first."""
    canonical = Placement.objects.filter(article=article, is_canonical=True).values("site_id")
    trusted = TrustedSource.objects.filter(Q(user=by) | Q(source__in=canonical), site=site)
    return sorted(trusted.select_related("user", "source"), key=lambda one: one.source_id or 0)


def _accept_by_itself(proposal: Proposal, sources: list[TrustedSource], writes: Allowed | None) -> None:
    """Or leave it open, with the reason."""
    try:
        with transaction.atomic():
            trusted = _who_vouches(proposal.article, sources, writes)
            wish = proposal.go_live if proposal.go_live and proposal.go_live > timezone.now() else None
            accept(proposal=proposal, by=None, go_live=wish)
            proposal.reason = f"{BY_ITSELF}{proposal.site.name} trusts {trusted.whom}."
    except ValidationError as error:
        proposal.refresh_from_db()
        proposal.reason = NOT_BY_ITSELF + " ".join(error.messages)
    proposal.save(update_fields=["reason"])


def _who_vouches(article: Article, sources: list[TrustedSource], writes: Allowed | None) -> TrustedSource:
    """The first of these that may bring the article out. Raises ValidationError, with the first one's reason."""
    reasons = []
    for trusted in sources:
        try:
            _refuse_hidden(article, trusted, writes)
        except ValidationError as error:
            reasons.append(error)
        else:
            return trusted
    raise reasons[0]


def _refuse_hidden(article: Article, trusted: TrustedSource, writes: Allowed | None) -> None:
    """What other editors still keep back, nobody else may bring out by proposing it."""
    if trusted.source_id is None:
        _refuse_kept_back(article)
        if writes is None or not writes(article):
            raise ValidationError(f"{trusted.user} is trusted with what is their own, and may not change this article.")
        return
    if not Placement.objects.on(trusted.source_id).filter(article=article).live(timezone.now()).exists():
        raise ValidationError(f"Readers of {trusted.whom} cannot see it there now.")


def _refuse_kept_back(article: Article) -> None:
    """Raise ValidationError where a site has it as a draft, or from a moment to come."""
    waits = Q(status=Status.DRAFT) | Q(status=Status.PUBLISHED, go_live__gt=timezone.now())
    if kept := Placement.objects.filter(waits, article=article).select_related("site").order_by("site__domain").first():
        raise ValidationError(f"{kept.site.name} has it as well, and does not show it yet.")
