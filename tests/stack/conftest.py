"""One running program, shared by the tests that only read from it."""

import sys
from collections.abc import Iterator

import pytest

from tests.stack.program import Program


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here starts the real program; one worker runs it all, so that the shared one is started once."""
    for item in items:
        if item.path.is_relative_to(item.config.rootpath / "tests" / "stack"):
            item.add_marker(pytest.mark.stack)
            item.add_marker(pytest.mark.xdist_group("stack"))
            if sys.platform != "linux":
                item.add_marker(pytest.mark.skip(reason="reads /proc"))


@pytest.fixture(scope="session")
def masthead(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """`manage.py up --demo`, ready. Read from it; do not harm it."""
    program = Program(tmp_path_factory.mktemp("masthead") / "data")
    program.start("--demo")
    yield program
    program.stop()


@pytest.fixture(scope="session")
def masthead_with_granian(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The same, with granian for readers. Read from it; do not harm it."""
    program = Program(tmp_path_factory.mktemp("granian") / "data")
    program.start("--demo", variables={"READER_SERVER": "granian"})
    yield program
    program.stop()


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Another one with the demo, to be stopped, killed and started again; each test leaves it running or not."""
    program = Program(tmp_path_factory.mktemp("mortal") / "data")
    yield program
    program.stop()
