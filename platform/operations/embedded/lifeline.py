"""A pipe that every process of a run inherits: when its end comes, none of them is left."""

import os
import select


class Lifeline:
    """Knows about grandchildren, too, which a parent cannot wait for: the kernel closes what the last of them held."""

    def __init__(self) -> None:
        self._ours, self.theirs = os.pipe()

    def all_gone(self, *, patience: float) -> bool:
        """Whether no process holds the other end, after waiting for that for up to `patience` seconds."""
        if self.theirs >= 0:
            os.close(self.theirs)
            self.theirs = -1
        readable, _, _ = select.select([self._ours], [], [], patience)
        return bool(readable)
