"""What pages say in the active language and time zone, which are the brand's.

The same few words and dates stand on every page, so each is put into words once a language and process.
"""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import NamedTuple

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext


class Told(NamedTuple):
    """A moment as a page tells it: its day in words, and all of it for machines (ISO 8601)."""

    day: str
    exactly: str


@dataclass(frozen=True, slots=True)
class Voice:
    """The active language and time zone, asked for once a page and not once a word."""

    language: str | None
    zone: tzinfo

    def told(self, moment: datetime) -> Told:
        return _told(self.language, self.zone, moment)

    def reading_time(self, minutes: int) -> str:
        return _reading_time(self.language, minutes)


def voice() -> Voice:
    return Voice(get_language(), timezone.get_current_timezone())


def said(message: str) -> str:
    """The message of a template in the active language."""
    return _said(get_language(), message)


def month_name(value: date) -> str:
    return _written(get_language(), value, "F")


def month_and_year(value: date) -> str:
    return _written(get_language(), value, "YEAR_MONTH_FORMAT")


# The language is an argument for the sake of the cache alone: it is the active one.


@lru_cache(maxsize=4096)
def _said(language: str | None, message: str) -> str:
    return gettext(message)


@lru_cache(maxsize=16384)
def _told(language: str | None, zone: tzinfo, moment: datetime) -> Told:
    local = moment.astimezone(zone)
    return Told(_written(language, local.date(), "DATE_FORMAT"), local.isoformat())


@lru_cache(maxsize=16384)
def _written(language: str | None, value: date, layout: str) -> str:
    return date_format(value, layout)


@lru_cache(maxsize=4096)
def _reading_time(language: str | None, minutes: int) -> str:
    return gettext("%(minutes)s min read") % {"minutes": minutes}
