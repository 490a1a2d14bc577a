"""One showroom, and one Chromium for each module that looks at it."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from showroom import browser, house
from showroom.house import House


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker runs it all, so that the showroom is opened once."""
    for item in items:
        if item.path.is_relative_to(item.config.rootpath / "tests" / "reading" / "browser"):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def showroom() -> Iterator[House]:
    """Every kind of page in every theme, served."""
    with house.opened(os.environ["DATABASE_URL"]) as opened:
        yield opened


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Not longer than a module: while it runs, Django refuses queries in this thread."""
    if browser.chromium() is None:
        pytest.skip(browser.MISSING)
    with browser.running() as running:
        yield running
