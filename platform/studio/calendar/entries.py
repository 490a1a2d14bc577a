"""What appears and what ends on the days of a calendar: the first of each day, and how many there are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.sites.models import Site
from django.db import connection
from django.utils import timezone

from studio.access import TenantRequest
from studio.calendar.spans import Span
from studio.placing.clocks import typed_as, zone_of
from studio.standing import Standing, standing
from tenants.roles import Power

APPEARS, ENDS = "appears", "ends"
# Of a day no more are counted.
COUNTED = 500

# Each day is a range of one index, of which the first few rows are read whole.
_STATEMENT = """
SELECT d.place, {kind!r}, counted.n, p.id, p.article_id, p.site_id, p.status, p.go_live, p.expires_at,
       coalesce(nullif(p.title, ''), a.title)::text
  FROM unnest(%(begins)s::timestamptz[], %(ends)s::timestamptz[]) WITH ORDINALITY AS d (begins, ends, place)
 CROSS JOIN LATERAL (
    SELECT count(*) AS n FROM (
        SELECT 1 FROM publishing_placement p WHERE {chosen} LIMIT %(counted)s
    ) known
 ) counted
 CROSS JOIN LATERAL (
    SELECT p.* FROM publishing_placement p WHERE {chosen} ORDER BY p.{column}, p.id LIMIT %(shown)s
 ) p
  JOIN publishing_article a ON a.id = p.article_id
"""
_CHOSEN = (
    "p.tenant_id = %(tenant)s AND p.status = 'published' AND p.{column} IS NOT NULL "
    "AND p.{column} >= d.begins AND p.{column} < d.ends{narrowed}"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A placement that appears or ends at a moment. `zone` is the calendar's."""

    kind: str
    placement: int
    article: int
    site: Site
    status: str
    go_live: datetime
    expires_at: datetime | None
    title: str
    zone: ZoneInfo
    now: datetime
    may_move: bool

    @property
    def at(self) -> datetime:
        return self.expires_at if self.kind == ENDS and self.expires_at else self.go_live

    @property
    def time(self) -> str:
        return f"{self.at.astimezone(self.zone):%H:%M}"

    @property
    def day(self) -> date:
        return self.at.astimezone(self.zone).date()

    @property
    def standing(self) -> str:
        return ENDS if self.kind == ENDS else standing(self, self.now).value

    @property
    def site_zone(self) -> ZoneInfo:
        return zone_of(self.site.brand.time_zone)

    @property
    def there(self) -> str:
        """The time on the site's own clock, where that is another one."""
        local = self.at.astimezone(self.site_zone)
        if local.utcoffset() == self.at.astimezone(self.zone).utcoffset():
            return ""
        return f"{local:%H:%M} in {self.site_zone.key}"

    @property
    def is_movable(self) -> bool:
        return self.may_move and self.standing == Standing.SCHEDULED

    @property
    def typed(self) -> str:
        return typed_as(self.go_live, self.site_zone)


@dataclass(slots=True)
class Day:
    date: date
    entries: list[Entry] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)

    @property
    def others(self) -> int:
        return sum(self.counted.values()) - len(self.entries)

    @property
    def is_counted(self) -> bool:
        """Whether that is all, and not only as far as was counted."""
        return max(self.counted.values(), default=0) < COUNTED


def days_of(request: TenantRequest, span: Span, sites: Mapping[int, Site], site_id: int = 0) -> list[Day]:
    """The days of the span with what appears and ends on these sites, the ones in view, or on the one that is named."""
    now, days = timezone.now(), [Day(day) for day in span.days]
    for place, kind, counted, *row in _rows(request, span, sites, site_id):
        day = days[place - 1]
        day.counted[kind] = counted
        placement, article, key, status, go_live, expires_at, title = row
        may = request.membership.may_on(key, Power.PLACE)
        site = sites[key]
        day.entries.append(
            Entry(kind, placement, article, site, status, go_live, expires_at, title, span.zone, now, may)
        )
    for day in days:
        day.entries.sort(key=lambda entry: (entry.at, entry.placement))
        del day.entries[span.shown :]
    return days


def _rows(request: TenantRequest, span: Span, sites: Mapping[int, Site], site_id: int) -> list[Any]:
    midnights = span.midnights
    values: dict[str, Any] = {
        "tenant": request.tenant.pk, "begins": midnights[:-1], "ends": midnights[1:], "site": site_id,
        "sites": sorted(sites), "shown": span.shown, "counted": COUNTED,
    }  # fmt: skip
    narrowed = ""
    if site_id:
        narrowed = " AND p.site_id = %(site)s"
    elif request.sites is not None:
        narrowed = " AND p.site_id = ANY (%(sites)s)"
    parts = [
        _STATEMENT.format(kind=kind, column=column, chosen=_CHOSEN.format(column=column, narrowed=narrowed))
        for kind, column in ((APPEARS, "go_live"), (ENDS, "expires_at"))
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        # A site that has come since the sites were asked for is seen with the next page.
        return [row for row in cursor.fetchall() if row[5] in sites]


def moved_by_days(entry_zone: ZoneInfo, moment: datetime, days: int) -> datetime:
    """So many days later, at the same time of that zone's clocks; in the hour that they leave out, as far behind it."""
    local = moment.astimezone(entry_zone).replace(tzinfo=None, fold=0) + timedelta(days=days)
    return local.replace(tzinfo=entry_zone).astimezone(timezone.get_default_timezone())
