"""Contenders side by side: in each round all of them in turn, so that what disturbs the machine disturbs all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from types import MappingProxyType

from benchmarks import load
from benchmarks.servers import Running
from benchmarks.stage import Stage

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Reading:
    """One round of one contender on one page. CPU in milliseconds a request; `behind` an edge stands a server."""

    rate: float
    p50: float
    p99: float
    app_ms: float
    database_ms: float
    behind_ms: float = 0.0


@dataclass
class Readings:
    """All rounds, by contender and page."""

    of: dict[tuple[str, str], list[Reading]] = field(default_factory=dict)

    def rates(self, name: str, page: str) -> list[float]:
        return [reading.rate for reading in self.of[name, page]]

    def app_ms(self, name: str, page: str) -> list[float]:
        return [reading.app_ms for reading in self.of[name, page]]

    def cells(self, name: str, page: str) -> list[str]:
        """Rate with its spread, latencies, CPU of the worker and of the databases, as a table shows them."""
        rates = sorted(self.rates(name, page))
        return [
            f"{median(rates):,.0f} ({rates[0]:,.0f}–{rates[-1]:,.0f})",
            _brief(self.middle(name, page, "p50")),
            _brief(self.middle(name, page, "p99")),
            f"{self.middle(name, page, 'app_ms'):.3f}",
            f"{self.middle(name, page, 'database_ms'):.3f}",
        ]

    def middle(self, name: str, page: str, attribute: str) -> float:
        """The median of the rounds of one attribute of the readings."""
        return float(median(getattr(reading, attribute) for reading in self.of[name, page]))


def _brief(milliseconds: float) -> str:
    return f"{milliseconds:.0f}" if milliseconds >= 10 else f"{milliseconds:.2g}"


COLUMNS = ["req/s (spread)", "p50 ms", "p99 ms", "worker's CPU ms", "databases' CPU ms"]


def interleaved(
    stage: Stage,
    contenders: Mapping[str, Running],
    plans: Mapping[str, Path],
    *,
    rounds: int,
    seconds: int,
    step: Step,
    behind: Mapping[str, Running] = MappingProxyType({}),
) -> Readings:
    """Each contender on each page, `seconds` a round. `behind` has the servers of those that are edges."""
    readings = Readings()
    for number in range(1, rounds + 1):
        for page, plan in plans.items():
            for name, server in contenders.items():
                step(f"round {number} of {rounds}, {page}: {name}")
                reading = measured(stage, server, plan, seconds, behind=behind.get(name))
                readings.of.setdefault((name, page), []).append(reading)
    return readings


def measured(
    stage: Stage, server: Running, plan: Path, seconds: int, count: int = 0, behind: Running | None = None
) -> Reading:
    """Load for so many seconds, or until `count` requests are sent."""
    before, databases = server.cpu_seconds(), stage.database_seconds()
    upstream = behind.cpu_seconds() if behind else 0.0
    outcome = load.run(server.port, plan, seconds=seconds, count=count)
    spent = server.cpu_seconds() - before
    beside = grown(databases, stage.database_seconds())
    passed_on = behind.cpu_seconds() - upstream if behind else 0.0
    each = 1000 / outcome.requests
    return Reading(outcome.rate, outcome.p50, outcome.p99, spent * each, beside * each, passed_on * each)


def grown(before: Mapping[int, float], after: Mapping[int, float]) -> float:
    """Seconds that the processes which are there now have used since `before`."""
    return sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())
