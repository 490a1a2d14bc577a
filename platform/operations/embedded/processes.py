"""Which process is which, and how a child is tied to our life."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

LEASH = Path(__file__).with_name("leash.py")


def leashed(command: Sequence[str | Path], orphan_signal: signal.Signals) -> list[str]:
    """`command`, so that it gets `orphan_signal` when this process dies, even by SIGKILL.

    Unchanged where the kernel offers no such thing: there the next run ends what `run.json` recorded.
    """
    words = [str(word) for word in command]
    if sys.platform != "linux":
        return words
    return [sys.executable, "-IS", str(LEASH), str(int(orphan_signal)), str(os.getpid()), *words]


def born(pid: int) -> str | None:
    """A mark of when process `pid` started: a later process of the same number has another. None if there is none."""
    if sys.platform == "linux":
        return _born_by_proc(pid)
    listing = subprocess.run(["/bin/ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return listing.stdout.strip() or None


def _born_by_proc(pid: int) -> str | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # The program's name stands in parentheses and may itself hold any of them.
    state, *fields = stat.rpartition(")")[2].split()
    return None if state == "Z" else fields[18]


def end(pid: int, mark: str, *, politely: signal.Signals, patience: float = 3.0) -> None:
    """End the process that had number `pid` and mark `mark`; nothing happens if it is gone or another one now."""
    for request in (politely, signal.SIGKILL):
        deadline = time.monotonic() + patience
        if born(pid) != mark:
            return
        try:
            os.kill(pid, request)
        except ProcessLookupError:
            return
        while born(pid) == mark and time.monotonic() < deadline:
            time.sleep(0.02)
