"""One process that this one started: its group, its log, its end."""

import os
import signal
import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path

from operations.embedded import logs
from operations.embedded.processes import leashed


@dataclass(frozen=True)
class Service:
    """What is started, how one knows that it answers, and how it is asked to end."""

    name: str
    command: Sequence[str | Path]
    ready: Callable[[], bool]
    environment: Mapping[str, str] = field(default_factory=dict)  # beside this process's own
    folder: Path | None = None
    sockets: Sequence[socket.socket] = ()  # that it inherits; kept open here, so that they outlive its restarts
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGTERM
    answer: Path | None = None  # where its standard output goes, if not into the log
    keeps_data: bool = False  # others need it until their own end
    # Entered around every start; gives more file descriptors that it inherits.
    prepare: Callable[[], AbstractContextManager[Sequence[int]]] = lambda: nullcontext([])


class Child:
    """A running process of a service, in a group of its own so that a terminal's Ctrl-C reaches it only through us."""

    def __init__(self, service: Service, log: Path, *, inherits: Sequence[int] = ()) -> None:
        """Start it. What it says is appended to `log`, except for the answer of a command that has one.

        It gets the file descriptors `inherits` besides the sockets of the service.
        """
        self._stop_signal = service.stop_signal
        logs.bound(log)
        with ExitStack() as stack:
            out = stack.enter_context(log.open("ab"))
            answer = stack.enter_context(service.answer.open("wb")) if service.answer else out
            prepared = stack.enter_context(service.prepare())
            self._process = subprocess.Popen(
                leashed(service.command, service.orphan_signal),
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=out,
                cwd=service.folder,
                env={**os.environ, **service.environment},
                pass_fds=[*inherits, *prepared, *(each.fileno() for each in service.sockets)],
                start_new_session=True,
            )
        self.pid = self._process.pid

    def status(self) -> int | None:
        """None while it runs; then its exit status, negative for the signal that ended it.

        Whatever is left of its group ends with it: a server's workers do not outlive it.
        """
        if self._process.returncode is None and self._process.poll() is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
        return self._process.returncode

    def ask_to_end(self) -> None:
        """Send it the signal that asks it to end, if it still runs."""
        self._signal(self._stop_signal)

    def kill(self) -> None:
        """End it by force, if it still runs, and what is left of its group."""
        if self.status() is None:
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self.status() is None:
            os.kill(self.pid, number)


def said(status: int) -> str:
    """An exit status in words: "exit code 3", "killed by SIGKILL"."""
    return f"exit code {status}" if status >= 0 else f"killed by {signal.Signals(-status).name}"
