"""From a fresh clone to the first page, and the second start, as a newcomer does it: `git clone`, `make run`."""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from benchmarks.figures import Figure, at_most

ROOT = Path(__file__).resolve().parent.parent
HOST = "techblog.localhost"
PATIENCE_SECONDS = 300
SITES = 15
READERS = 6


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="masthead-clone-") as folder:
        clone = Path(folder) / "masthead"
        began = time.perf_counter()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        cloned = time.perf_counter() - began
        with _running(clone) as (first, _):
            pass
        with _running(clone) as (second, port):
            delays = sorted(_last_stale_answer(clone, port, number) for number in range(SITES))
    return [
        at_most("fresh clone to first page, package cache warm", cloned + first, 120, "s"),
        at_most("second start to first page", second, 15, "s"),
        at_most(f"last answer of any worker that did not know a new Site row, latest of {SITES}", delays[-1], 1, "s"),
        Figure("… the median", f"{delays[SITES // 2]:.2f} s"),
    ]


def _last_stale_answer(clone: Path, port: int, number: int) -> float:
    """Seconds after the commit of a row at which the last request began that a worker answered without knowing it.

    Several ask at once, each request a connection of its own, so that no worker is left out: of requests one after
    another all may go to one, and the next row's to another that has not been asked for long and so knows at once.
    """
    host = f"bench{number}.localhost"
    url = json.loads((clone / ".masthead" / "run.json").read_text())["database_url"]
    with psycopg.connect(url.replace("postgres://", "postgresql://"), autocommit=True) as connection:
        connection.execute("INSERT INTO django_site (domain, name) VALUES (%s, 'Bench')", [host])
    committed = time.perf_counter()
    # Not for as long each time: the workers ask twice a second, and every row would meet them at the same moment.
    patience = 2 + random.Random(number).random() / 2

    def asks(_: int) -> float:
        last = 0.0
        while (began := time.perf_counter() - committed) < patience:
            if _status(port, host) != 200:
                last = began
        return last

    with ThreadPoolExecutor(READERS) as readers:
        return max(readers.map(asks, range(READERS)))


@contextmanager
def _running(clone: Path) -> Iterator[tuple[float, int]]:
    """`make run` in the clone; how long it took to the first page, and its port."""
    port = _free_port()
    began = time.perf_counter()
    # Its own session, so that one signal reaches make and the program that it runs, as Ctrl-C in a terminal does.
    program = subprocess.Popen(
        ["make", "run"], cwd=clone, env=os.environ | {"PORT": str(port)}, stdout=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        while _status(port, HOST) != 200:
            if program.poll() is not None:
                raise RuntimeError(f"make run ended with {program.returncode} before a page was served")
            if time.perf_counter() - began > PATIENCE_SECONDS:
                raise TimeoutError(f"no page after {PATIENCE_SECONDS} s")
            time.sleep(0.05)
        yield time.perf_counter() - began, port
    finally:
        with suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGINT)
        program.wait(timeout=30)


def _status(port: int, host: str) -> int:
    """0 where nothing answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/", headers={"Host": f"{host}:{port}"})
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
