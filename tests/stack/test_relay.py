"""Real relays and real workers, killed outright again and again while events come: none is lost, none is done twice.

FAULTS says how often each is killed; `make faults` kills 200 times and prints what happened.
"""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from events.emitting import emit
from events.models import Event
from operations.embedded.programs import find
from tests.stack.program import PATIENCE, environment, free_port, until

FAULTS = int(os.environ.get("FAULTS", "0"))
RELAY_FAULTS, WORKER_FAULTS = FAULTS or 8, FAULTS or 4
HELD = 40  # events that wait at least, while something is killed

Start = Callable[[], subprocess.Popen[bytes]]


class Undone(Exception):
    pass


@dataclass
class Emitted:
    """What was said to happen, and what was taken back."""

    numbers: list[int] = field(default_factory=list)
    undone: set[int] = field(default_factory=set)

    def some(self, count: int) -> None:
        for _ in range(count):
            number = len(self.numbers) + len(self.undone)
            try:
                with transaction.atomic():
                    emit("ledger.inside" if number % 3 else "ledger.outside", number=number)
                    if number % 10 == 9:
                        raise Undone
                self.numbers.append(number)
            except Undone:
                self.undone.add(number)


@pytest.fixture
def ledger(transactional_db: None) -> Iterator[None]:
    Event.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS ledger; CREATE TABLE ledger (way text, number integer)")
        yield
        cursor.execute("DROP TABLE ledger")


def database_url() -> str:
    known = connection.get_connection_params()
    host, port = str(known.get("host", "")).replace("/", "%2F"), known.get("port")
    return f"postgres://{known['user']}@{host}{f':{port}' if port else ''}/{known['dbname']}"


def starts(log: Path, *words: str, **variables: str) -> Start:
    known = environment(DJANGO_SETTINGS_MODULE="tests.stack.ledger.settings", DATABASE_URL=database_url(), **variables)

    def start() -> subprocess.Popen[bytes]:
        with log.open("ab") as out:
            # A group of its own: a worker's children are killed with it.
            return subprocess.Popen(words, cwd=settings.ROOT, env=known, stdout=out, stderr=out, start_new_session=True)

    return start


def relay(log: Path, **variables: str) -> Start:
    return starts(log, sys.executable, "manage.py", "relay", "--hands", "4", "--skip-checks", **variables)


def worker(log: Path, **variables: str) -> Start:
    celery = [sys.executable, "-m", "celery", "-A", "events.celery", "worker", "--concurrency", "2"]
    quick = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]
    # The ledger's settings have no URLs to check.
    return starts(log, *celery, *quick, CELERY_SKIP_CHECKS="1", **variables)


@contextmanager
def held(start: Start) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is asked to end in the end."""
    process = start()
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


def killed_and_killed(start: Start, emitted: Emitted, *, times: int) -> None:
    """Kill one of two such processes, again and again, while they work; in the end let them finish."""
    running = [start(), start()]
    try:
        for _ in range(times):
            done = Event.objects.exclude(done_at=None).count()
            emitted.some(max(10, HELD - len(emitted.numbers) + done))
            _have_done(running, done + random.randint(1, 8))
            time.sleep(random.uniform(0, 0.03))
            end(running.pop(0))
            running.append(start())
        until(lambda: not Event.objects.filter(done_at=None, dead_at=None).exists())
        for process in running:
            process.terminate()
        assert [process.wait(timeout=30) for process in running] == [0, 0]
    finally:
        for process in running:
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _have_done(running: list[subprocess.Popen[bytes]], many: int) -> None:
    """Wait until so many events are done: who is killed then was at work."""
    deadline = time.monotonic() + PATIENCE
    while Event.objects.exclude(done_at=None).count() < many:
        assert time.monotonic() < deadline
        assert [process.poll() for process in running] == [None, None]
        time.sleep(0.005)


def nothing_is_lost_and_nothing_done_twice(emitted: Emitted, what: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT way, number FROM ledger")
        rows = Counter(cursor.fetchall())
    inside = {number: count for (way, number), count in rows.items() if way == "inside"}
    outside = {number: count for (way, number), count in rows.items() if way == "outside"}
    again = Event.objects.filter(attempts__gt=1).count()
    assert not Event.objects.filter(done_at=None).exists()
    assert Event.objects.filter(name__startswith="ledger").count() == len(emitted.numbers)
    assert set(inside) | set(outside) == set(emitted.numbers)
    assert set(inside.values()) == {1}
    # Some were in hand when their process was killed, or this shows nothing.
    assert again > 0
    print(  # noqa: T201 -- `make faults` shows it
        f"\n{what}: {len(emitted.numbers)} events, {again} of them tried again, "
        f"lost 0, done twice 0; outside of a transaction {sum(outside.values()) - len(outside)} calls came twice."
    )


def test_killing_the_relay_loses_nothing_and_does_nothing_twice(ledger: None, tmp_path: Path):
    emitted = Emitted()
    killed_and_killed(relay(tmp_path / "relay.log"), emitted, times=RELAY_FAULTS)
    nothing_is_lost_and_nothing_done_twice(emitted, f"The relay killed {RELAY_FAULTS} times")


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[str]:
    program = find("redis-server")
    if program is None:
        pytest.skip("redis-server is not installed")
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
    try:
        until(lambda: accepts(port))
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait()


def accepts(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def test_killing_the_worker_loses_nothing_and_does_nothing_twice(ledger: None, broker: str, tmp_path: Path):
    pytest.importorskip("celery")
    emitted = Emitted()
    with ExitStack() as stack:
        stack.enter_context(held(relay(tmp_path / "relay.log", EVENTS_BROKER_URL=broker)))
        killed_and_killed(worker(tmp_path / "worker.log", EVENTS_BROKER_URL=broker), emitted, times=WORKER_FAULTS)
    nothing_is_lost_and_nothing_done_twice(emitted, f"The worker killed {WORKER_FAULTS} times")
