"""An event is there when its deed is, and not before."""

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from events.delivering import deliver, take
from events.emitting import emit
from events.models import Event
from events.relay import drain


class Undone(Exception):
    pass


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_nothing(handler):
    came: list[int] = []
    handler("test.came", lambda number: came.append(number))
    with pytest.raises(Undone), transaction.atomic():
        emit("test.came", number=1)
        emit("test.came", number=2, once="two")
        raise Undone
    assert not Event.objects.filter(name="test.came").exists()
    with transaction.atomic():
        emit("test.came", number=3)
    drain()
    assert came == [3]


@pytest.mark.django_db
def test_a_payload_is_json_and_refused_at_the_deed_otherwise():
    for once in ("", "key"):
        with pytest.raises(TypeError), transaction.atomic():
            emit("test.came", once=once, number=object())
    emit("test.came", once="key", name="Bücher", nothing=None, numbers=[1, 2])
    assert Event.objects.get(name="test.came").payload == {"name": "Bücher", "nothing": None, "numbers": [1, 2]}


@pytest.mark.django_db
def test_the_same_waits_once_and_comes_as_soon_as_the_soonest():
    emit("test.look", once="look a", after=timedelta(hours=1), name="a")
    later = Event.objects.get(once="look a").due_at
    emit("test.look", once="look a", after=timedelta(hours=2), name="a")
    assert Event.objects.get(once="look a").due_at == later
    emit("test.look", once="look a", name="a")
    assert Event.objects.get(once="look a").due_at < later - timedelta(minutes=59)
    emit("test.look", once="look b", name="b")
    emit("test.look", name="c")
    emit("test.look", name="c")
    assert Event.objects.filter(name="test.look").count() == 4


@pytest.mark.django_db
def test_sealed_bytes_reach_the_handler_and_are_dropped_when_it_is_done(handler):
    got: list[Any] = []
    handler("test.sealed", lambda sealed, name: got.append((sealed, name)))
    emit("test.sealed", sealed=b"\x00secret", name="a")
    drain()
    assert got == [(b"\x00secret", "a")]
    assert Event.objects.get(name="test.sealed").sealed is None


@pytest.mark.django_db
def test_what_is_emitted_for_later_waits(handler):
    came: list[int] = []
    handler("test.came", lambda: came.append(1))
    emit("test.came", after=timedelta(minutes=1))
    drain()
    assert not came
    Event.objects.filter(name="test.came").update(due_at=timezone.now() - timedelta(minutes=1))
    drain()
    assert came == [1]


@pytest.mark.django_db
def test_what_happens_while_a_handler_is_at_it_is_not_lost(handler):
    """The handler may have looked before the deed: the second event waits beside the first."""
    came: list[int] = []

    def look() -> None:
        came.append(len(came))
        if len(came) == 1:
            emit("test.look", once="look")

    handler("test.look", look, outside=True)
    emit("test.look", once="look")
    assert drain() >= 2
    assert came == [0, 1]
    assert set(Event.objects.filter(name="test.look").values_list("once", flat=True)) == {"look"}


@pytest.mark.django_db
def test_what_fails_while_the_same_was_emitted_anew_leaves_it_to_the_new_one(handler):
    def look() -> None:
        emit("test.look", once="look")
        raise OSError

    handler("test.look", look, outside=True)
    emit("test.look", once="look")
    lease, [key] = take()
    assert not deliver(key, lease)
    assert Event.objects.get(pk=key).done_at
    assert Event.objects.get(name="test.look", done_at=None).attempts == 0


@pytest.mark.django_db(transaction=True)
def test_what_waits_is_not_taken_before_a_deed_that_counts_on_it_is_committed(handler):
    emit("test.look", once="look")
    with transaction.atomic():
        emit("test.look", once="look")
        assert elsewhere(lambda: take(10)[1]) == []
    assert elsewhere(lambda: take(10)[1]) != []


def elsewhere(ask: Any) -> Any:
    """The answer over a connection of its own."""
    found: list[Any] = []

    def run() -> None:
        found.append(ask())
        connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join(10)
    return found[0]
