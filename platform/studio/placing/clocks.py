"""Local time as people type it: which moment a wall clock means, where one hour is missing and another comes twice."""

import zoneinfo
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple

from django.core.exceptions import ValidationError

# What a field of type datetime-local holds.
TYPED = "%Y-%m-%dT%H:%M"


class Moment(NamedTuple):
    """A moment, and what has to be said of it, if anything."""

    at: datetime
    remark: str = ""


def zone_of(name: str) -> zoneinfo.ZoneInfo:
    """The zone of that name; UTC where somebody names one that does not exist."""
    # An address may name anything: what is kept is one of the few hundred zones that there are.
    return _zone(name if name in _names() else "UTC")


@cache
def _zone(name: str) -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(name)


@cache
def _names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def moment_of(typed: datetime, zone: zoneinfo.ZoneInfo) -> Moment:
    """The moment that a clock in the zone shows so; `typed` has no zone.

    Of an hour that comes twice the first is meant, and the remark says so. Raises ValidationError for a time that the
    clocks leave out.
    """
    local = typed.replace(tzinfo=zone, fold=0)
    second = typed.replace(tzinfo=zone, fold=1)
    before, after = local.utcoffset(), second.utcoffset()
    if before == after:
        return Moment(_utc(local))
    if before is not None and after is not None and before < after:
        raise ValidationError(_missing(typed, zone, after - before))
    return Moment(_utc(local), f"{typed:%H:%M} comes twice that night in {zone.key}: the first one is meant.")


def typed_as(moment: datetime | None, zone: zoneinfo.ZoneInfo) -> str:
    """What a field of type datetime-local shows for a moment."""
    return moment.astimezone(zone).strftime(TYPED) if moment else ""


def told(moment: datetime, zone: zoneinfo.ZoneInfo) -> str:
    """As in 3 March 2027, 08:00 (Europe/Berlin)."""
    local = moment.astimezone(zone)
    return f"{local.day} {local:%B %Y, %H:%M} ({zone.key})"


def offset_of(moment: datetime, zone: zoneinfo.ZoneInfo) -> str:
    """As in UTC+1, UTC−3:30 or UTC, at that moment."""
    minutes = round((moment.astimezone(zone).utcoffset() or timedelta()) / timedelta(minutes=1))
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"
    return f"UTC{sign}{hours}{f':{rest:02}' if rest else ''}" if minutes else "UTC"


def _utc(local: datetime) -> datetime:
    try:
        return local.astimezone(UTC)
    except OverflowError:
        raise ValidationError("Give a date between 1900 and 2200.") from None


def _missing(typed: datetime, zone: zoneinfo.ZoneInfo, gap: timedelta) -> str:
    # Read as if the clocks had not moved yet, the time is as far behind the gap as it was into it.
    resumes = _utc(typed.replace(tzinfo=zone, fold=0)).astimezone(zone).replace(tzinfo=None)
    day = f"{typed.day} {typed:%B %Y}"
    next_one = f"{resumes:%H:%M}" if resumes.date() == typed.date() else f"{resumes.day} {resumes:%B, %H:%M}"
    return (
        f"{typed:%H:%M} does not exist on {day} in {zone.key}: the clocks are put forward by "
        f"{_length(gap)}. Choose a time before that, or {next_one}."
    )


def _length(gap: timedelta) -> str:
    minutes = round(gap / timedelta(minutes=1))
    if minutes == 60:
        return "an hour"
    return f"{minutes // 60} hours" if minutes % 60 == 0 else f"{minutes} minutes"
