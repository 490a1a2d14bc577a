"""A page of an article's revisions: who, when, and what each changed."""

import re
from typing import Any, NamedTuple

from django.db.models import Case, CharField, F, Func, IntegerField, OuterRef, QuerySet, Subquery, TextField, When
from django.db.models.functions import MD5
from django.db.models.lookups import GreaterThan, LessThanOrEqual

from publishing.comparing import count_words
from publishing.models import Article, Revision

PAGE = 20
COUNTED = 64 * 1024
"""Bytes of a body up to which its words are counted in a list; of a longer one the size tells."""
# How far back is looked for a revision that said the same.
_LOOKED_BACK = 500
_FIELDS = {"title": "title", "summary": "summary", "body_format": "format"}
_DETAILS = {"language": "language", "lead_image_id": "lead picture", "topics": "topics", "bylines": "bylines"}
_TAG = re.compile(r"<[^<>]*>")


class Step(NamedTuple):
    """A revision and what it changed: labels of fields; words that came and went, or None where they are not counted.

    `same_as` is the number of an earlier revision that said the same, as a restored one does.
    """

    revision: Revision
    fields: list[str]
    added: int | None
    removed: int | None
    same_as: int | None
    is_first: bool

    @property
    def before(self) -> int:
        """The number of the revision that it changed."""
        return self.revision.number - 1


class Steps(NamedTuple):
    """Latest first; `rest` is the number that the next page begins below."""

    steps: list[Step]
    rest: int | None


def steps_of(article: Article, below: int | None) -> Steps:
    """One statement, which reads no body that is long."""
    rows = list(_rows(article, below)[: PAGE + 1])
    steps = [_step(new, old) for new, old in zip(rows[:PAGE], [*rows[1:], None], strict=False)]
    return Steps(steps, rows[PAGE - 1].number if len(rows) > PAGE else None)


def _rows(article: Article, below: int | None) -> QuerySet[Revision]:
    size = Func(F("body"), function="octet_length", output_field=IntegerField())
    same = Revision.objects.filter(
        article=article,
        number__lt=OuterRef("number") - 1,
        number__gte=OuterRef("number") - _LOOKED_BACK,
        title=OuterRef("title"),
        summary=OuterRef("summary"),
        body_format=OuterRef("body_format"),
        body=OuterRef("body"),
    )
    rows = Revision.objects.filter(article=article).select_related("made_by").defer("body").order_by("-number")
    if below:
        rows = rows.filter(number__lt=below)
    return rows.annotate(
        short=Case(When(LessThanOrEqual(size, COUNTED), then=F("body")), output_field=TextField()),
        digest=Case(When(GreaterThan(size, COUNTED), then=MD5("body")), output_field=CharField()),
        same_as=Subquery(same.order_by("-number").values("number")[:1]),
    )


def _step(new: Any, old: Any) -> Step:
    if old is None:
        is_first = new.number == 1
        return Step(new, [], *_counted("", new.short, new.body_format), None, is_first=is_first)
    fields = [label for name, label in _FIELDS.items() if getattr(new, name) != getattr(old, name)]
    body_changed = (new.short, new.digest) != (old.short, old.digest)
    if body_changed:
        fields.append("text")
    said_otherwise = bool(fields)
    fields += [
        label
        for name, label in _DETAILS.items()
        if name in new.details and name in old.details and new.details[name] != old.details[name]
    ]
    counted = _counted(old.short, new.short, new.body_format) if body_changed else (None, None)
    return Step(new, fields, *counted, new.same_as if said_otherwise else None, is_first=False)


def _counted(old: str | None, new: str | None, body_format: str) -> tuple[int | None, int | None]:
    if old is None or new is None:
        return None, None
    if body_format == "html":
        old, new = _TAG.sub(" ", old), _TAG.sub(" ", new)
    return count_words(old, new)
