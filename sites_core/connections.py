"""A database connection that the pool checks now and then, and not before every request."""

import time
from typing import Any

import psycopg

# A connection that answered so lately is taken to be alive: a check is a way there and back, a tenth of a page's price.
TRUSTED_SECONDS = 1.0


class TrustedConnection(psycopg.Connection[Any]):
    """Django has the pool check each connection that it hands out, by asking it nothing, and lets nobody say how often.

    After a restart of PostgreSQL the first requests find their connections older than a second, and get new ones.
    """

    _answered_at = 0.0

    def execute(self, query: Any, *args: Any, **options: Any) -> Any:
        if query != "":
            return super().execute(query, *args, **options)
        now = time.monotonic()
        if now - self._answered_at > TRUSTED_SECONDS or self.broken:
            super().execute("")
            self._answered_at = now
        return None
