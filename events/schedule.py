"""What is periodic: one table, written down here and in the apps' `handlers`, the same in every deployment."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction

from events.emitting import emit
from events.handling import discover


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
SELECT name, now() + every FROM unnest(%s::text[], %s::interval[]) AS line (name, every)
    ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at WHERE events_turn.due_at <= now()
RETURNING name
"""


@transaction.atomic
def come_round() -> list[str]:
    """Emit what is due by the schedule; its names."""
    known = lines()
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [[line.name for line in known], [line.every for line in known]])
        due = sorted(name for (name,) in cursor.fetchall())
    for name in due:
        emit(name, once=name)
    return due
