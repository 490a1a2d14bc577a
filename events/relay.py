"""The process that delivers: takes what is due, woken by the database, and looks by itself where nobody wakes it."""

import logging
import time
import uuid
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

import psycopg
from django.db import Error, connection

from events.broker import Broker, BrokerAway
from events.delivering import deliver, give_back, take
from events.schedule import come_round, next_turn
from events.waking import Bell, Ear

log = logging.getLogger(__name__)

# A notification may be lost with its connection; what is due later has none.
LOOK_SECONDS = 1.0
# After the database or the broker failed.
PAUSE_SECONDS = 1.0
# Another release may have brought a line of the schedule forward.
LONGEST_ROUND_SECONDS = 60.0


class Relay:
    """Delivers until it is told to end: with so many `hands` at once, each a thread with a connection of its own, or
    through a broker.
    """

    def __init__(self, *, hands: int, broker: Broker | None = None) -> None:
        self.hands = hands
        self.broker = broker
        self._bell = Bell()
        self._ear: Ear | None = None
        self._busy: set[Future[None]] = set()
        self._turn = 0.0  # monotonic
        self._ending = False

    def end(self, *_: object) -> None:
        """Take nothing more; what is in hand is finished. A handler of signals may call it."""
        self._ending = True
        self._bell.ring()

    def run(self) -> None:
        with ThreadPoolExecutor(self.hands, thread_name_prefix="relay") as pool:
            while not self._ending:
                try:
                    self._round(pool)
                except (Error, psycopg.Error, BrokerAway) as error:
                    log.warning("The relay waits: %s", str(error).strip())
                    self._hang_up()
                    self._bell.wait(PAUSE_SECONDS)
        self._hang_up()
        self._bell.close()

    def _round(self, pool: ThreadPoolExecutor) -> None:
        # Before the look at the table: what is written after the look is heard of.
        self._ear = self._ear or Ear()
        self._ear.forget()
        if time.monotonic() >= self._turn:
            come_round()
            self._turn = time.monotonic() + min(next_turn(), LONGEST_ROUND_SECONDS)
        self._busy = {one for one in self._busy if not one.done()}
        room = self.broker.room() if self.broker else self.hands - len(self._busy)
        lease, taken = take(room) if room > 0 else (uuid.uuid4(), [])
        if taken:
            self._hand_on(taken, lease, pool)
        else:
            # While there is no room, a hand that is free rings; a broker does not.
            heard = [self._ear] if room > 0 else []
            self._bell.wait(0.2 if self.broker and room <= 0 else self._patience(), *heard)

    def _patience(self) -> float:
        return max(0.0, min(LOOK_SECONDS, self._turn - time.monotonic()))

    def _hand_on(self, taken: list[int], lease: uuid.UUID, pool: ThreadPoolExecutor) -> None:
        if self.broker is None:
            for key in taken:
                one = pool.submit(_one, key, lease)
                self._busy.add(one)
                one.add_done_callback(self._bell.ring)
            return
        for place, key in enumerate(taken):
            try:
                self.broker.send(key, lease)
            except BrokerAway:
                # The one that failed may have arrived for all that: its lease ends.
                give_back(taken[place + 1 :], lease)
                raise

    def _hang_up(self) -> None:
        ear, self._ear = self._ear, None
        with suppress(Error, psycopg.Error):
            if ear:
                ear.close()
            connection.close()


def drain(most: int = 1000) -> int:
    """Deliver what is due now, here and in this thread; how many were done."""
    done = 0
    for _ in range(most):
        lease, taken = take()
        if not taken:
            break
        done += sum(deliver(key, lease) for key in taken)
    return done


def _one(key: int, lease: uuid.UUID) -> None:
    try:
        deliver(key, lease)
    except Error as error:
        # Its lease ends, and it is due again.
        log.warning("Event %s is left for later: %s", key, error)
    except Exception:
        log.exception("Event %s is left for later", key)
    finally:
        with suppress(Error):
            connection.close()
