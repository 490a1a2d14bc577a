"""Pages by keyset: the next one begins after the last row of this one, however many there are."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from django.http import Http404

PAGE = 30
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Microseconds since 1970 and a primary key: digits that neither a datetime nor a bigint could hold are no position.
_TEXT = re.compile(r"([0-9]{1,16})-([0-9]{1,18})\Z", re.ASCII)
_TITLE = re.compile(r"([0-9]{1,18})-([^\x00]{0,400})\Z", re.ASCII | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a list that is sorted by a moment and then by primary key: by `updated_at`, usually."""

    updated_at: datetime
    pk: int

    def __str__(self) -> str:
        return f"{(self.updated_at - _EPOCH) // timedelta(microseconds=1)}-{self.pk}"

    @property
    def key(self) -> datetime:
        return self.updated_at

    @classmethod
    def from_text(cls, text: str) -> Self:
        """What `str` of a position gave; anything else is no page: Http404."""
        match = _TEXT.match(text)
        if match is None:
            raise Http404
        return cls(_EPOCH + timedelta(microseconds=int(match[1])), int(match[2]))


@dataclass(frozen=True, slots=True)
class TitlePosition:
    """A place in a list that is sorted by titles and then by primary key."""

    key: str
    pk: int

    def __str__(self) -> str:
        return f"{self.pk}-{self.key}"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """What `str` of a position gave; anything else is no page: Http404."""
        match = _TITLE.match(text)
        if match is None:
            raise Http404
        return cls(match[2], int(match[1]))
