"""Where a list goes on: a short mark of the last row that was shown."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils.http import base36_to_int, int_to_base36

_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
LARGEST_KEY = 2**63 - 1


class BrokenCursor(ValueError):
    """This text marks no row: nothing here ever wrote it."""


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """The row after which a list goes on, by what lists are ordered by."""

    go_live: datetime
    placement_id: int

    def __str__(self) -> str:
        moment = (self.go_live - _BEGINNING) // _MICROSECOND
        return f"{int_to_base36(moment)}-{int_to_base36(self.placement_id)}"


def cursor_from(text: str) -> Cursor:
    """The cursor that is written so, and in no other way. Raises BrokenCursor."""
    moment, _, key = text.partition("-")
    try:
        cursor = Cursor(_BEGINNING + base36_to_int(moment) * _MICROSECOND, base36_to_int(key))
        is_canonical = str(cursor) == text
    except (ValueError, OverflowError) as error:
        raise BrokenCursor(text[:50]) from error
    if not is_canonical or cursor.placement_id > LARGEST_KEY:
        raise BrokenCursor(text[:50])
    return cursor
