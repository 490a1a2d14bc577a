"""Handlers for the tests' own events, which no other test sees."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from events import handling, schedule
from events.handling import discover, handles
from events.models import Event

Register = Callable[..., None]


@pytest.fixture(autouse=True)
def nothing_waits(db: None) -> None:
    """Migrations and sites leave events of their own."""
    Event.objects.all().delete()


@pytest.fixture
def handler(monkeypatch: pytest.MonkeyPatch) -> Register:
    """`handler(name, function, outside=…, attempts=…, lease=…)`, until the test ends."""
    discover()
    monkeypatch.setattr(handling, "_handlings", dict(handling._handlings))

    def register(name: str, function: Callable[..., Any], **options: Any) -> None:
        handles(name, **options)(function)

    return register


@pytest.fixture
def only_line(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, timedelta], None]:
    """A schedule of this one line."""
    discover()
    monkeypatch.setattr(schedule, "_schedule", {})
    return lambda name, every: schedule.periodic(name, every=every)
