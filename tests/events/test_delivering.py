"""Each event in one hand at a time, in order, again after a failure, and given up in the end."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from events import delivering
from events.delivering import FIRST_PAUSE, LONGEST_PAUSE, deliver, pause, revive, take
from events.emitting import emit
from events.handling import Handling, Hopeless, Later, handles
from events.models import Event
from events.relay import drain
from events.waking import Bell

pytestmark = pytest.mark.django_db


def due(**chosen: Any) -> None:
    """What waits is due now."""
    Event.objects.filter(done_at=None, dead_at=None, **chosen).update(due_at=timezone.now() - timedelta(days=1))


def failing(handler: Any, error: Exception, **options: Any) -> Event:
    def fail() -> None:
        raise error

    handler("test.fails", fail, **options)
    emit("test.fails")
    return Event.objects.get(name="test.fails")


def test_the_longest_due_comes_first(handler):
    came: list[int] = []
    handler("test.came", lambda number: came.append(number))
    now = timezone.now() - timedelta(days=1)
    for number, seconds in enumerate((1, 3, 2, 3)):
        event = Event(name="test.came", payload={"number": number}, due_at=now - timedelta(seconds=seconds))
        event.save()
    keys = take(10)[1]
    assert [Event.objects.get(pk=key).payload["number"] for key in keys] == [1, 3, 2, 0]
    due()
    drain()
    assert came == [0, 1, 2, 3]


def test_what_is_under_a_lease_is_nobody_elses_until_it_ends(handler):
    handler("test.came", lambda: None)
    emit("test.came")
    lease, [key] = take()
    assert take()[1] == []
    due()
    other, keys = take()
    assert keys == [key]
    assert not deliver(key, lease)
    assert deliver(key, other)


def test_a_message_that_a_broker_brings_twice_is_tried_once(handler):
    came: list[int] = []

    def work() -> None:
        came.append(1)
        assert not deliver(key, lease)

    handler("test.came", work, outside=True)
    emit("test.came")
    lease, [key] = take()
    assert deliver(key, lease)
    assert not deliver(key, lease)
    assert came == [1]


@pytest.mark.parametrize("outside", [False, True])
def test_who_took_longer_than_the_lease_changes_nothing_in_the_transaction(handler, outside: bool):
    def work() -> None:
        Event.objects.create(name="test.trace", done_at=timezone.now())
        # Somebody else has taken it meanwhile.
        Event.objects.filter(name="test.slow").update(lease="00000000-0000-0000-0000-000000000001")

    handler("test.slow", work, outside=outside)
    emit("test.slow")
    lease, [key] = take()
    with transaction.atomic():
        assert not deliver(key, lease)
    # In the transaction even what took the lease away is undone, and the handler's own row with it.
    assert Event.objects.filter(name="test.trace").exists() is outside
    assert Event.objects.get(pk=key).done_at is None


def test_a_handler_in_the_transaction_that_fails_leaves_nothing(handler):
    def work() -> None:
        Event.objects.create(name="test.trace", done_at=timezone.now())
        raise OSError("away")

    handler("test.fails", work)
    emit("test.fails")
    drain()
    assert not Event.objects.filter(name="test.trace").exists()
    event = Event.objects.get(name="test.fails")
    assert (event.attempts, event.error, event.lease) == (1, "OSError: away", None)


def test_pauses_grow_to_an_hour_and_are_not_all_alike():
    lengths = [pause(attempts) for attempts in (1, 4, 12, 60) for _ in range(20)]
    assert len(set(lengths)) > 40
    for place, expected in enumerate((FIRST_PAUSE, FIRST_PAUSE * 8, LONGEST_PAUSE, LONGEST_PAUSE)):
        some = lengths[place * 20 : place * 20 + 20]
        assert expected * 0.75 <= min(some) <= max(some) <= expected * 1.25


def test_what_failed_waits_before_it_comes_again(handler):
    event = failing(handler, OSError("away"))
    drain()
    event.refresh_from_db()
    assert event.due_at > timezone.now() + FIRST_PAUSE * 0.5
    assert take()[1] == []


def test_after_its_attempts_it_is_a_dead_letter_and_can_be_revived_with_all_of_them(handler):
    event = failing(handler, OSError("still\0away"), attempts=3)
    for _ in range(5):
        due()
        drain()
    event.refresh_from_db()
    assert (event.attempts, event.error, event.lease) == (3, "OSError: stillaway", None)
    assert event.dead_at
    assert revive(event)
    assert not revive(event)
    event.refresh_from_db()
    assert event.attempts == 0
    drain()
    event.refresh_from_db()
    assert event.attempts == 1


def test_a_dead_letter_stays_dead_while_the_same_waits(handler):
    handler("test.fails", lambda: 1 / 0, attempts=1)
    emit("test.fails", once="key")
    drain()
    dead = Event.objects.get(name="test.fails")
    assert dead.dead_at
    emit("test.fails", once="key")
    assert not revive(dead)
    assert Event.objects.filter(name="test.fails").count() == 2


def test_what_is_hopeless_is_a_dead_letter_at_once(handler):
    event = failing(handler, Hopeless("No such address."), outside=True)
    drain()
    event.refresh_from_db()
    assert event.dead_at
    assert event.error == "No such address."


def test_what_came_too_early_counts_as_not_tried(handler):
    event = failing(handler, Later(timedelta(minutes=5)), outside=True, attempts=1)
    for _ in range(3):
        due()
        drain()
    event.refresh_from_db()
    assert (event.attempts, event.error, event.dead_at) == (0, "", None)
    assert timedelta(minutes=4) < event.due_at - timezone.now() < timedelta(minutes=6)


def test_a_name_that_nobody_handles_waits_for_a_later_release_and_is_given_up_in_the_end():
    emit("test.of-a-later-release")
    drain()
    event = Event.objects.get(name="test.of-a-later-release")
    assert (event.attempts, event.dead_at) == (1, None)
    assert "Nobody handles" in event.error
    for _ in range(delivering.ATTEMPTS_UNKNOWN):
        due()
        drain()
    event.refresh_from_db()
    assert event.dead_at


def test_a_payload_that_the_handler_does_not_take_is_a_failure_like_any(handler):
    handler("test.came", lambda: None)
    emit("test.came", surplus=1)
    drain()
    assert "TypeError" in Event.objects.get(name="test.came").error


def test_an_event_that_kills_its_process_each_time_is_given_up(handler):
    class Killed(BaseException):
        """Stands for the end of the process: nothing after it is executed."""

    def kill() -> None:
        raise Killed

    handler("test.kills", kill, outside=True, attempts=3)
    emit("test.kills")
    event = Event.objects.get(name="test.kills")
    for _ in range(3):
        due()
        with pytest.raises(Killed):
            drain()
        event.refresh_from_db()
        assert event.lease
    assert (event.attempts, event.dead_at) == (3, None)
    due()
    drain()
    event.refresh_from_db()
    assert event.dead_at
    assert "was killed" in event.error


def test_a_database_error_within_a_handler_spoils_nothing_beside_it(handler):
    def work() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nonsense")

    handler("test.fails", work)
    handler("test.came", lambda: None)
    emit("test.fails")
    emit("test.came")
    assert drain() >= 1
    assert "nonsense" in Event.objects.get(name="test.fails").error
    assert Event.objects.get(name="test.came").done_at


def test_two_handlers_for_one_name_are_refused(handler):
    handler("test.came", lambda: None)
    with pytest.raises(ValueError, match="Two handlers"):
        handles("test.came")(lambda: None)
    assert Handling.__doc__


def test_a_bell_that_is_rung_before_and_after_its_end_harms_nobody():
    bell = Bell()
    for _ in range(100_000):
        bell.ring()
    bell.wait(10)
    bell.close()
    bell.ring()
