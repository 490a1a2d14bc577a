"""What is periodic: one table, written down here and in the apps' `handlers`, the same in every deployment."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction

from events.emitting import emit
from events.handling import discover
from events.models import Event


@dataclass(frozen=True, slots=True)
class Periodic:
    """An event that comes by itself: `name` is delivered every so often, once however many relays run."""

    name: str
    every: timedelta


_schedule: dict[str, Periodic] = {}


def periodic(name: str, *, every: timedelta) -> None:
    _schedule[name] = Periodic(name, every)


def lines() -> list[Periodic]:
    discover()
    return sorted(_schedule.values(), key=lambda line: line.name)


# A turn that was missed, while nothing ran, is taken once and not made up for.
_DUE = """
INSERT INTO events_turn (name, due_at)
SELECT name, statement_timestamp() + every FROM unnest(%s::text[], %s::interval[]) AS line (name, every)
    ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at WHERE events_turn.due_at <= statement_timestamp()
RETURNING name
"""
_NEXT = """
SELECT coalesce(extract(epoch FROM min(due_at) - statement_timestamp()), 'infinity')
  FROM events_turn WHERE name = ANY (%s)
"""


@transaction.atomic
def come_round() -> list[str]:
    """Emit what is due by the schedule, but nothing that is not done since its last turn; its names."""
    known = lines()
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [[line.name for line in known], [line.every for line in known]])
        due = sorted(name for (name,) in cursor.fetchall())
    for name in due:
        if not Event.objects.filter(name=name, done_at=None, dead_at=None).exists():
            emit(name, once=name)
    return due


def next_turn() -> float:
    """Seconds until something is due by the schedule; below 0 where it is already."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [[line.name for line in lines()]])
        return float(cursor.fetchone()[0])
