"""What every test stands on: a throw-away PostgreSQL, and a directory that remembers no other test."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.db import connections
from environs import Env

from sites_core.directory import directory
from tests.dns_server import Zone, serving

_run = ExitStack()


def pytest_configure() -> None:
    """Start one cluster in the controlling process, unless DATABASE_URL names another; xdist's workers inherit it."""
    if "DATABASE_URL" in os.environ:
        return
    from operations.embedded.postgres import running_cluster

    folder = Path(tempfile.mkdtemp(prefix="masthead-tests-"))
    _run.callback(shutil.rmtree, folder, ignore_errors=True)
    os.environ["DATABASE_URL"] = _run.enter_context(running_cluster(folder, durable=False))
    _run.callback(os.environ.pop, "DATABASE_URL")
    # pytest-django has read the settings of this process already; its workers read them after this line.
    connections["default"].settings_dict.update(Env().dj_db_url("DATABASE_URL"))


def pytest_unconfigure() -> None:
    _run.close()


@pytest.fixture
def media_root(settings: LazySettings, tmp_path: Path) -> Path:
    """Where the test's pictures are kept."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def nobody_has_tried_yet() -> Iterator[None]:
    """Attempts at signing in are counted in the cache, which outlives a test."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def dns_zone(settings: LazySettings) -> Iterator[Zone]:
    """What DNS says, which the test writes; three resolvers on loopback tell it, and no other is asked."""
    with serving(3) as zone:
        settings.DNS_RESOLVERS = [server.address for server in zone.servers]
        yield zone


@pytest.fixture(autouse=True)
def fresh_directory() -> Iterator[None]:
    """No test sees the hostnames that another one's rolled-back transaction had, nor its pages' frames."""
    # Models are known after this module is.
    from reading.frames import frames

    for held in (directory, frames):
        held.forget()
    yield
    for held in (directory, frames):
        held.forget()
