"""Two application servers behind the edge begin anew, one after the other, and no reader's request fails."""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

import pytest

from tests.stack.fronting import Edge, fronted
from tests.stack.program import Program, alive, children_of, until
from tests.stack.test_cached_pages import Serving
from tests.stack.wire import Asked, Wire

HOST = "techblog.localhost"
READERS = 4
# Enough that what fails one time in a hundred is met.
ENOUGH = 1000


class Readers:
    """Some who read all the time, each on a connection that is kept, and what they got."""

    def __init__(self, port: int) -> None:
        self._port, self._ends = port, threading.Event()
        self.got: Counter[str] = Counter()
        self._threads = [threading.Thread(target=self._read, args=[number]) for number in range(READERS)]

    def _read(self, number: int) -> None:
        with Wire(self._port) as wire:
            for turn in range(1_000_000):
                if self._ends.is_set():
                    return
                # Of pages that are held, and of such that Django must make.
                path = "/" if turn % 4 else f"/search/?q=word{number}x{turn}"
                try:
                    self.got[str(wire.ask(Asked("GET", path, (("Host", HOST),))).status)] += 1
                except (OSError, ValueError, IndexError) as error:
                    self.got[repr(error)] += 1
                    wire.close()

    def so_far(self) -> int:
        return self.got.total()

    @contextmanager
    def reading(self) -> Iterator["Readers"]:
        for thread in self._threads:
            thread.start()
        try:
            yield self
        finally:
            self._ends.set()
            for thread in self._threads:
                thread.join()


@pytest.fixture(scope="module")
def two(masthead: Program, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Edge, list[Serving]]]:
    with ExitStack() as stack:
        servers = [Serving(masthead, "gunicorn", WORKERS="1", SURFACES="reader") for _ in range(2)]
        ports = [stack.enter_context(one) for one in servers]
        yield stack.enter_context(fronted(tmp_path_factory.mktemp("rolling"), application=ports)), servers


def test_a_hangup_of_one_after_the_other_fails_no_request(two: tuple[Edge, list[Serving]]):
    edge, servers = two
    with Readers(edge.port).reading() as readers:
        for server in servers:
            before = children_of(server.pid)
            os.kill(server.pid, signal.SIGHUP)
            until(partial(_ended, before), otherwise=lambda: str(readers.got))
        _some_more(readers)
    assert set(readers.got) == {"200"}, readers.got


def test_a_server_that_was_drained_may_end_and_come_back(masthead: Program, two: tuple[Edge, list[Serving]]):
    edge, (first, second) = two
    with ExitStack() as stack, Readers(edge.port).reading() as readers:
        edge.drain(second.port)
        first.__exit__()
        anew = Serving(masthead, "gunicorn", WORKERS="1", SURFACES="reader")
        stack.enter_context(anew)
        edge.drain(anew.port)
        second.__exit__()
        _some_more(readers)
    assert set(readers.got) == {"200"}, readers.got


def _ended(workers: set[int]) -> bool:
    return not alive(workers)


def _some_more(readers: Readers) -> None:
    until(lambda: readers.so_far() >= ENOUGH, otherwise=lambda: str(readers.got))
    time.sleep(0.2)
