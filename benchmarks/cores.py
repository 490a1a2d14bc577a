"""Which core a process runs on, and what it has cost: CPU time and memory as Linux counts them."""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

# Linux' number for the CPU clock of another process: its id, inverted, above three bits that say "scheduler's count".
_SCHEDULED = 2


_all = sorted(os.sched_getaffinity(0))
# The servers and their database run on the one, the load and Traefik on the other, where there are two.
SERVER, LOAD = _all[0], _all[-1]


@contextmanager
def on(core: int) -> Iterator[None]:
    """What is started within runs on this core, to its end; this thread does so until the block ends."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def family(pid: int) -> list[int]:
    """The process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (parent := _parent(folder)) is not None:
            children.setdefault(parent, []).append(int(folder.name))
    found = [pid]
    for each in found:
        found += children.get(each, [])
    return found


def cpu_seconds(pids: Iterable[int]) -> float:
    """User and system time that these processes have used, threads that have ended included. Precise to a microsecond,
    where /proc/PID/stat counts in hundredths of a second."""
    spent = 0.0
    for pid in pids:
        try:
            spent += time.clock_gettime((~pid << 3) | _SCHEDULED)
        except OSError:
            continue  # it has ended
    return spent


def memory_mb(pid: int) -> float:
    """The process's proportional share of memory (PSS), in MB: what it shares with others counts in part."""
    return _memory(pid)["Pss"]


def private_mb(pid: int) -> float:
    """Memory that the process shares with no other, in MB."""
    found = _memory(pid)
    return found["Private_Clean"] + found["Private_Dirty"]


def _memory(pid: int) -> dict[str, float]:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    return {name: int(value.split()[0]) / 1000 for name, _, value in (line.partition(":") for line in lines)}


def _parent(folder: Path) -> int | None:
    try:
        return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None
