"""What a run says to the person at the terminal."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO


class Voice:
    """Whole lines, and steps whose line is finished when they are. A terminal that went away is no reason to fail."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._open = False

    def line(self, text: str = "") -> None:
        """Say a line. A step that is under way keeps its own."""
        self._write(("\n" if self._open else "") + text + "\n")
        self._open = False

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Say what is being waited for, and when the block ends well, how long it took."""
        began = time.monotonic()
        self._write(f"{name} … ")
        self._open = True
        try:
            yield
        except BaseException:
            self._write("\n" if self._open else "")
            self._open = False
            raise
        self._write(("" if self._open else f"{name} … ") + f"ready in {time.monotonic() - began:.1f} s\n")
        self._open = False

    def _write(self, text: str) -> None:
        with suppress(OSError, ValueError):
            self._stream.write(text)
            self._stream.flush()
