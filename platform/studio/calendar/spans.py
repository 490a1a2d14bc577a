"""The days that a calendar shows, by the clocks of a zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MONTH, WEEK, DAY = "month", "week", "day"
# How much of each day is shown; the rest is counted.
SHOWN = {MONTH: 4, WEEK: 12, DAY: 200}
# A day before and after which no calendar is drawn.
FIRST, LAST = date(1901, 1, 1), date(2198, 12, 31)


@dataclass(frozen=True, slots=True)
class Span:
    """`days` are whole weeks from Monday on, or one day; `day` is the one that was asked for."""

    view: str
    day: date
    zone: ZoneInfo

    @property
    def days(self) -> list[date]:
        if self.view == DAY:
            return [self.day]
        first = self.day.replace(day=1) if self.view == MONTH else self.day
        monday = first - timedelta(days=first.weekday())
        weeks = 1
        if self.view == MONTH:
            last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
            weeks = (last - monday).days // 7 + 1
        return [monday + timedelta(days=n) for n in range(7 * weeks)]

    @property
    def midnights(self) -> list[datetime]:
        """At which each of the days begins, and the last one ends."""
        days = self.days
        return [self._midnight(day) for day in [*days, days[-1] + timedelta(days=1)]]

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    @property
    def shown(self) -> int:
        return SHOWN[self.view]

    @property
    def title(self) -> str:
        if self.view == MONTH:
            return f"{self.day:%B %Y}"
        days = self.days
        if self.view == DAY:
            return f"{self.day:%A}, {self.day.day} {self.day:%B %Y}"
        return f"{_short(days[0])} – {_short(days[-1])} {days[-1].year}"

    @property
    def before(self) -> date:
        if self.view == MONTH:
            return max((self.day.replace(day=1) - timedelta(days=1)).replace(day=1), FIRST)
        return max(self.day - timedelta(days=7 if self.view == WEEK else 1), FIRST)

    @property
    def behind(self) -> date:
        if self.view == MONTH:
            return min((self.day.replace(day=1) + timedelta(days=31)).replace(day=1), LAST)
        return min(self.day + timedelta(days=7 if self.view == WEEK else 1), LAST)


def _short(day: date) -> str:
    return f"{day.day} {day:%B}"
