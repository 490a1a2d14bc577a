"""What wakes a relay: the database when an event was written, and the relay itself."""

import os
import select
from contextlib import suppress
from typing import Any

import psycopg
from django.db import connection

# What `pg_stat_activity` calls a relay that listens.
LISTENS = "masthead relay"


class Bell:
    """Wakes whoever waits at it. It may be rung from any thread and from a signal's handler."""

    def __init__(self) -> None:
        self._waited, self._rung = os.pipe()
        os.set_blocking(self._waited, False)
        os.set_blocking(self._rung, False)

    def ring(self, *_: object) -> None:
        with suppress(OSError):  # full: whoever waits is woken anyway; closed: nobody waits any more
            os.write(self._rung, b".")

    def wait(self, seconds: float, *others: Any) -> None:
        """Until it is rung, one of `others` can be read, or so many seconds have passed."""
        readable, _, _ = select.select([self._waited, *others], [], [], seconds)
        if self._waited in readable:
            with suppress(BlockingIOError):
                os.read(self._waited, 4096)

    def close(self) -> None:
        for end in (self._waited, self._rung):
            os.close(end)
        self._waited = self._rung = -1


class Ear:
    """A connection that hears of new events, of its own: one from the pool would go on listening for its next user.

    From when it exists none is missed: listen first, then look at the table, then wait. Raises psycopg.Error.
    """

    def __init__(self) -> None:
        params: dict[str, Any] = connection.get_connection_params() | {"application_name": LISTENS}
        self._connection = psycopg.connect(**params, autocommit=True)
        self._connection.execute("LISTEN events")

    def fileno(self) -> int:
        return self._connection.fileno()

    def forget(self) -> None:
        """Take in what was heard: the table is looked at from now on anyway."""
        server = self._connection.pgconn
        server.consume_input()
        while server.notifies():
            pass

    def close(self) -> None:
        self._connection.close()
