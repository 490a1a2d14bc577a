"""Writing an event, in the transaction of the deed that causes it."""

from datetime import timedelta
from typing import Any

from django.db.models.functions import Now

from events.models import Event


def emit(
    name: str,
    *,
    once: str = "",
    after: timedelta = timedelta(),
    sealed: bytes | None = None,
    **payload: Any,
) -> None:
    """Have `name` delivered to its handler after this transaction commits, and never if it does not.

    `payload` is JSON: keys and names, no secrets. `once`: while an event of this key waits, nothing is added. `after`:
    how long it waits at least.
    """
    event = Event(name=name, payload=payload, once=once, sealed=sealed, due_at=Now() + after)
    Event.objects.bulk_create([event], ignore_conflicts=bool(once))
