"""The data folder: who uses it, what lies where in it, and what the outside may know about the run."""

import errno
import fcntl
import json
import os
import shutil
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from operations.embedded.processes import born, end
from operations.embedded.refusals import Exit, Refused
from operations.embedded.sockets import socket_folder

ROOM = 150  # MB that an empty data folder needs to begin


@dataclass(frozen=True)
class Folder:
    """A data folder that this run holds."""

    path: Path

    def log(self, name: str) -> Path:
        """The log of the child `name`."""
        return self.path / "log" / f"{name}.log"

    @property
    def run_file(self) -> Path:
        return self.path / "run.json"

    def publish(self, facts: Mapping[str, object]) -> None:
        """Say in run.json where this run's services listen, for other commands of this user; replaced whole."""
        fresh = self.path / "run.json.new"
        with open(fresh, "w", opener=_private) as file:
            json.dump(facts, file)
        fresh.replace(self.run_file)

    def end_leftovers(self) -> None:
        """End the children that a run left behind when it was killed. The kernel has ended them already on Linux."""
        try:
            children = json.loads(self.run_file.read_text())["children"]
            recorded = [(int(pid), str(mark)) for pid, mark in children.values()]
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return
        for pid, mark in recorded:
            end(pid, mark, politely=signal.SIGINT)


@contextmanager
def held(path: Path) -> Iterator[Folder]:
    """Make the data folder `path` if need be and hold it alone. Raises Refused if another run has it."""
    with explained(path):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        (path / "log").mkdir(mode=0o700, exist_ok=True)
        lock = open(path / "lock", "a+", opener=_private)  # noqa: SIM115 -- held for as long as we live
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(Exit.IN_USE, _in_use(path)) from None
        with explained(path):
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            _must_have_room(path)
        folder = Folder(path)
        folder.end_leftovers()
        try:
            yield folder
        finally:
            with suppress(OSError, Refused):
                folder.run_file.unlink(missing_ok=True)
                shutil.rmtree(socket_folder(path))


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what the file system refuses about `path` or below it into a sentence."""
    try:
        yield
    except OSError as error:
        culprit = Path(error.filename or path)
        if not (culprit.is_relative_to(path) or path.is_relative_to(culprit)):
            raise
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise Refused(Exit.DISK_FULL, f"The disk of {culprit} is full: make room and start again.") from error
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            sentence = f"No permission to write {culprit}: run as its owner, or choose a folder with MASTHEAD_DATA."
            raise Refused(Exit.NOT_WRITABLE, sentence) from error
        if error.errno in {errno.EEXIST, errno.ENOTDIR, errno.ENOENT, errno.ENAMETOOLONG, errno.ELOOP}:
            sentence = f"{path} cannot be the data folder ({error.strerror}): name another one with MASTHEAD_DATA."
            raise Refused(Exit.UNUSABLE, sentence) from error
        raise


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def _in_use(path: Path) -> str:
    holder = "another run"
    with suppress(OSError, ValueError):
        pid = int((path / "lock").read_text())
        holder = f"another run (process {pid})" if born(pid) else holder
    return f"{path} is in use by {holder}: stop that one, or choose another folder with MASTHEAD_DATA."


def _must_have_room(path: Path) -> None:
    free = shutil.disk_usage(path).free // 1_000_000
    if free < ROOM and not (path / "postgres").exists():
        raise Refused(
            Exit.DISK_FULL, f"The disk of {path} is full: {free} MB are free, and {ROOM} MB are needed to begin."
        )
