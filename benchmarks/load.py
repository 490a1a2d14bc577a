"""The load: wrk on a core of its own, one thread, 16 connections that are kept, many hosts and pages."""

import json
import random
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from benchmarks import cores
from benchmarks.prose import SEED
from operations.embedded.ports import HOST

SCRIPT = Path(__file__).with_name("load.lua")
CONNECTIONS = 16
# For runs that end by count.
LONGEST_SECONDS = 900

Target = tuple[str, str]  # a host and a path


class LoadFailed(Exception):
    """Requests were refused, cut off or answered with an error: what remains says nothing about speed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run of wrk met. Latencies in milliseconds."""

    requests: int
    seconds: float
    p50: float
    p99: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def uniform(targets: Sequence[Target]) -> list[Target]:
    """Each as often as any other, in an order without a pattern."""
    return random.Random(SEED).sample(targets, len(targets))


def zipf(targets: Sequence[Target], count: int) -> list[Target]:
    """`count` requests of which the n-th most popular page gets 1/n times as many as the first."""
    chance = random.Random(SEED)
    ranked = chance.sample(targets, len(targets))
    return chance.choices(ranked, cum_weights=list(accumulate(1 / n for n in range(1, len(ranked) + 1))), k=count)


def write_plan(file: Path, order: Iterable[Target]) -> Path:
    file.write_text("".join(f"{host} {path}\n" for host, path in order))
    return file


def run(port: int, plan: Path, *, seconds: int = LONGEST_SECONDS, count: int = 0) -> Outcome:
    """Put load on a port for so many seconds, or until `count` requests are sent. Raises LoadFailed on any error."""
    command = [
        "wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{seconds}s", "--timeout", "10s",
        "--script", str(SCRIPT), f"http://{HOST}:{port}/", "--", str(plan), str(count),
    ]  # fmt: skip
    with cores.on(cores.LOAD):
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    return parsed(done.stdout)


def parsed(output: str) -> Outcome:
    """What the script's last line says. Raises LoadFailed where a request did not end well, or none was made."""
    line = next((line for line in reversed(output.splitlines()) if line.startswith("{")), None)
    if line is None:
        raise LoadFailed(f"wrk said nothing that can be read:\n{output}")
    said = json.loads(line)
    if said["errors"] or not said["requests"]:
        raise LoadFailed(f"{said['errors']} of {said['requests']} requests failed:\n{output}")
    return Outcome(said["requests"], said["seconds"], said["p50"], said["p99"])
