"""One rendering at a time per page among the threads of a process: the first makes it, the others wait for it."""

import threading
from collections.abc import Hashable

from sites_core.page_cache.pages import Page

# After this a thread that waits renders on its own: the first may be stuck.
PATIENCE_SECONDS = 5.0


class Flight:
    """A page in the making. `page` is what became of it: None where the answer is not to be held."""

    def __init__(self) -> None:
        self.page: Page | None = None
        self._landed = threading.Event()

    def land(self) -> None:
        self._landed.set()

    def wait(self) -> Page | None:
        self._landed.wait(PATIENCE_SECONDS)
        return self.page


class Flights:
    """The pages that are being made at the moment."""

    def __init__(self) -> None:
        self._flying: dict[Hashable, Flight] = {}

    def join(self, key: Hashable) -> tuple[Flight, bool]:
        """The flight of this key, and whether the caller is the first, who makes the page and must call `land`."""
        mine = Flight()
        # Atomic: of two threads that come at once one finds the other's.
        flight = self._flying.setdefault(key, mine)
        return flight, flight is mine

    def land(self, key: Hashable) -> None:
        self._flying.pop(key).land()
