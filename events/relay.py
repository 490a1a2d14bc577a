"""The process that delivers: takes what is due, woken by the database, and looks by itself where nobody wakes it."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

import psycopg
from django.db import DatabaseError, connection

from events.delivering import deliver, take
from events.schedule import come_round

log = logging.getLogger(__name__)

# A notification may be lost with its connection; what is due later has none.
LOOK_SECONDS = 1.0
# After the database failed.
PAUSE_SECONDS = 1.0


class Relay:
    """Delivers with so many `hands` at once, each a thread with a connection of its own, until it is told to end."""

    def __init__(self, *, hands: int, send: Callable[[int, object], None] | None = None) -> None:
        self.hands = hands
        # Where a broker does the work: hands the event on, under its lease.
        self.send = send
        self._ending = False

    def end(self) -> None:
        """Take nothing more; what is in hand is finished."""
        self._ending = True

    def run(self) -> None:
        with ThreadPoolExecutor(self.hands, thread_name_prefix="relay") as pool:
            busy: set[Future[None]] = set()
            while not self._ending:
                try:
                    busy = {one for one in busy if not one.done()}
                    if not self._work(pool, busy):
                        self._wait()
                except DatabaseError as error:
                    log.warning("The relay waits for the database: %s", error)
                    with suppress(DatabaseError):
                        connection.close()
                    time.sleep(PAUSE_SECONDS)

    def _work(self, pool: ThreadPoolExecutor, busy: set[Future[None]]) -> bool:
        """Whether there was something to do."""
        come_round()
        free = self.hands - len(busy)
        if free <= 0:
            time.sleep(0.05)
            return True
        lease, taken = take(free)
        for key, _ in taken:
            if self.send:
                self.send(key, lease)
            else:
                busy.add(pool.submit(_one, key, lease))
        return bool(taken)

    def _wait(self) -> None:
        """Until something was emitted, or a second has passed."""
        connection.ensure_connection()
        raw = connection.connection
        with connection.cursor() as cursor:
            cursor.execute("LISTEN events")
        try:
            for _ in raw.notifies(timeout=LOOK_SECONDS, stop_after=1):
                pass
        except psycopg.Error as error:
            raise DatabaseError(str(error)) from error


def drain(most: int = 1000) -> int:
    """Deliver what is due now, here and in this thread; how many were done."""
    done = 0
    while done < most:
        lease, taken = take()
        if not taken:
            return done
        done += sum(deliver(key, lease) for key, _ in taken)
    return done


def _one(key: int, lease: object) -> None:
    try:
        deliver(key, lease)  # type: ignore[arg-type]
    except DatabaseError as error:
        # Its lease ends, and it is due again.
        log.warning("Event %s is left for later: %s", key, error)
    finally:
        connection.close()
