"""From a fresh clone to the first page, and the second start, as a newcomer does it: `git clone`, `make run`."""

import http.client
import os
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from benchmarks.figures import Figure, at_most

ROOT = Path(__file__).resolve().parent.parent
HOST = "techblog.localhost"
PATIENCE_SECONDS = 300


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="masthead-clone-") as folder:
        clone = Path(folder) / "masthead"
        began = time.perf_counter()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        first = (time.perf_counter() - began) + _until_first_page(clone)
        second = _until_first_page(clone)
    return [
        at_most("fresh clone to first page, package cache warm", first, 120, "s"),
        at_most("second start to first page", second, 15, "s"),
    ]


def _until_first_page(clone: Path) -> float:
    port = _free_port()
    began = time.perf_counter()
    # Its own session, so that one signal reaches make and the program that it runs, as Ctrl-C in a terminal does.
    program = subprocess.Popen(
        ["make", "run"], cwd=clone, env=os.environ | {"PORT": str(port)}, stdout=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        while not _answers(port):
            if program.poll() is not None:
                raise RuntimeError(f"make run ended with {program.returncode} before a page was served")
            if time.perf_counter() - began > PATIENCE_SECONDS:
                raise TimeoutError(f"no page after {PATIENCE_SECONDS} s")
            time.sleep(0.05)
        return time.perf_counter() - began
    finally:
        with suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGINT)
        program.wait(timeout=30)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/", headers={"Host": f"{HOST}:{port}"})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
