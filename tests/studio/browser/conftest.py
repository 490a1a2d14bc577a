"""One Masthead with the demo for all that is done in its studio, and one Chromium for each module that does it."""

import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from showroom import browser
from tests.dns_server import Zone, serving
from tests.stack.program import Program


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker runs it all, so that the program is started once."""
    for item in items:
        if item.path.is_relative_to(item.config.rootpath / "tests" / "studio" / "browser"):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("studio-browser"))


EDGE = "192.0.2.10"


@pytest.fixture(scope="session")
def studio_zone() -> Iterator[Zone]:
    """What the program is told by DNS: nothing, but for what a test writes there."""
    with serving(3) as zone:
        yield zone


@pytest.fixture(scope="session")
def studio_program(tmp_path_factory: pytest.TempPathFactory, studio_zone: Zone) -> Iterator[Program]:
    """`manage.py up --demo`, ready. What a test changes in it, it changes in articles that it makes itself.

    Its edge is told to be at EDGE, for names that are to lead there.
    """
    if sys.platform != "linux":
        pytest.skip("reads /proc")
    if browser.chromium() is None:
        pytest.skip(browser.MISSING)
    program = Program(tmp_path_factory.mktemp("studio") / "data")
    try:
        resolvers = ",".join(server.address for server in studio_zone.servers)
        program.start("--demo", variables={"DNS_RESOLVERS": resolvers, "EDGE_ADDRESSES": EDGE})
        yield program
    finally:
        program.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Not longer than a module: while it runs, Django refuses queries in this thread."""
    if browser.chromium() is None:
        pytest.skip(browser.MISSING)
    with browser.running() as running:
        yield running
