"""What a measurement says: a figure beside the goal it was measured against."""

import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of docs/performance.md. `met` is None where there is no goal."""

    what: str
    measured: str
    goal: str = ""
    met: bool | None = None

    @property
    def verdict(self) -> str:
        return {True: "met", False: "missed", None: ""}[self.met]


def at_most(what: str, value: float, limit: float, unit: str) -> Figure:
    return Figure(what, f"{value:.3g} {unit}", f"at most {limit:g} {unit}", value <= limit)


def at_least(what: str, value: float, limit: float, unit: str) -> Figure:
    return Figure(what, f"{value:.0f} {unit}", f"at least {limit:g} {unit}", value >= limit)


def machine() -> str:
    """What the figures were measured on, in one line."""
    model = "unknown processor"
    if os.path.exists("/proc/cpuinfo"):  # noqa: PTH110 -- one line needs no Path
        with open("/proc/cpuinfo") as cpuinfo:  # noqa: PTH123
            model = next((line.split(":", 1)[1].strip() for line in cpuinfo if line.startswith("model name")), model)
    return f"{os.cpu_count()} cores of {model}, Python {platform.python_version()}, {platform.system()}"


def show(figures: Iterable[Figure], console: Console) -> None:
    table = Table("what", "measured", "goal", "", box=None, header_style="bold")
    for figure in figures:
        table.add_row(figure.what, figure.measured, figure.goal, figure.verdict)
    console.print(table)


def markdown(figures: Iterable[Figure]) -> str:
    rows = [f"| {figure.what} | {figure.measured} | {figure.goal} | {figure.verdict} |" for figure in figures]
    return "\n".join(["| what | measured | goal | |", "| --- | --- | --- | --- |", *rows])
