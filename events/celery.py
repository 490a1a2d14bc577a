"""Delivery through Celery, where EVENTS_BROKER_URL names a broker: `celery -A events.celery worker`.

The table of events stays the truth. A message is a key and a lease, nothing is kept of its outcome, and a broker that
loses it or brings it twice does no harm.
"""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from celery import Celery  # type: ignore[import-untyped]  # it has no types
from kombu.connection import Connection
from kombu.exceptions import OperationalError

from events.broker import BrokerAway

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.production")

from django.conf import settings

QUEUE = "events"
# Messages that wait for a worker; all else waits in the table, where it stays in order and costs no lease.
WAITING = 64
# Seconds. Without them the client waits for the system's own minutes for a broker that went silent.
SILENCE = 5.0
SOCKETS = {"socket_timeout": SILENCE, "socket_connect_timeout": SILENCE}
# The relay looks again by itself. Once more at once is the least that the library does.
ASKED_ONCE = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}

app = Celery("events", broker=settings.EVENTS_BROKER_URL or None)
app.conf.update(
    accept_content=["json"],
    task_serializer="json",
    task_default_queue=QUEUE,
    task_ignore_result=True,
    result_backend=None,
    # A killed worker leaves its message behind; what it had in hand comes again by its lease, whichever is sooner.
    task_acks_late=True,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    # A worker waits for its broker, however long.
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    task_publish_retry=False,
    broker_connection_timeout=SILENCE,
    broker_transport_options=SOCKETS,
)


@app.task(name="events.deliver")  # type: ignore[untyped-decorator]
def deliver(key: int, lease: str) -> None:
    # With the apps alone, which Celery sets up once it begins.
    from events import delivering

    delivering.deliver(key, uuid.UUID(lease))


class CeleryBroker:
    """What a relay hands events to: one connection, made anew after it failed."""

    def __init__(self, url: str | None = None) -> None:
        self._url = url
        self._connection: Connection | None = None

    def room(self) -> int:
        with self._connected() as connection:
            channel: Any = connection.default_channel
            waiting: int = channel.queue_declare(QUEUE, durable=True).message_count
        return max(0, WAITING - waiting)

    def send(self, key: int, lease: uuid.UUID) -> None:
        with self._connected() as connection:
            deliver.apply_async((key, str(lease)), connection=connection)

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        if self._connection is None:
            self._connection = app.connection_for_write(self._url, transport_options=SOCKETS | ASKED_ONCE)
        known = self._connection
        try:
            yield known
        except (OSError, OperationalError, *known.connection_errors, *known.channel_errors) as error:
            self._connection = None
            with suppress(Exception):
                known.close()
            raise BrokerAway(f"the broker does not answer: {error}") from error
