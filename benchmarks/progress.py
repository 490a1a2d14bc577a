"""What a run says while it measures: which part, which step, since when."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class Voice:
    """One line that changes, and a line that stays for each part that is done."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def part(self, name: str) -> Iterator[Callable[[str], None]]:
        """Give what is told of each step of the part."""
        began = time.monotonic()
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        with Progress(*columns, console=self._console, transient=True) as progress:
            task = progress.add_task(name)
            yield lambda step: progress.update(task, description=f"{name}: {step}" if step else name)
        self._console.print(f"\n[bold]{name}[/bold], {time.monotonic() - began:.0f} s")
