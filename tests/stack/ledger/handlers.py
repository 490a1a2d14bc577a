"""A row a call: once in the transaction that marks the event, or at least once outside of it."""

import random
import time
from datetime import timedelta

from django.db import connection

from events import delivering
from events.handling import handles

# Nobody waits a minute here for what was taken by a process that was killed.
delivering.LEASE = LEASE = timedelta(seconds=1.5)
ATTEMPTS = 1000


def write(way: str, number: int) -> None:
    time.sleep(random.uniform(0, 0.01))
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO ledger (way, number) VALUES (%s, %s)", [way, number])
    time.sleep(random.uniform(0, 0.02))


@handles("ledger.inside", lease=LEASE, attempts=ATTEMPTS)
def inside(number: int) -> None:
    write("inside", number)


@handles("ledger.outside", outside=True, lease=LEASE, attempts=ATTEMPTS)
def outside(number: int) -> None:
    write("outside", number)
