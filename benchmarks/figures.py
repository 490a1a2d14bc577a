"""What a measurement says: figures beside their goals, and tables of what was compared."""

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

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


@dataclass(frozen=True, slots=True)
class Comparison:
    """A table: who was measured, and what of each."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the chart: requests a second."""

    label: str
    rate: float
    is_ours: bool


@dataclass
class Report:
    """What a part found."""

    figures: list[Figure] = field(default_factory=list)
    comparisons: list[Comparison] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)

    def add(self, other: "Report") -> None:
        self.figures += other.figures
        self.comparisons += other.comparisons
        self.bars += other.bars


def at_most(what: str, value: float, limit: float, unit: str) -> Figure:
    return Figure(what, f"{value:.3g} {unit}", f"at most {limit:g} {unit}", value <= limit)


def at_least(what: str, value: float, limit: float, unit: str) -> Figure:
    return Figure(what, f"{value:.0f} {unit}", f"at least {limit:g} {unit}", value >= limit)


def times(what: str, ours: Sequence[float], theirs: Sequence[float], *, least: float = 0, most: float = 0) -> Figure:
    """How many times theirs ours is: the median of the rounds, each measured side by side, and their spread."""
    ratios = sorted(one / other for one, other in zip(ours, theirs, strict=True))
    middle = median(ratios)
    goal = f"at least {least:g}x" if least else f"at most {most:g}x"
    met = middle >= least if least else middle <= most
    return Figure(what, f"{middle:.3g}x ({ratios[0]:.3g}–{ratios[-1]:.3g})", goal, met)


def unmeasured(what: str, why: str, goal: str) -> Figure:
    """A goal that nothing was there to be measured against is missed."""
    return Figure(what, why, goal, met=False)


def machine() -> str:
    """What the figures were measured on, in one line."""
    model = "unknown processor"
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = cpuinfo.read_text().splitlines()
        model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), model)
    return f"{os.cpu_count()} cores of {model}, Python {platform.python_version()}, {platform.system()}"


def show(report: Report, console: Console) -> None:
    for comparison in report.comparisons:
        _print(console, comparison.columns, comparison.rows, comparison.title, right=True)
    rows = [(figure.what, figure.measured, figure.goal, figure.verdict) for figure in report.figures]
    _print(console, ("what", "measured", "goal", ""), rows)


def _print(
    console: Console, columns: Sequence[str], rows: Iterable[Sequence[str]], title: str = "", *, right: bool = False
) -> None:
    table = Table(title=title or None, title_justify="left", box=None, header_style="bold")
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if right and place else "left")
    for row in rows:
        table.add_row(*row)
    console.print(table)


def markdown(report: Report) -> str:
    """The figures, then the tables."""
    rows = [(figure.what, figure.measured, figure.goal, figure.verdict) for figure in report.figures]
    tables = [f"{one.title}\n\n{_table(one.columns, one.rows)}" for one in report.comparisons]
    return "\n\n".join([_table(("what", "measured", "goal", ""), rows), *tables])


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("|" + "".join(f" {cell} |" if cell else " |" for cell in cells) for cells in lines)
