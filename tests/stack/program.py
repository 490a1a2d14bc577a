"""Drives the real `manage.py up` and speaks HTTP to it."""

import atexit
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.conf import settings

from operations.embedded.ports import listen
from operations.embedded.processes import born

# What the tests' own run or this machine's user may have set says nothing to the program under test.
OURS = (
    "DATABASE_URL",
    "REDIS_URL",
    "PORT",
    "DJANGO_SETTINGS_MODULE",
    "PLATFORM_DOMAIN",
    "SITES_DOMAIN",
    "SURFACES",
    "READER_SERVER",
    "EMAIL_URL",
    "DEFAULT_FROM_EMAIL",
    "TRUSTED_PROXIES",
    "EVENTS_BROKER_URL",
    "ACME_DIRECTORY",
    "ACME_CA_BUNDLE",
    "ACME_EMAIL",
    "ACME_DNS_HOOK",
    "ACME_ORDERS_PER_3H",
    "ACME_PER_REGISTERED_WEEK",
    "ACME_PER_TENANT_DAY",
    "ACME_CAA_DOMAIN",
    "DNS_RESOLVERS",
    "EDGE_ADDRESSES",
    "EDGE_CNAME",
    "EDGE_TOKEN",
    "EDGE_TLS_ADDRESS",
)
READY = "Ctrl-C stops everything."
PATIENCE = 240  # seconds for anything to happen at all


@dataclass(frozen=True)
class Answer:
    """What a request got."""

    status: int
    headers: dict[str, str]
    body: str


def environment(**changes: str) -> dict[str, str]:
    """The environment of a program under test."""
    return {name: value for name, value in os.environ.items() if name not in OURS} | changes


def free_port() -> int:
    """A port that nothing listens on."""
    with listen(0) as found:
        port: int = found.getsockname()[1]
    return port


def command(*words: str) -> list[str]:
    """`manage.py` with `words`."""
    return [sys.executable, str(settings.ROOT / "manage.py"), *words]


def until(happened: Callable[[], bool], *, otherwise: Callable[[], object] = str) -> None:
    """Wait for something."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, otherwise()
        time.sleep(0.05)


def get(port: int, host: str, path: str = "/") -> Answer:
    """GET `path` with the Host header `host`; no name is resolved."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", path, headers={"Host": f"{host}:{port}"})
        answer = connection.getresponse()
        return Answer(answer.status, dict(answer.getheaders()), answer.read().decode())


@dataclass
class Program:
    """One data folder and port, and the `manage.py up` that uses them."""

    data: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def output(self) -> Path:
        return self.data.with_name(f"{self.data.name}.out")

    def launch(self, *options: str, before: tuple[str, ...] = (), variables: Mapping[str, str] = {}) -> None:
        """Start it, by the command `before` if given, and come back at once."""
        with self.output.open("wb") as out:
            self.process = subprocess.Popen(
                [*before, *command("up", "--port", str(self.port), *options)],
                stdout=out,
                stderr=subprocess.STDOUT,
                env=environment(**{**variables, "MASTHEAD_DATA": str(self.data)}),
            )

    def start(self, *options: str, before: tuple[str, ...] = (), variables: Mapping[str, str] = {}) -> None:
        """Start it, and come back when it says that it is ready.

        Where it would fill an empty folder with the demo, it gets a copy of one that was filled before.
        """
        if "--demo" in options and not self.data.exists():
            subprocess.run(["cp", "-a", str(_furnished()), str(self.data)], check=True)
        self._begin(*options, before=before, variables=variables)

    def _begin(self, *options: str, before: tuple[str, ...] = (), variables: Mapping[str, str] = {}) -> None:
        self.launch(*options, before=before, variables=variables)
        until(lambda: READY in self.said() or self.running.poll() is not None, otherwise=self.said)
        assert READY in self.said(), self.said()

    @property
    def running(self) -> subprocess.Popen[bytes]:
        assert self.process
        return self.process

    def said(self) -> str:
        """All that it has printed."""
        return self.output.read_text()

    def get(self, host: str, path: str = "/") -> Answer:
        return get(self.port, host, path)

    def children(self) -> dict[str, int]:
        """The process of each service, as run.json has them."""
        recorded = json.loads((self.data / "run.json").read_text())["children"]
        return {name: pid for name, (pid, _) in recorded.items()}

    def port_of(self, server: str) -> int:
        """Where an application server takes requests, past the edge."""
        listening = addresses({self.children()[server]})
        assert len(listening) == 1, listening
        return int(listening.pop().rpartition(":")[2])

    def family(self) -> set[int]:
        """All processes below this one: the services and what they started."""
        found: set[int] = set()
        generation = {self.running.pid}
        while generation:
            generation = children_of(*generation)
            found |= generation
        return found

    def stop(self) -> None:
        """End it, whatever state it is in."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=30)


@cache
def _furnished() -> Path:
    """A folder that `up --demo` has filled and left: filling takes twenty seconds, copying none."""
    folder = Path(tempfile.mkdtemp(prefix="masthead-furnished-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    program = Program(folder / "data")
    try:
        program._begin("--demo")
    finally:
        program.stop()
    return program.data


def alive(pids: set[int]) -> set[int]:
    """Those of `pids` that still run."""
    return {pid for pid in pids if born(pid)}


def children_of(*pids: int) -> set[int]:
    """The processes that `pids` started and that are still there."""
    return {int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit() and _parent(path) in pids}


def _parent(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def addresses(pids: set[int]) -> set[str]:
    """Where `pids` listen for TCP or are bound for UDP: "127.0.0.1:8000"; IPv6 stays in the kernel's form."""
    inodes = {link for pid in pids for link in sockets(pid)}
    found = set()
    for table, state in (("tcp", "0A"), ("tcp6", "0A"), ("udp", "07"), ("udp6", "07")):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == state and fields[9] in inodes:
                host, _, port = fields[1].partition(":")
                quad = ".".join(str(byte) for byte in reversed(bytes.fromhex(host))) if len(host) == 8 else host
                found.add(f"{quad}:{int(port, 16)}")
    return found


def sockets(pid: int) -> set[str]:
    found = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = str(link.readlink())
        except FileNotFoundError:
            continue
        if target.startswith("socket:["):
            found.add(target[8:-1])
    return found
