"""What waits for a member: what is asked of them, and what they left undone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse

from publishing.models import Article, Comment, Draft, Proposal, Review
from studio.access import TenantRequest
from tenants.roles import Power

# Of each kind; a page of its own has the rest.
SHOWN = 5
# Remarks are looked for on so many of one's articles, those that were changed last.
RECENT = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: what it is, in a few words, and where it is done."""

    what: str
    title: str
    about: str
    at: datetime | None
    url: str


def waiting(request: TenantRequest) -> list[Waiting]:
    """The kinds in the order of their weight; in four statements."""
    return [*_reviews(request), *_proposals(request), *_remarks(request), *_drafts(request)]


def _reviews(request: TenantRequest) -> Iterator[Waiting]:
    me, may_answer = request.user, request.membership.may(Power.EDIT)
    of_me = Q(asked_of=me) | (Q(asked_of=None) if may_answer else Q(pk__in=[]))
    asked = Q(state=Review.State.OPEN) & of_me & ~Q(asked_by=me)
    # What was answered since has another review, or another stage.
    wanted = Q(state=Review.State.CHANGES, asked_by=me, article__stage=Article.Stage.DRAFT)
    found = Review.objects.filter(asked | wanted).select_related("article", "asked_by", "answered_by")
    told: set[int] = set()
    for review in found.order_by("-asked_at", "-pk").defer(*_UNREAD)[: 2 * SHOWN]:
        if review.article_id in told:
            continue
        told.add(review.article_id)
        url = _url(request, "article-review", review.article_id)
        if review.state == Review.State.OPEN:
            about = _by("asked by", review.asked_by, review.note)
            yield Waiting("Review", str(review.article), about, review.asked_at, url)
        else:
            about = _by("from", review.answered_by, review.answer)
            yield Waiting("Changes wanted", str(review.article), about, review.answered_at, url)


def _proposals(request: TenantRequest) -> Iterator[Waiting]:
    if not request.membership.may(Power.PLACE):
        return
    found = Proposal.objects.filter(state=Proposal.State.OPEN)
    sites = request.membership.sites_with(Power.PLACE)
    if sites is not None:
        found = found.filter(site__in=sites)
    url = reverse("inbox", kwargs={"tenant": request.tenant.slug})
    told = found.select_related("article", "site", "proposed_by").defer(*_UNREAD)
    for proposal in told.order_by("-proposed_at", "-pk")[:SHOWN]:
        about = _by(f"for {proposal.site.name}, by", proposal.proposed_by, proposal.note)
        yield Waiting("Proposal", str(proposal.article), about, proposal.proposed_at, url)


def _remarks(request: TenantRequest) -> Iterator[Waiting]:
    # Raises no question over all of somebody's articles, which may be tens of thousands.
    mine = Article.objects.filter(written_by=request.user).order_by("-updated_at", "-pk").values("pk")[:RECENT]
    open_ones = Comment.objects.filter(article__in=mine, parent=None, resolved_at=None).exclude(user=request.user)
    told = open_ones.select_related("article", "user").defer(*_UNREAD)
    for remark in told.order_by("-made_at", "-pk")[:SHOWN]:
        about = _by("from", remark.user, remark.text)
        url = _url(request, "article-review", remark.article_id)
        yield Waiting("Comment", str(remark.article), about, remark.made_at, url)


def _drafts(request: TenantRequest) -> Iterator[Waiting]:
    unsaved = Draft.objects.filter(user=request.user, words__isnull=False).select_related("article")
    for draft in unsaved.defer("words", *_UNREAD).order_by("-saved_at", "-pk")[:SHOWN]:
        url = _url(request, "article", draft.article_id)
        yield Waiting("Unsaved words", str(draft.article), "only you see them", draft.saved_at, url)


_UNREAD = tuple(f"article__{name}" for name in ("body", "html", "text", "summary", "stems", "words"))
_MOST = 90


def _by(words: str, person: Any, said: str) -> str:
    line = " ".join(said.split())
    shown = f": {line[:_MOST]}{'…' if len(line) > _MOST else ''}" if line else ""
    return f"{words} {person or 'somebody'}{shown}"


def _url(request: TenantRequest, name: str, article_id: int) -> str:
    return reverse(name, kwargs={"tenant": request.tenant.slug, "article_id": article_id})
