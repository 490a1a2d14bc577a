"""Two people's words on one article, field by field and paragraph by paragraph: what was, what theirs is, what mine is.

Also how one's own unsaved words are compared with what is saved, where nobody else has saved.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from publishing import drafting
from publishing.bodies import BodyTooLong
from publishing.bodies.blocks import blocks_of, joined
from publishing.merging import Field, Piece, State, merge_blocks, merge_items, merge_value
from publishing.models import Article, Draft, Revision
from studio.access import TenantRequest, may_write, needs
from studio.writing import opened, words
from studio.writing.approval import Approval
from studio.writing.forms import WordsForm
from studio.writing.showing import Shower
from tenants.roles import Power

VALUES = {"title": "Title", "summary": "Summary", "language": "Language", "kind": "Kind", "lead_image": "Lead picture"}
TERMS = {"topics": "Topics", "bylines": "Bylines"}


@dataclass(frozen=True, slots=True)
class Versions:
    """The words as they were when mine began, if that is known; as they are saved; and mine, unsaved."""

    base: Mapping[str, Any]
    theirs: Mapping[str, Any]
    mine: Mapping[str, Any]

    def value(self, name: str) -> Field[Any]:
        return merge_value(self.theirs[name], self.mine[name], base=self.base.get(name), is_known=name in self.base)

    def terms(self, name: str) -> Field[tuple[int, ...]]:
        """Of lists the proposal holds what either added and nothing that either took out."""
        base, theirs, mine = (tuple(side.get(name, ())) for side in (self.base, self.theirs, self.mine))
        return merge_value(theirs, mine, base=base, is_known=name in self.base)

    def merged_terms(self, name: str) -> tuple[int, ...]:
        return merge_items(self.base.get(name, self.theirs[name]), self.theirs[name], self.mine[name])

    @property
    def body_format(self) -> str:
        """Of what comes out. Where the two differ, mine; the body is then chosen as a whole."""
        return str(self.mine["body_format"])

    def body(self) -> list[Piece]:
        formats = {side["body_format"] for side in (self.base, self.theirs, self.mine) if "body_format" in side}
        if len(formats) > 1 or "body" not in self.base:
            return self._whole()
        cut = [blocks_of(side["body"], self.body_format) for side in (self.base, self.theirs, self.mine)]
        return merge_blocks(*cut)

    def _whole(self) -> list[Piece]:
        theirs, mine = ((side["body"],) if side["body"] else () for side in (self.theirs, self.mine))
        same = self.theirs["body"] == self.mine["body"] and self.theirs["body_format"] == self.mine["body_format"]
        return [Piece(State.SAME if same else State.CONFLICT, (), theirs, mine)]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.WRITE)
def merge(request: TenantRequest, article_id: int) -> HttpResponse:
    article = opened.article_with_words(article_id)
    if not may_write(request, article):
        raise PermissionDenied
    draft = Draft.objects.filter(article=article, user=request.user).first()
    if draft is None or draft.words is None:
        if request.method == "POST":
            messages.info(request, "These words are saved, or gone, already.")
        return redirect("article", tenant=request.tenant.slug, article_id=article.pk)
    merging = Merging(request, article, draft)
    return _take(merging) if request.method == "POST" else _show(merging)


class Merging:
    """One person's draft and the article that it is to become, looked at together."""

    def __init__(self, request: TenantRequest, article: Article, draft: Draft) -> None:
        self.request, self.article, self.draft = request, article, draft
        self.latest: int = getattr(article, "latest", None) or 0
        self.revisions = {
            one.number: one
            for one in Revision.objects.filter(article=article, number__in={draft.base, self.latest}).select_related(
                "made_by"
            )
        }
        self.filed = opened.filed(article)
        self.versions = self._versions()

    def _versions(self) -> Versions:
        words_kept = self.draft.words or {}
        mine = {name: value for name, value in words_kept.items() if value != "" or name not in ("kind", "body_format")}
        filed = {name: [term.pk for term in terms if term.pk] for name, terms in self.filed.items()}
        theirs = words.stored(self.article, filed)
        base = self.revisions.get(self.draft.base)
        return Versions(words.of_revision(base) if base else {}, theirs, {**theirs, **mine})

    def shower(self) -> Shower:
        known = {name: {term.pk: term.name for term in terms if term.pk} for name, terms in self.filed.items()}
        return Shower(self.request.tenant, [self.versions.base, self.versions.theirs, self.versions.mine], known)


def _show(merging: Merging, errors: Sequence[str] = ()) -> HttpResponse:
    shower, versions = merging.shower(), merging.versions
    fields = [*_values(versions, shower), *_terms(versions, shower)]
    context = {
        "article": merging.article,
        "tab": "write",
        "draft": merging.draft,
        "latest": merging.latest,
        "has_moved_on": merging.latest != merging.draft.base,
        "saved": merging.revisions.get(merging.latest),
        "errors": errors,
        "fields": [row for row in fields if row["state"] != State.SAME],
        "pieces": [_piece(versions, shower, number, piece) for number, piece in enumerate(versions.body())],
    }
    return render(merging.request, "studio/writing/merge.html", context, status=422 if errors else 200)


def _values(versions: Versions, shower: Shower) -> list[dict[str, Any]]:
    rows = []
    for name, label in VALUES.items():
        field = versions.value(name)
        sides = {"base": field.base, "theirs": field.theirs, "mine": field.mine}
        rows.append(
            {
                "name": name,
                "label": label,
                "state": field.state,
                "take": "theirs" if field.state == State.THEIRS else "mine",
                "text": field.proposed if name in ("title", "summary") else None,
                **{side: shower.value(name, value) for side, value in sides.items()},
            }
        )
    return rows


def _terms(versions: Versions, shower: Shower) -> list[dict[str, Any]]:
    rows = []
    for name, label in TERMS.items():
        field = versions.terms(name)
        new = list(versions.mine.get(f"new_{name}", []))
        state = State.MINE if new and field.state == State.SAME else field.state
        sides = {"theirs": field.theirs, "mine": field.mine, "merged": versions.merged_terms(name)}
        told = {side: shower.value(name, value) for side, value in sides.items()}
        for side in ("mine", "merged"):
            told[side] = ", ".join(filter(None, [told[side], *new]))
        is_split = state == State.CONFLICT
        take = "merged" if is_split else "theirs" if state == State.THEIRS else "mine"
        rows.append({"name": name, "label": label, "state": state, "take": take, "is_list": is_split, **told})
    return rows


def _piece(versions: Versions, shower: Shower, number: int, piece: Piece) -> dict[str, Any]:
    """A stretch of the body as it will be shown; one that nobody changed says how much it is."""
    told: dict[str, Any] = {"number": number, "state": piece.state, "blocks": len(piece.mine)}
    if piece.state == State.SAME:
        return told
    for side in ("theirs", "mine"):
        source = "".join(getattr(piece, side))
        told[side] = shower.body(source, getattr(versions, side)["body_format"])
        told[f"{side}_source"] = source
    told["take"] = "theirs" if piece.state == State.THEIRS else "mine" if piece.state != State.CONFLICT else ""
    return told


def _take(merging: Merging) -> HttpResponse:
    request, article, latest = merging.request, merging.article, merging.latest
    if request.POST.get("theirs") != str(latest):
        return _again(merging)
    try:
        form = WordsForm(_chosen(request.POST, merging.versions, latest), article=article)
    except _Undecided as undecided:
        return _show(merging, [str(undecided)])
    if not form.is_valid():
        return _show(merging, [str(one) for errors in form.errors.values() for one in errors])
    approval = Approval(article)
    try:
        drafting.save(
            article=article,
            by=request.user,
            base=latest,
            words=form.words,
            version=merging.draft.version,
            allowed=partial(may_write, request),
        )
    except drafting.MovedOn:
        return _again(merging)
    except (ValidationError, BodyTooLong) as error:
        return _show(merging, getattr(error, "messages", [str(error)]))
    messages.success(request, f"“{article}” is saved, merged.")
    for sentence in approval.lost():
        messages.warning(request, sentence)
    return redirect("article", tenant=request.tenant.slug, article_id=article.pk)


def _again(merging: Merging) -> HttpResponse:
    messages.warning(merging.request, "Somebody has saved again meanwhile. This is how it stands now.")
    return redirect("article-merge", tenant=merging.request.tenant.slug, article_id=merging.article.pk)


class _Undecided(Exception):
    """Somewhere both changed the same, and nobody has said what to take."""


def _chosen(data: QueryDict, versions: Versions, latest: int) -> QueryDict:
    """What was chosen, as the editor's form would have sent it."""
    chosen = QueryDict(mutable=True)
    chosen["base"], chosen["body_format"] = str(latest), versions.body_format
    for name in VALUES:
        field = versions.value(name)
        value = {"theirs": field.theirs, "mine": field.mine}.get(data.get(f"take-{name}", ""), field.proposed)
        if data.get(f"take-{name}") == "edit":
            value = data.get(f"edit-{name}", "")
        chosen[name] = "" if value is None else str(value)
    for name in TERMS:
        take = data.get(f"take-{name}", "")
        terms = {"theirs": versions.theirs[name], "mine": versions.mine[name]}.get(take, versions.merged_terms(name))
        chosen.setlist(name, [str(pk) for pk in terms])
        if take != "theirs":
            chosen.setlist(f"new_{name}", list(versions.mine.get(f"new_{name}", [])))
    _choose_body(chosen, data, versions)
    return chosen


def _choose_body(chosen: QueryDict, data: QueryDict, versions: Versions) -> None:
    blocks: list[str] = []
    for number, piece in enumerate(versions.body()):
        take = data.get(f"piece-{number}", "")
        if take == "theirs" and versions.theirs["body_format"] != versions.body_format:
            chosen["body_format"] = versions.theirs["body_format"]
        taken = {
            "theirs": piece.theirs,
            "mine": piece.mine,
            "both": (*piece.theirs, *piece.mine),
            "edit": (words.lines(data.get(f"edit-{number}", "")),),
        }.get(take, piece.proposed)
        if taken is None:
            raise _Undecided("At some places both of you changed the same. Say there what to take.")
        blocks += [block for block in taken if block]
    chosen["body"] = joined(blocks, versions.body_format)
