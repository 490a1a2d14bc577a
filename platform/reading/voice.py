"""What pages say in the active language, time zone and style of dates, which are the brand's.

The same few words and dates stand on every page, so each is put into words once a language and process.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import NamedTuple

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, get_language_info, gettext

# The layouts of Brand.DateStyle: names of the language's own formats, or a layout that no language changes.
_LAYOUTS = {"long": "DATE_FORMAT", "short": "SHORT_DATE_FORMAT", "iso": "Y-m-d"}
_date_style: ContextVar[str] = ContextVar("date_style", default="long")


class Told(NamedTuple):
    """A moment as a page tells it: its day in words, and all of it for machines (ISO 8601)."""

    day: str
    exactly: str


@dataclass(frozen=True, slots=True)
class Voice:
    """The active language, time zone and style of dates, asked for once a page and not once a word."""

    language: str | None
    zone: tzinfo
    date_style: str

    def told(self, moment: datetime) -> Told:
        return _told(self.language, self.zone, self.date_style, moment)

    def reading_time(self, minutes: int) -> str:
        return _reading_time(self.language, minutes)


def voice() -> Voice:
    return Voice(get_language(), timezone.get_current_timezone(), _date_style.get())


@contextmanager
def dates_as(style: str) -> Iterator[None]:
    """Tell dates in one of the styles of Brand.DateStyle."""
    token = _date_style.set(style)
    try:
        yield
    finally:
        _date_style.reset(token)


def said(message: str) -> str:
    """The message of a template in the active language."""
    return _said(get_language(), message)


def month_name(value: date) -> str:
    return _written(get_language(), value, "F")


def month_and_year(value: date) -> str:
    return _written(get_language(), value, "YEAR_MONTH_FORMAT")


@lru_cache(maxsize=1024)
def language_name(language: str) -> str:
    """A language in its own words; its code where nothing is known of it."""
    try:
        return str(get_language_info(language)["name_local"])
    except KeyError:
        return language


@lru_cache(maxsize=1024)
def direction(language: str) -> str:
    """`rtl` for the languages that are known to be written so."""
    try:
        return "rtl" if get_language_info(language)["bidi"] else "ltr"
    except KeyError:
        return "ltr"


# The language is an argument for the sake of the cache alone: it is the active one.


@lru_cache(maxsize=4096)
def _said(language: str | None, message: str) -> str:
    return gettext(message)


@lru_cache(maxsize=16384)
def _told(language: str | None, zone: tzinfo, style: str, moment: datetime) -> Told:
    local = moment.astimezone(zone)
    return Told(_day(local.date(), style), local.isoformat(timespec="seconds"))


def _day(day: date, style: str) -> str:
    if style == "weekday":
        return gettext("%(weekday)s, %(date)s") % {
            "weekday": date_format(day, "l"),
            "date": date_format(day, "DATE_FORMAT"),
        }
    return date_format(day, _LAYOUTS.get(style, "DATE_FORMAT"))


@lru_cache(maxsize=16384)
def _written(language: str | None, value: date, layout: str) -> str:
    return date_format(value, layout)


@lru_cache(maxsize=4096)
def _reading_time(language: str | None, minutes: int) -> str:
    return gettext("%(minutes)s min read") % {"minutes": minutes}
