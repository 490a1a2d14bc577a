"""The months of a site's archive, in the site's own time zone."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils import timezone

from reading.asking import rows_of
from reading.shown import SHOWN

# From each month straight to the newest article before it: one step down the list's index a month, whatever lies
# between. A GROUP BY would read every article of the site.
_MONTHS = f"""
WITH RECURSIVE month (start) AS (
    SELECT date_trunc('month', max(go_live) AT TIME ZONE %(zone)s) FROM publishing_placement placement WHERE {SHOWN}
    UNION ALL
    SELECT (SELECT date_trunc('month', max(go_live) AT TIME ZONE %(zone)s) FROM publishing_placement placement
             WHERE {SHOWN} AND go_live < month.start AT TIME ZONE %(zone)s)
      FROM month WHERE month.start IS NOT NULL
)
SELECT start::date FROM month WHERE start IS NOT NULL
"""  # noqa: S608 -- made of constants


@dataclass(frozen=True, slots=True)
class Year:
    number: int
    months: tuple[date, ...]


def years_of(site_id: int, now: datetime) -> list[Year]:
    """The months in which the site shows something, newest first, by year; each as its first day."""
    rows = rows_of(site_id, _MONTHS, now=now, zone=timezone.get_current_timezone_name())
    return [Year(number, tuple(group)) for number, group in groupby((start for (start,) in rows), key=_year)]


def _year(month: date) -> int:
    return month.year


def bounds(year: int, month: int) -> tuple[datetime, datetime]:
    """The moments at which the month begins and the next one does. Raises ValueError beyond the calendar."""
    zone = timezone.get_current_timezone()
    start = datetime(year, month, 1, tzinfo=zone)
    return start, datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone)
