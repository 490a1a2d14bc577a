"""The logs of the children: one file each, bounded, and its last lines for people."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

LIMIT = 8 * 1024 * 1024  # bytes; the part before it is kept once, as NAME.log.1


def bound(log: Path, *, limit: int = LIMIT) -> None:
    """Move what `log` holds to `log`.1 if it is larger than `limit` bytes.

    It is emptied in place: children write in append mode and go on at its new end.
    """
    with suppress(OSError):  # a full disk: emptying below still helps
        if log.stat().st_size <= limit:
            return
        shutil.copyfile(log, log.with_name(f"{log.name}.1"))
    with suppress(OSError):
        os.truncate(log, 0)


def tail(log: Path, *, lines: int = 20) -> str:
    """The last `lines` lines of `log`, indented; empty if there are none."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 64 * 1024))
            text = file.read().decode(errors="replace")
    except OSError:
        return ""
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])
