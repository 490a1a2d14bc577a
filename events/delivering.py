"""One event to its handler: taken under a lease, begun once, and marked as done, as due again, or as dead."""

import logging
import random
import uuid
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from events.handling import Handling, Hopeless, Later, handling_of, patient_names
from events.models import Event

log = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(hours=1)
# From being taken until it is begun: longer than an event waits in a broker's queue, in good times.
LEASE = timedelta(seconds=60)
# Of an event that no handler is known for.
ATTEMPTS_UNKNOWN = 10

ENDED = "The process that had it in hand ended, {} times: it was killed, or the handler took longer than its lease."


class Lost(Exception):
    """The lease ended and somebody else has the event: nothing of this attempt may stay."""


# Chosen first and by themselves: beneath IN (…) the planner may choose several times, and lock more than it takes.
_TAKE = """
WITH chosen AS MATERIALIZED (
    SELECT id, due_at FROM events_event
     WHERE done_at IS NULL AND dead_at IS NULL AND due_at <= statement_timestamp()
     ORDER BY name = ANY(%(patient)s), due_at, id LIMIT %(most)s FOR UPDATE SKIP LOCKED
)
UPDATE events_event AS event SET lease = %(lease)s, due_at = statement_timestamp() + %(for)s
  FROM chosen WHERE event.id = chosen.id
RETURNING chosen.due_at, event.id
"""


def take(most: int = 1) -> tuple[uuid.UUID, list[int]]:
    """The keys of up to `most` events that are due, under a lease of one's own: what people wait for goes first, and
    then what has been due for longest."""
    own = uuid.uuid4()
    with connection.cursor() as cursor:
        asked: dict[str, Any] = {"lease": own, "for": LEASE, "most": most, "patient": patient_names()}
        cursor.execute(_TAKE, asked)
        return own, [key for _, key in sorted(cursor.fetchall())]


def give_back(keys: list[int], lease: uuid.UUID) -> None:
    """Let others take what was taken and not begun."""
    Event.objects.filter(pk__in=keys, lease=lease, done_at=None, dead_at=None).update(lease=None, due_at=Now())


def deliver(key: int, lease: uuid.UUID) -> bool:
    """Try an event that was taken. True: it is done. False: it comes again, is dead, or was somebody else's."""
    event = Event.objects.filter(pk=key, lease=lease, done_at=None, dead_at=None).first()
    if event is None:
        return False
    # Of a process that was killed while it was at it.
    event.once = event.once.partition("\n")[0]
    try:
        handling = handling_of(event.name)
    except LookupError as error:
        if _begin(event, LEASE):
            _failed(event, error, most=ATTEMPTS_UNKNOWN)
        return False
    if event.attempts >= handling.attempts:
        _bury(event, "\n".join(filter(None, [ENDED.format(event.attempts), event.error])))
        return False
    return _begin(event, handling.lease) and _try(event, handling)


def _begin(event: Event, lease: timedelta) -> bool:
    """Count the attempt before it is made, so that an event that kills its process is given up, too.

    The lease is another one from here on, since a broker may hand on the same message twice. While somebody is at it
    the event does not wait any more: what happens from now on may be unknown to the handler, and `once` adds an event.
    """
    began = uuid.uuid4()
    # Not to the second: whatever else was in hand when a process was killed must not come again beside its killer.
    held = lease * random.uniform(1, 1.25)
    fields = {"lease": began, "due_at": Now() + held, "attempts": F("attempts") + 1}
    # Out of the way of another one, and not lost where this process is.
    fields["once"] = f"{event.once}\n{began.hex[:8]}" if event.once else ""
    if not _mine(event).update(**fields):
        return False
    event.lease, event.attempts = began, event.attempts + 1
    return True


def _try(event: Event, handling: Handling) -> bool:
    try:
        _call(event, handling)
    except Lost:
        log.warning("Event %s took longer than its lease; another attempt has it.", event)
    except Later as later:
        _again(event, after=later.after, attempts=event.attempts - 1, error=event.error)
    except Hopeless as error:
        _bury(event, str(error))
    except Exception as error:
        log.exception("Event %s failed, attempt %s", event, event.attempts)
        _failed(event, error, most=handling.attempts)
    else:
        return True
    return False


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
    if not _mine(event).update(done_at=Now(), lease=None, sealed=None, error="", once=event.once):
        raise Lost


def _failed(event: Event, error: Exception, *, most: int) -> None:
    said = f"{type(error).__name__}: {error}"
    if event.attempts >= most:
        _bury(event, said)
    else:
        _again(event, after=pause(event.attempts), attempts=event.attempts, error=said)


def _bury(event: Event, said: str) -> None:
    log.error("Event %s is a dead letter: %s", event, said)
    _mine(event).update(dead_at=Now(), lease=None, error=_kept(said), once=event.once)


def _again(event: Event, *, after: timedelta, attempts: int, error: str) -> None:
    """It waits once more; but where the same was emitted meanwhile, that one does."""
    fields = {"due_at": Now() + after, "attempts": attempts, "error": _kept(error), "once": event.once}
    try:
        with transaction.atomic():
            _mine(event).update(lease=None, **fields)
    except IntegrityError:
        _mine(event).update(done_at=Now(), lease=None, sealed=None, once=event.once)


def _mine(event: Event) -> QuerySet[Event]:
    return Event.objects.filter(pk=event.pk, lease=event.lease, done_at=None, dead_at=None)


def _kept(error: str) -> str:
    """What is kept of an error: PostgreSQL's text takes no NUL."""
    return error.replace("\0", "")[:2000]


def pause(attempts: int) -> timedelta:
    """Before the next attempt: twice as long each time, up to an hour, and not all at the same moment."""
    longest: timedelta = min(FIRST_PAUSE * 2 ** min(attempts - 1, 20), LONGEST_PAUSE)
    return longest * random.uniform(0.75, 1.25)


def revive(event: Event) -> bool:
    """A dead letter is due again, with all its attempts. False: it is not dead, or the same waits already."""
    dead = Event.objects.filter(pk=event.pk).exclude(dead_at=None)
    try:
        with transaction.atomic():
            return bool(dead.update(dead_at=None, due_at=Now(), attempts=0, lease=None))
    except IntegrityError:
        return False
