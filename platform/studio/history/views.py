"""An article's revisions: compared, restored; and where it was placed."""

from functools import partial
from itertools import groupby
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from publishing import comparing, restoring
from publishing.auditing import Wanted, happened
from publishing.bodies import render as rendered
from publishing.comparing import Change, blocks_of
from publishing.images import shown_in
from publishing.models import Article, Revision
from studio.access import TenantRequest, article_of, may_write, needs
from studio.audit.names import Names, sites_of
from studio.audit.telling import told
from studio.audit.views import place_from, place_text
from studio.history.details import Details
from studio.history.revisions import steps_of
from studio.writing.approval import Approval
from studio.writing.showing import shown
from tenants.roles import Power

PLACED = 20
# Of what stayed, so many blocks are shown beside what changed.
_AROUND = 1


@require_safe
@needs(Power.READ)
def history(request: TenantRequest, article_id: int) -> HttpResponse:
    article = article_of(request, article_id)
    wanted = Wanted(kinds=("Placement",), article_id=article.pk, sites=request.sites)
    placed = happened(
        tenant=request.tenant, wanted=wanted, after=place_from(request.GET.get("placed", "")), limit=PLACED
    )
    names = Names(sites_of(request.tenant), placed.events)
    context = {
        **_page(request, article),
        "revisions": steps_of(article, _number(request.GET.get("below"))),
        "placed": [told(event, names) for event in placed.events],
        "placed_rest": placed.rest and place_text(placed.rest),
        "later": "below" in request.GET or "placed" in request.GET,
    }
    return render(request, "studio/history/history.html", context)


@require_safe
@needs(Power.READ)
def compare(request: TenantRequest, article_id: int) -> HttpResponse:
    """`old` and `new` are numbers of revisions, in either order."""
    article = article_of(request, article_id)
    old, new = _two(article, _number(request.GET.get("old")), _number(request.GET.get("new")))
    details = Details([old, new])
    is_mixed = old.body_format != new.body_format
    comparison = comparing.compare(
        blocks_of(old.body, old.body_format, rendered=is_mixed), blocks_of(new.body, new.body_format, rendered=is_mixed)
    )
    context = {
        **_page(request, article),
        "old": old,
        "new": new,
        "words": [
            (label, comparing.words(getattr(old, name), getattr(new, name)))
            for name, label in (("title", "Title"), ("summary", "Summary"))
            if getattr(old, name) != getattr(new, name)
        ],
        "details": details.between(old, new),
        "is_mixed": is_mixed,
        "comparison": comparison,
        "runs": _folded(comparison.changes),
    }
    return render(request, "studio/history/compare.html", context)


@require_safe
@needs(Power.READ)
def revision(request: TenantRequest, article_id: int, revision_id: int) -> HttpResponse:
    article = article_of(request, article_id)
    one = _revision(article, revision_id)
    body_format: Any = one.body_format
    body = rendered(one.body, body_format, shown_in(article.tenant_id, one.body))
    context = {
        **_page(request, article),
        "revision": one,
        "body": body,
        "html": shown(request.tenant, body.html),
        "details": Details([one]).of(one),
    }
    return render(request, "studio/history/revision.html", context)


@require_POST
@needs(Power.WRITE)
def restore(request: TenantRequest, article_id: int, revision_id: int) -> HttpResponse:
    article = article_of(request, article_id)
    one = _revision(article, revision_id)
    if not may_write(request, article):
        raise PermissionDenied
    approval = Approval(article)
    try:
        restored = restoring.restore(revision=one, by=request.user, allowed=partial(may_write, request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        _say(request, one, restored)
        for sentence in approval.lost():
            messages.warning(request, sentence)
    return redirect("article-history", tenant=request.tenant.slug, article_id=article.pk)


def _say(request: TenantRequest, one: Revision, restored: restoring.Restored) -> None:
    if restored.changed:
        messages.success(request, f"Revision {one.number} is restored, as revision {restored.number}.")
    else:
        messages.info(request, f"The article says what revision {one.number} says already. Nothing was changed.")
    for sentence in restored.left_out:
        messages.warning(request, sentence)


class Run(NamedTuple):
    """Changes that follow each other; of those that are folded nothing changed."""

    is_folded: bool
    changes: list[Change]


def _folded(changes: list[Change]) -> list[Run]:
    """What stayed is folded away but for what stands next to a change."""
    near = set()
    for at, change in enumerate(changes):
        if change.kind != "same":
            near |= set(range(at - _AROUND, at + _AROUND + 1))
    marked = [(at not in near and change.kind == "same", change) for at, change in enumerate(changes)]
    runs = [Run(is_far, [change for _, change in run]) for is_far, run in groupby(marked, key=lambda one: one[0])]
    # To unfold a single one takes more than to read past it.
    return [Run(run.is_folded and len(run.changes) > 1, run.changes) for run in runs]


def _page(request: TenantRequest, article: Article) -> dict[str, Any]:
    return {"article": article, "tab": "history", "may_write": may_write(request, article)}


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Http404
    return int(text)


def _revision(article: Article, revision_id: int) -> Revision:
    found = Revision.objects.select_related("made_by").filter(article=article, pk=revision_id).first()
    if found is None:
        raise Http404
    found.article = article
    return found


def _two(article: Article, old: int | None, new: int | None) -> tuple[Revision, Revision]:
    """Without numbers, the last and the one before it."""
    revisions = Revision.objects.filter(article=article).select_related("made_by").order_by("-number")
    if old is not None and new is not None:
        revisions = revisions.filter(number__in=[old, new])
    found = list(revisions[:2])
    if not found or ({one.number for one in found} != {old, new} and old is not None):
        raise Http404
    return found[-1], found[0]
