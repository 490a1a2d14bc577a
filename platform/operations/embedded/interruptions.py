"""Ctrl-C, SIGTERM and a closed terminal, noticed where it is safe: while waiting."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from operations.embedded.refusals import Stopped

WATCHED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STEP = 0.05  # seconds


class Interruptions:
    """Whether this run was asked to end. A handler that raised could do so between starting a child and noting it."""

    def __init__(self) -> None:
        self.requested = False
        self.presses = 0  # of Ctrl-C; a closing terminal may well send two different signals for one wish

    def pause(self) -> None:
        """Wait a moment. Raises Stopped if the run was asked to end."""
        if self.requested:
            raise Stopped
        time.sleep(STEP)

    def notice(self, number: int, _frame: FrameType | None) -> None:
        """What the signals call."""
        self.requested = True
        self.presses += number == signal.SIGINT


@contextmanager
def noticed() -> Iterator[Interruptions]:
    """Take the signals that ask a run to end, and give them back at the end."""
    interruptions = Interruptions()
    before = {number: signal.signal(number, interruptions.notice) for number in WATCHED}
    try:
        yield interruptions
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
