"""One exhibition for all that look at it, gone at the end; and Chromium in front of its pages."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from playwright.sync_api import Browser
from pytest_django import DjangoDbBlocker

from showroom import browser
from tests.hostile.exhibition import Exhibit, Exhibition

Rooms = dict[str, list[Exhibit]]
ROOMS = ("articles_pages", "bodies", "lists", "feeds", "previews", "studio")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker looks at it all, so that it is made once."""
    for item in items:
        if item.path.is_relative_to(item.config.rootpath / "tests" / "hostile"):
            item.add_marker(pytest.mark.xdist_group("hostile"))


@contextmanager
def _rolled_back(blocker: DjangoDbBlocker) -> Iterator[None]:
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="session")
def rooms(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Rooms:
    """Every page, by what it is."""
    with _rolled_back(django_db_blocker):
        exhibition = Exhibition()
        return {name: list(getattr(exhibition, name)()) for name in ROOMS}


@pytest.fixture
def chromium(rooms: Rooms) -> Iterator[Browser]:
    """Not longer than a test: while it runs, Django refuses queries in this thread."""
    if browser.chromium() is None:
        pytest.skip(browser.MISSING)
    with browser.running() as running:
        yield running
