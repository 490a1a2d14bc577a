"""`make profile`: where a reader's page spends its time: a flame graph of a worker under load, the statements by time.

  python -m benchmarks.profile                      a home page that is made anew each time, on gunicorn
  python -m benchmarks.profile --page article       an article's page
  python -m benchmarks.profile --cached             pages that the page cache holds
  python -m benchmarks.profile --server granian     on granian
  python -m benchmarks.profile --seconds 30         for longer

The flame graph goes to build/profile/; open it in a browser. Needs wrk, and the right to look into another process of
this user: as root, or with /proc/sys/kernel/yama/ptrace_scope at 0.
"""

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from benchmarks import data, load, stage
from benchmarks.progress import Voice
from benchmarks.servers import ROOT, Running
from benchmarks.serving import CACHE_MB
from benchmarks.stage import Stage
from operations.embedded.programs import find

FOLDER = ROOT / "build" / "profile"
SHOWN, LONGEST = 12, 300  # statements, characters
SAMPLES_A_SECOND = 250
# As PostgreSQL writes it with log_min_duration_statement, on one line or more.
_LOGGED = re.compile(r"duration: ([0-9.]+) ms +(?:statement|execute [^:]*): (.*)", re.DOTALL)
_OURS = re.compile(r"ALTER SYSTEM|SELECT pg_reload_conf")
_BEGINS = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_VALUE = re.compile(r"'(?:[^']|'')*'(?:::\w+)?|\$\d+|\b\d+\b")


@dataclass(frozen=True, slots=True)
class Statement:
    """All executions of one statement, its values left out."""

    text: str
    count: int
    milliseconds: float


def main() -> int:
    arguments = parse()
    py_spy = find("py-spy")
    if shutil.which("wrk") is None or py_spy is None:
        print("Not installed: wrk or py-spy. Install wrk with: apt-get install wrk", file=sys.stderr)
        return 2
    console, voice = Console(), Voice(Console())
    FOLDER.mkdir(parents=True, exist_ok=True)
    kind = "cached" if arguments.cached else "uncached"
    picture = FOLDER / f"{arguments.page}-{kind}-{arguments.server}.svg"
    with stage.standing() as on, voice.part("profile") as step:
        size = data.USUAL
        step("data set")
        targets = stage.homes(size) if arguments.page == "home" else stage.articles(on, size, stage.HOT)
        plan = stage.plan(on, "profile", load.uniform(targets))
        servers = on.servers(size)
        service = servers.masthead(arguments.server, cache_mb=CACHE_MB if arguments.cached else 0)
        with servers.running(service, targets[0][0]) as server:
            step("flame graph")
            load.run(server.port, plan, count=len(targets))
            error = _flames(py_spy, server, plan, arguments.seconds, picture)
            step("statements")
            requests, statements = _statements(on, size, server, plan)
    if error:
        print(f"py-spy made no flame graph: {error}", file=sys.stderr)
    else:
        console.print(f"Flame graph: {picture.relative_to(ROOT)}")
    _show(console, requests, statements)
    return 1 if error else 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.profile", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--page", choices=("home", "article"), default="home")
    parser.add_argument("--server", choices=("gunicorn", "granian"), default="gunicorn")
    parser.add_argument("--cached", action="store_true", help="with the page cache")
    parser.add_argument("--seconds", type=int, default=10, metavar="S", help="how long the worker is watched")
    return parser.parse_args()


def _flames(py_spy: Path, server: Running, plan: Path, seconds: int, picture: Path) -> str:
    """Watch the worker under load; what went wrong, or nothing."""
    command = [
        str(py_spy), "record", "--pid", str(server.pids[-1]), "--duration", str(seconds), "--rate",
        str(SAMPLES_A_SECOND), "--nonblocking", "--output", str(picture),
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as watching:
        load.run(server.port, plan, seconds=seconds + 1)
        _, said = watching.communicate()
    return "" if watching.returncode == 0 and picture.exists() else said.strip()


def _statements(on: Stage, size: data.Size, server: Running, plan: Path) -> tuple[int, list[Statement]]:
    """PostgreSQL logs what it executes for two seconds; the requests of that time, and the statements by time."""
    log = on.folder / "postgres.log"
    with on.connect(size) as connection:
        connection.execute("ALTER SYSTEM SET log_min_duration_statement = 0")
        connection.execute("SELECT pg_reload_conf()")
        begin = log.stat().st_size
        outcome = load.run(server.port, plan, seconds=2)
        connection.execute("ALTER SYSTEM RESET log_min_duration_statement")
        connection.execute("SELECT pg_reload_conf()")
    with log.open(errors="replace") as lines:
        lines.seek(begin)
        return outcome.requests, by_time(lines)


def by_time(lines: Iterable[str]) -> list[Statement]:
    """The statements of a log, those that took longest in all first."""
    found: dict[str, tuple[int, float]] = {}
    for entry in _entries(lines):
        if (logged := _LOGGED.search(entry)) and not _OURS.match(logged[2]):
            text = _VALUE.sub("?", " ".join(logged[2].split()))
            count, spent = found.get(text, (0, 0.0))
            found[text] = count + 1, spent + float(logged[1])
    ranked = sorted(found.items(), key=lambda item: -item[1][1])
    return [Statement(text, count, spent) for text, (count, spent) in ranked]


def _entries(lines: Iterable[str]) -> Iterable[str]:
    """A statement of several lines is one entry."""
    entry = ""
    for line in lines:
        if _BEGINS.match(line) and entry:
            yield entry
            entry = ""
        entry += line
    if entry:
        yield entry


def _show(console: Console, requests: int, statements: list[Statement]) -> None:
    table = Table("ms in all", "count", "ms each", "a request", "statement", box=None, header_style="bold")
    for one in statements[:SHOWN]:
        table.add_row(
            f"{one.milliseconds:.0f}", f"{one.count:,}", f"{one.milliseconds / one.count:.3f}",
            f"{one.count / requests:.2f}", escape(one.text[:LONGEST]) or "(is the connection alive?)",
        )  # fmt: skip
    console.print(f"{requests:,} requests; PostgreSQL's time by statement, values left out:")
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
