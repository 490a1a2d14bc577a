"""Writing an event, in the transaction of the deed that causes it."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models.functions import Now
from psycopg.types.json import Jsonb

from events.models import Event

# The one that waits is held until this transaction ends, so that nobody handles it without having seen the deed. Where
# it waits for longer than this one would, it comes sooner; a lease of somebody's stays as it is.
_ONCE = """
INSERT INTO events_event AS waiting (name, payload, once, sealed, due_at)
    VALUES (%s, %s, %s, %s, statement_timestamp() + %s)
    ON CONFLICT (once) WHERE done_at IS NULL AND dead_at IS NULL AND once <> ''
    DO UPDATE SET due_at = CASE WHEN waiting.lease IS NULL THEN least(waiting.due_at, excluded.due_at)
                                ELSE waiting.due_at END
"""


def emit(
    name: str,
    /,
    *,
    once: str = "",
    after: timedelta = timedelta(),
    sealed: bytes | None = None,
    **payload: Any,
) -> None:
    """Have `name` delivered to its handler after this transaction commits, and never if it does not.

    `payload` is JSON: keys and names, no secrets. `once`: while an event of this key waits, none is added, and it comes
    no later than this one would; one that a handler is at does not wait any more. `after`: how long it waits at least.
    """
    if not once:
        Event.objects.create(name=name, payload=payload, sealed=sealed, due_at=Now() + after)
        return
    with connection.cursor() as cursor:
        values: list[Any] = [name, Jsonb(payload), once, sealed, after]
        cursor.execute(_ONCE, values)
