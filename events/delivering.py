"""One event to its handler: taken under a lease, tried, and marked as done, as due again, or as dead."""

import logging
import random
import uuid
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from events.handling import Handling, Later, handling_of
from events.models import Event

log = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(hours=1)
# Before a handler is known: longer than a queue of a broker is, in good times.
LEASE = timedelta(seconds=60)


class Lost(Exception):
    """The lease ended and somebody else has the event: nothing of this attempt may stay."""


_TAKE = """
UPDATE events_event SET lease = %(lease)s, due_at = now() + %(for)s, attempts = attempts + 1
 WHERE id IN (SELECT id FROM events_event
               WHERE done_at IS NULL AND dead_at IS NULL AND due_at <= now()
               ORDER BY due_at, id LIMIT %(most)s FOR UPDATE SKIP LOCKED)
RETURNING id, name
"""


def take(most: int = 1, *, lease: timedelta = LEASE) -> tuple[uuid.UUID, list[tuple[int, str]]]:
    """Up to `most` events that are due, each (key, name), under a lease of one's own."""
    own = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"lease": own, "for": lease, "most": most})
        return own, sorted(cursor.fetchall())


def deliver(key: int, lease: uuid.UUID) -> bool:
    """Try an event that was taken. True: it is done. False: it comes again, is dead, or was somebody else's."""
    event = Event.objects.filter(pk=key, lease=lease, done_at=None, dead_at=None).first()
    if event is None:
        return False
    try:
        handling = handling_of(event.name)
    except LookupError as error:
        _failed(event, error, most=10)
        return False
    if not _prolong(event, handling):
        return False
    try:
        _call(event, handling)
    except Lost:
        log.warning("Event %s took longer than its lease; another attempt has it.", event)
        return False
    except Later as later:
        _again(event, after=later.after)
        return False
    except Exception as error:
        log.exception("Event %s failed, attempt %s", event, event.attempts)
        _failed(event, error, most=handling.attempts)
        return False
    return True


def _prolong(event: Event, handling: Handling) -> bool:
    """Count the lease from when the handler begins: the event may have waited in a broker's queue."""
    return bool(_mine(event).update(due_at=Now() + handling.lease))


def _call(event: Event, handling: Handling) -> None:
    known = event.payload | ({"sealed": bytes(event.sealed)} if event.sealed is not None else {})
    if handling.outside:
        handling.handler(**known)
        _done(event)
        return
    with transaction.atomic():
        handling.handler(**known)
        _done(event)


def _done(event: Event) -> None:
    if not _mine(event).update(done_at=Now(), lease=None, sealed=None, error=""):
        raise Lost


def _again(event: Event, *, after: timedelta) -> None:
    _mine(event).update(due_at=Now() + after, lease=None, attempts=F("attempts") - 1)


def _failed(event: Event, error: Exception, *, most: int) -> None:
    said = f"{type(error).__name__}: {error}"[:2000]
    if event.attempts >= most:
        _mine(event).update(dead_at=Now(), lease=None, error=said)
    else:
        _mine(event).update(due_at=Now() + pause(event.attempts), lease=None, error=said)


def _mine(event: Event) -> QuerySet[Event]:
    return Event.objects.filter(pk=event.pk, lease=event.lease, done_at=None)


def pause(attempts: int) -> timedelta:
    """Before the next attempt: twice as long each time, up to an hour, and not all at the same moment."""
    longest = min(FIRST_PAUSE * 2 ** min(attempts - 1, 20), LONGEST_PAUSE)
    return longest * random.uniform(0.75, 1.25)


def revive(event: Event) -> bool:
    """A dead letter is due again, with all its attempts. False: it is not dead, or the same waits already."""
    if event.once and Event.objects.filter(once=event.once, done_at=None, dead_at=None).exists():
        return False
    return bool(
        Event.objects.filter(pk=event.pk)
        .exclude(dead_at=None)
        .update(dead_at=None, due_at=Now(), attempts=0, lease=None)
    )
