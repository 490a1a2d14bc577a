"""One throw-away PostgreSQL for the whole run, and the recurring cast."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

_run = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Start the cluster in the controlling process; xdist's workers inherit its address."""
    if "DATABASE_URL" in os.environ:
        return
    from operations.embedded.postgres import running_cluster

    folder = Path(tempfile.mkdtemp(prefix="masthead-tests-"))
    _run.callback(shutil.rmtree, folder, ignore_errors=True)
    os.environ["DATABASE_URL"] = _run.enter_context(running_cluster(folder, durable=False))
    _run.callback(os.environ.pop, "DATABASE_URL")


def pytest_unconfigure(config: pytest.Config) -> None:
    _run.close()


@pytest.fixture(autouse=True)
def fresh_directory() -> Iterator[None]:
    """No test sees the hostnames that another one's rolled-back transaction had."""
    from sites_core.directory import directory

    directory.forget()
    yield
    directory.forget()
