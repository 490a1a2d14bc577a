"""A correction that was itself wrong: reword, withdraw_correction. `publishing.writing.correct` publishes one.

Each is one transaction and expects an active tenant scope. What a correction said before is kept by its events.
"""

from django.core.exceptions import ValidationError
from django.db import transaction

from publishing.models import Article, Correction, Placement
from publishing.permission import Allowed, refuse_unless
from publishing.placing import hold


@transaction.atomic
def reword(
    *, correction: Correction, note: str, seen: str | None = None, allowed: Allowed | None = None
) -> Correction:  # fmt: skip
    """Say it otherwise; the date stays. `seen` is the note as it was read. Raises ValidationError for no words, and
    where somebody else changed or removed it meanwhile."""
    if not note.strip():
        raise ValidationError("A correction says what was wrong.")
    _hold(correction, seen, allowed)
    correction.note = note.strip()
    correction.save(update_fields=["note"])
    return correction


@transaction.atomic
def withdraw_correction(
    *, correction: Correction, seen: str | None = None, allowed: Allowed | None = None
) -> None:  # fmt: skip
    """Take it off the article on all sites. Raises ValidationError as `reword` does."""
    _hold(correction, seen, allowed)
    correction.delete()


def concerned(article: Article) -> list[Placement]:
    """Where readers see what is said with the article, have seen it, or may again: all but drafts, by domain."""
    placements = Placement.objects.filter(article=article).exclude(status=Placement.Status.DRAFT)
    return list(placements.select_related("site").order_by("site__domain"))


def _hold(correction: Correction, seen: str | None, allowed: Allowed | None) -> None:
    hold([correction.article])
    refuse_unless(allowed, correction.article)
    try:
        correction.refresh_from_db()
    except Correction.DoesNotExist:
        raise ValidationError("Somebody removed this correction meanwhile.") from None
    if seen is not None and seen != correction.note:
        raise ValidationError(f"Somebody changed this correction meanwhile. It says now: “{correction.note}”")
