"""The embedded PostgreSQL: one cluster in one folder, reachable through a unix socket in a private folder only.

A socket rather than a loopback port: it needs no password, it cannot clash with another server, and no other user of
the machine can knock at it.
"""

import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg
from psycopg import sql

from operations.embedded import logs
from operations.embedded.child import Child, Service
from operations.embedded.programs import find
from operations.embedded.refusals import Exit, Refused
from operations.embedded.sockets import socket_folder

NAME = "masthead"  # of the database and of its owner
OLDEST = 15
STRAGGLERS = 4.0  # seconds for the processes of a killed server to notice that it is gone

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "log_checkpoints": "off",
    "huge_pages": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
FORGETFUL = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}

INSTALL = (
    "PostgreSQL is not here: its wheel has no build for this platform. Install PostgreSQL {oldest} or newer and put "
    "the folder of its programs postgres and initdb on the PATH, or point DATABASE_URL at a running server."
)
NO_SETPRIV = (
    "PostgreSQL refuses to run as root, and setpriv (of util-linux), which would let it run as nobody, is not on the "
    "PATH: install it, or run as a normal user."
)


@dataclass(frozen=True)
class Cluster:
    """PostgreSQL's files in `folder`/postgres. `durable=False` trades safety from power cuts for speed, for tests."""

    folder: Path
    durable: bool = True

    @cached_property
    def data(self) -> Path:
        return self.folder / "postgres"

    @cached_property
    def sockets(self) -> Path:
        return socket_folder(self.folder) / "postgres"

    @property
    def url(self) -> str:
        """What DATABASE_URL says for this cluster."""
        return f"postgres://{NAME}@{quote(str(self.sockets), safe='')}/{NAME}"

    def create(self) -> None:
        """Make the cluster, unless it is there. A creation that was interrupted starts anew."""
        version = self._version()
        if self.data.exists():
            return self._must_fit(version)
        fresh = self.folder / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        self._own_folder(fresh)
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if version >= 17 else []
        self._run([
            _program("initdb"), "--pgdata", fresh, "--username", NAME, "--encoding=UTF8", "--locale=C", *locale,
            "--auth-local=trust", "--auth-host=reject", *([] if self.durable else ["--no-sync"]),
        ])  # fmt: skip
        fresh.rename(self.data)
        return None

    def service(self) -> Service:
        """The server as a child. Orphaned, it ends at once and recovers from its log at the next start."""
        settings = SETTINGS | {"unix_socket_directories": str(self.sockets)} | ({} if self.durable else FORGETFUL)
        options = [f"--{name}={value}" for name, value in settings.items()]
        return Service(
            name="postgres",
            command=[*_as_nobody(self._owner), _program("postgres"), "-D", self.data, *options],
            ready=self.answers,
            folder=self.folder,
            stop_signal=signal.SIGINT,  # fast shutdown: clients are cut off, nothing is lost
            orphan_signal=signal.SIGQUIT,
            keeps_data=True,
            prepare=self._alone,
        )

    def answers(self) -> bool:
        """Whether the server takes connections; if so, the database is there as well."""
        with suppress(psycopg.OperationalError):
            self._ensure_database()
            return True
        return False

    def _ensure_database(self) -> None:
        with psycopg.connect(
            host=str(self.sockets), user=NAME, dbname="postgres", autocommit=True, connect_timeout=2
        ) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))

    @contextmanager
    def _alone(self) -> Iterator[list[int]]:
        """Around a start: no process of an earlier server is left, and every process of the new one holds a lock.

        PostgreSQL's own notes say which number its server had. After a crash another program may have that number, or
        a dead process that nobody has collected, and it would not start; so they go once the lock is ours.
        """
        if not self.sockets.exists():
            self._own_folder(self.sockets)
        with self.lock_file.open("a") as lock:
            deadline = time.monotonic() + STRAGGLERS
            while not _locked(lock):
                if time.monotonic() > deadline:
                    raise Refused(Exit.IN_USE, f"An earlier PostgreSQL is still busy in {self.data}: try again soon.")
                time.sleep(0.02)
            for note in (self.data / "postmaster.pid", self.sockets / ".s.PGSQL.5432.lock"):
                note.unlink(missing_ok=True)
            yield [lock.fileno()]

    @property
    def lock_file(self) -> Path:
        return self.folder / "postgres.lock"

    @property
    def _owner(self) -> int:
        """The user that PostgreSQL runs as: this one. It refuses root: then whoever has the files, else nobody."""
        if os.getuid() != 0:
            return os.getuid()
        owner = self.data.stat().st_uid if self.data.exists() else 0
        return owner or pwd.getpwnam("nobody").pw_uid

    def _own_folder(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)
        if os.getuid() != self._owner:
            os.chown(folder, self._owner, -1)

    def _version(self) -> int:
        answer = subprocess.run([_program("postgres"), "--version"], capture_output=True, text=True, check=True).stdout
        version = int("".join(digit if digit.isdigit() else " " for digit in answer).split()[0])
        if version < OLDEST:
            raise Refused(Exit.MISSING, f"PostgreSQL {version} is too old. " + INSTALL.format(oldest=OLDEST))
        return version

    def _must_fit(self, version: int) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        if made_by != str(version):
            raise Refused(
                Exit.UNUSABLE,
                f"{self.data} was made by PostgreSQL {made_by} and this is PostgreSQL {version}: put version {made_by} "
                f"on the PATH, or move the folder away to start empty.",
            )

    def _run(self, command: list[str | Path]) -> None:
        done = subprocess.run(
            [*_as_nobody(self._owner), *command],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            start_new_session=True,
        )
        if done.returncode == 0:
            return
        if "No space left on device" in done.stderr:
            raise Refused(Exit.DISK_FULL, f"The disk of {self.folder} is full: PostgreSQL needs about 100 MB to begin.")
        raise Refused(Exit.FAILED, f"PostgreSQL could not make its files in {self.folder}:\n{done.stderr.strip()}")


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _program(name: str) -> Path:
    program = find(name)
    if program is None:
        raise Refused(Exit.MISSING, INSTALL.format(oldest=OLDEST))
    return program


def _as_nobody(owner: int) -> list[str | Path]:
    """What stands before a command so that it runs as user `owner`; nothing if that is who we are.

    The programs may lie below a folder that only root may enter. Being allowed to pass there is given to this one
    process, instead of changing the modes of folders that are not ours. PostgreSQL looks for its own program by
    access(2), which forgets capabilities of a normal user unless no_setuid_fixup is set.
    """
    if owner == os.getuid():
        return []
    setpriv = find("setpriv")
    if setpriv is None:
        raise Refused(Exit.MISSING, NO_SETPRIV)
    group = pwd.getpwuid(owner).pw_gid
    return [
        setpriv, f"--reuid={owner}", f"--regid={group}", "--clear-groups",
        "--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--securebits=+no_setuid_fixup", "--pdeathsig=QUIT",
    ]  # fmt: skip


@contextmanager
def running_cluster(folder: Path, *, durable: bool) -> Iterator[str]:
    """A throw-away cluster in the existing `folder`; gives its DATABASE_URL. At the end its server and files are gone.

    For tests: call it from the main thread. Raises Refused if PostgreSQL is missing or does not start within 60 s.
    """
    cluster = Cluster(folder, durable=durable)
    cluster.create()
    log = folder / "postgres.log"
    child = Child(cluster.service(), log)
    try:
        _await(cluster, child, log)
        yield cluster.url
    finally:
        _end(child)
        shutil.rmtree(cluster.sockets.parent, ignore_errors=True)
        shutil.rmtree(cluster.data, ignore_errors=True)
        for file in (log, cluster.lock_file):
            file.unlink(missing_ok=True)


def _await(cluster: Cluster, child: Child, log: Path) -> None:
    deadline = time.monotonic() + 60
    while not cluster.answers():
        if child.status() is not None or time.monotonic() > deadline:
            raise Refused(Exit.FAILED, f"PostgreSQL does not start in {cluster.folder}:\n{logs.tail(log)}")
        time.sleep(0.05)


def _end(child: Child) -> None:
    child.ask_to_end()
    deadline = time.monotonic() + 5
    while child.status() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    child.kill()
