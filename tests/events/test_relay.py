"""The relay: woken at once, many at a time, through outages, ended with grace; its schedule, command and broker."""

import json
import os
import signal
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from events import relay as relaying
from events.broker import BrokerAway
from events.emitting import emit
from events.models import Event, Turn
from events.relay import Relay
from events.schedule import come_round, next_turn

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 90  # seconds for what takes none, on a machine that has much to do


@contextmanager
def running(*relays: Relay) -> Iterator[None]:
    threads = [threading.Thread(target=one.run) for one in relays]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for one in relays:
            one.end()
        for thread in threads:
            thread.join(PATIENCE)
        assert not any(thread.is_alive() for thread in threads)


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def listens() -> bool:
    with connection.cursor() as cursor:
        asked = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'masthead relay'"
        cursor.execute(f"{asked} AND datname = current_database()")
        return bool(cursor.fetchone()[0])


@pytest.fixture(autouse=True)
def no_schedule(only_line: Any) -> None:
    Turn.objects.all().delete()


def test_what_is_committed_is_delivered_without_anybody_looking(handler, monkeypatch):
    monkeypatch.setattr(relaying, "LOOK_SECONDS", 3600.0)
    came: list[int] = []
    handler("test.came", lambda number: came.append(number))
    with running(Relay(hands=2)):
        until(listens)
        for number in range(30):
            with transaction.atomic():
                emit("test.came", number=number)
            # Whatever the relay is just doing: looking, waiting, delivering.
            time.sleep(number % 7 / 1000)
        until(lambda: len(came) == 30)
    assert sorted(came) == list(range(30))


def test_what_fails_or_waits_comes_without_a_notification(handler, monkeypatch):
    monkeypatch.setattr(relaying, "LOOK_SECONDS", 0.1)
    came: list[int] = []
    handler("test.came", lambda: came.append(1))
    with running(Relay(hands=1)):
        emit("test.came", after=timedelta(seconds=0.3))
        until(lambda: came == [1])


def test_so_many_hands_and_no_more(handler):
    lock, counted = threading.Lock(), {"now": 0, "most": 0}

    def work() -> None:
        with lock:
            counted["now"] += 1
            counted["most"] = max(counted["most"], counted["now"])
        time.sleep(0.05)
        with lock:
            counted["now"] -= 1

    handler("test.works", work, outside=True)
    for _ in range(20):
        emit("test.works")
    with running(Relay(hands=3)):
        until(lambda: not Event.objects.filter(done_at=None).exists())
    assert counted["most"] == 3


def test_several_relays_deliver_each_event_once(handler):
    came: list[int] = []
    handler("test.came", lambda number: came.append(number))
    for number in range(100):
        emit("test.came", number=number)
    with running(*(Relay(hands=2) for _ in range(3))):
        until(lambda: not Event.objects.filter(done_at=None).exists())
    assert sorted(came) == list(range(100))


def test_it_ends_when_asked_and_finishes_what_it_has_in_hand(handler):
    began, came = threading.Event(), []

    def work() -> None:
        began.set()
        time.sleep(0.3)
        came.append(1)

    handler("test.works", work, outside=True)
    emit("test.works")
    relay = Relay(hands=1)
    with running(relay):
        assert began.wait(PATIENCE)
        emit("test.works")
    assert came == [1]
    assert Event.objects.filter(name="test.works", done_at=None, attempts=0).count() == 1


def test_it_outlives_a_database_that_cuts_its_connections(handler, monkeypatch):
    monkeypatch.setattr(relaying, "PAUSE_SECONDS", 0.05)
    came: list[int] = []
    handler("test.came", lambda number: came.append(number))
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"
    with running(Relay(hands=1)):
        for number in range(3):
            until(listens)
            with connection.cursor() as cursor:
                cursor.execute(cut)
            emit("test.came", number=number)
            until(lambda number=number: number in came)  # type: ignore[misc]
    assert came == [0, 1, 2]


# --- The schedule ----------------------------------------------------------------------------------------------------


def test_what_is_periodic_comes_once_however_many_relays_run(only_line, handler, monkeypatch):
    only_line("test.turn", timedelta(seconds=0.5))
    came: list[float] = []
    handler("test.turn", lambda: came.append(time.monotonic()))
    asked: list[float] = []

    def counted() -> list[str]:
        asked.append(time.monotonic())
        return come_round()

    monkeypatch.setattr(relaying, "come_round", counted)
    began = time.monotonic()
    with running(*(Relay(hands=1) for _ in range(3))):
        for _ in range(40):
            emit("test.nobody")
        until(lambda: len(came) >= 4)
        turns = int((time.monotonic() - began) / 0.5) + 1
    assert len(came) <= turns
    # Each relay once at its start, and about once a turn.
    assert len(asked) <= 3 * (turns + 2)


def test_a_turn_that_was_missed_is_taken_once(only_line):
    only_line("test.turn", timedelta(minutes=1))
    assert come_round() == ["test.turn"]
    assert come_round() == []
    assert 50 < next_turn() <= 60
    Turn.objects.update(due_at="2020-01-01T00:00Z")
    assert next_turn() < 0
    Event.objects.update(done_at="2020-01-01T00:00Z")
    assert come_round() == ["test.turn"]
    assert come_round() == []
    assert Event.objects.filter(done_at=None).count() == 1


def test_a_turn_that_lasts_longer_than_its_period_is_not_joined_by_another(only_line, handler):
    only_line("test.turn", timedelta(minutes=1))

    def work() -> None:
        Turn.objects.update(due_at="2020-01-01T00:00Z")
        come_round()

    handler("test.turn", work, outside=True)
    come_round()
    relaying.drain()
    assert Event.objects.filter(name="test.turn").count() == 1


# --- The command -----------------------------------------------------------------------------------------------------


def command(*words: str) -> str:
    out = StringIO()
    call_command("relay", *words, stdout=out)
    return out.getvalue()


def test_once_delivers_what_is_due_and_says_what_is_left(handler):
    handler("test.came", lambda: None)
    handler("test.fails", lambda: 1 / 0, attempts=1)
    emit("test.came")
    emit("test.fails")
    emit("test.came", after=timedelta(hours=1))
    assert json.loads(command("--once", "--json")).items() >= {"done": 1, "waiting": 1, "dead": 1}.items()
    assert command("--once").strip() == "0 delivered; 1 wait, 1 are dead letters."


@pytest.mark.parametrize("words", [["--json"], ["--hands", "0"], ["--hands", "many"], ["--hands", "33"]])
def test_what_makes_no_sense_is_refused(words: list[str]):
    with pytest.raises(CommandError):
        command(*words)


def test_it_ends_by_a_signal_and_gives_signals_back(handler):
    before = signal.getsignal(signal.SIGTERM)

    def ask() -> None:
        until(listens)
        connection.close()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=ask).start()
    began = time.monotonic()
    command("--hands", "1")
    assert time.monotonic() - began < PATIENCE
    assert signal.getsignal(signal.SIGTERM) is before


# --- A broker --------------------------------------------------------------------------------------------------------


class Failing:
    """A broker with room that takes two events and then fails."""

    def __init__(self) -> None:
        self.sent: list[int] = []

    def room(self) -> int:
        return 5

    def send(self, key: int, lease: uuid.UUID) -> None:
        if len(self.sent) == 2:
            raise BrokerAway("gone")
        self.sent.append(key)


def test_what_a_broker_did_not_take_is_given_back():
    for number in range(5):
        emit("test.came", number=number)
    broker = Failing()
    relay = Relay(hands=1, broker=broker)
    with running(relay):
        until(lambda: len(broker.sent) == 2)
        until(lambda: Event.objects.filter(lease=None).count() <= 2)
    held = set(Event.objects.exclude(lease=None).values_list("pk", flat=True))
    assert set(broker.sent) <= held
    assert Event.objects.filter(attempts__gt=0).count() == 0


@contextmanager
def silent() -> Iterator[int]:
    """A port that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@contextmanager
def refusing() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    yield port


@contextmanager
def full() -> Iterator[int]:
    """A port behind which nobody is: what is sent there gets no answer at all, not even a refusal."""
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for one in (first, second):
            one.setblocking(False)  # noqa: FBT003 -- it has no name
            one.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


@pytest.mark.parametrize("port", [refusing, silent, full])
def test_a_broker_that_is_away_neither_holds_the_relay_up_nor_loses_an_event(port: Any, monkeypatch):
    celery = pytest.importorskip("events.celery")
    monkeypatch.setattr(celery, "SOCKETS", {"socket_timeout": 0.2, "socket_connect_timeout": 0.2})
    monkeypatch.setattr(relaying, "PAUSE_SECONDS", 0.05)
    emit("test.came")
    with port() as number:
        broker = celery.CeleryBroker(f"redis://127.0.0.1:{number}/0")
        for ask in (broker.room, lambda: broker.send(1, uuid.uuid4())):
            began = time.monotonic()
            with pytest.raises(BrokerAway):
                ask()
            assert time.monotonic() - began < celery.SILENCE
        with running(Relay(hands=1, broker=broker)):
            until(listens)
    event = Event.objects.get()
    assert (event.lease, event.attempts) == (None, 0)
