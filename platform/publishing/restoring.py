"""The deed that brings an earlier revision back: as a new one, so that nothing in between is lost."""

from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from publishing.models import Article, Byline, Image, Revision, Topic
from publishing.permission import Allowed, refuse_unless
from publishing.placing import hold
from publishing.reviewing import latest_revision
from publishing.translating import refuse_language
from publishing.writing import TEXT_FIELDS, revise
from tenants.models import User


class Restored(NamedTuple):
    """The article, the number of its last revision, whether anything changed, and sentences on what was left out."""

    article: Article
    number: int
    changed: bool
    left_out: list[str]


@transaction.atomic
def restore(*, revision: Revision, by: User | None = None, allowed: Allowed | None = None) -> Restored:
    """The article as it was in this revision: words, language, lead picture, topics and bylines.

    Topics, bylines and pictures that have been deleted since are left out, and so is a language that a translation has
    meanwhile. Revisions that kept no more than words change no more than words. Expects a tenant scope.
    """
    article = revision.article
    hold([article])
    refuse_unless(allowed, article)
    before = latest_revision(article)
    left_out: list[str] = []
    fields: dict[str, Any] = {name: getattr(revision, name) for name in TEXT_FIELDS}
    details = revision.details
    for name, model, what in (("topics", Topic, "topic"), ("bylines", Byline, "byline")):
        if name in details:
            fields[name] = _still_there(model, details[name], what, left_out)
    if "lead_image_id" in details:
        found = _still_there(Image, [key for key in [details["lead_image_id"]] if key], "lead picture", left_out)
        fields["lead_image"] = next(iter(found), None)
    if "language" in details:
        _language(article, details["language"], fields, left_out)
    revise(article=article, by=by, **fields)
    number = latest_revision(article)
    return Restored(article, number, number != before, left_out)


def _still_there(model: type[Topic | Byline | Image], keys: list[int], what: str, left_out: list[str]) -> list[Any]:
    """The rows of these keys, in their order."""
    found = model.objects.in_bulk(keys)
    if gone := len([key for key in keys if key not in found]):
        some = f"A {what} that was deleted since is" if gone == 1 else f"{gone} {what}s that were deleted since are"
        left_out.append(f"{some} left out.")
    return [found[key] for key in keys if key in found]


def _language(article: Article, language: str, fields: dict[str, Any], left_out: list[str]) -> None:
    if language == article.language:
        return
    try:
        refuse_language(article=article, language=language)
    except ValidationError as error:
        left_out.append(f"The language stays as it is: {' '.join(error.messages)}")
    else:
        fields["language"] = language
