"""The months of a site's archive, in the site's own time zone."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils import timezone

from reading.asking import rows_of
from reading.shown import SHOWN

# From each month straight to the newest article before it: one step down the list's index a month, whatever lies
# between. A GROUP BY would read every article of the site. Each step is also below the article that it found: where a
# month's first midnight comes twice, its beginning alone would find the same month for ever.
_NEWEST = f"SELECT max(go_live) AS newest FROM publishing_placement placement WHERE {SHOWN}"  # noqa: S608
_MONTHS = f"""
WITH RECURSIVE month (newest, start) AS (
    SELECT newest, date_trunc('month', newest AT TIME ZONE %(zone)s) FROM ({_NEWEST}) first
    UNION ALL
    SELECT before.newest, date_trunc('month', before.newest AT TIME ZONE %(zone)s)
      FROM month, LATERAL (
        {_NEWEST} AND go_live < least(month.newest, month.start AT TIME ZONE %(zone)s)
      ) before
     WHERE month.newest IS NOT NULL
)
SELECT DISTINCT start::date AS month FROM month WHERE newest IS NOT NULL ORDER BY month DESC
"""  # noqa: S608 -- made of constants


@dataclass(frozen=True, slots=True)
class Year:
    number: int
    months: tuple[date, ...]


def years_of(site_id: int, now: datetime) -> list[Year]:
    """The months in which the site shows something, newest first, by year; each as its first day."""
    # By its key: its name in Python is an abbreviation, which PostgreSQL reads otherwise or not at all.
    zone = getattr(timezone.get_current_timezone(), "key", "UTC")
    rows = rows_of(site_id, _MONTHS, now=now, zone=zone)
    return [Year(number, tuple(group)) for number, group in groupby((start for (start,) in rows), key=_year)]


def _year(month: date) -> int:
    return month.year


def bounds(year: int, month: int) -> tuple[datetime, datetime]:
    """The moments at which the month begins and the next one does. Raises ValueError beyond the calendar."""
    zone = timezone.get_current_timezone()
    start = datetime(year, month, 1, tzinfo=zone)
    return start, datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone)
