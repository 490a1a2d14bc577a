"""`make bench`: measure the figures of docs/performance.md, on servers and databases of their own.

  python -m benchmarks                     everything, in a quarter of an hour
  python -m benchmarks --only serving      one part: see below; may be given more than once
  python -m benchmarks --large --soak      growth by a hundred, 10,000 publishes, 1,000,000 requests: some hours
  python -m benchmarks --quick             a round or two of a second each: does it work at all?
  python -m benchmarks --write             and put figures, tables and chart into docs/
  python -m benchmarks --corpus FOLDER     import this blog too

parts:
  serving      ready and fresh pages, floors below and peers beside: requests a second, latency, CPU, SQL, memory
  edge         the same through Traefik
  themes       uncached pages in each theme beside the stock peer, and their bytes
  zipf         every article by Zipf's law, caches empty at first
  growth       what a page costs as sites, articles and articles of a site grow
  publishing   publish to visible in every worker; a rush on one cold page
  memory       a worker after many requests over 50,000 hosts
  directory    the map of 50,000 hostnames
  names        the edge's document of 10,000 and 50,000 names, and a name that is added to it
  pages        statements of pages in the database
  studio       statements of the studio's lists in the database
  importing    posts a second
  starting     fresh clone to first page

The server and its databases have one core, the load another; contenders take turns in rounds, and what counts are
ratios within one run. Needs wrk and nginx beside what `make` installs. Exit code 1: a goal was missed. 2: something is
not installed.
"""

import argparse
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

from rich.console import Console

from benchmarks import data, growth, memory, publishing, serving, themes
from benchmarks.figures import Report, machine, show
from benchmarks.progress import Voice
from benchmarks.separate import measured_apart
from benchmarks.stage import Stage, standing
from benchmarks.writing import write

ON_STAGE = ("serving", "edge", "themes", "zipf", "growth", "publishing", "memory")
APART = ("directory", "names", "pages", "studio", "importing", "starting")
WIDTH = 150  # characters, where no terminal has one
NEEDED = {"wrk": "wrk", "nginx": "nginx"}  # program: package


def main() -> int:
    arguments = parse()
    parts = arguments.only or [*ON_STAGE, *APART]
    # With --json the figures alone are standard output.
    console = Console(stderr=arguments.json, width=None if sys.stdout.isatty() else WIDTH)
    if missing := [program for program in NEEDED if shutil.which(program) is None and set(parts) & set(ON_STAGE)]:
        words = " ".join(NEEDED[program] for program in missing)
        print(f"Not installed: {', '.join(missing)}. Install with: apt-get install {words}", file=sys.stderr)
        print("Without them: python -m benchmarks " + " ".join(f"--only {part}" for part in APART), file=sys.stderr)
        return 2
    console.print(f"On {machine()}.")
    report = Report()
    voice = Voice(console)
    if staged := [part for part in ON_STAGE if part in parts]:
        with standing() as stage:
            for part in staged:
                _tell(report, _on_stage(stage, part, arguments, voice), console)
    for part in (part for part in APART if part in parts):
        with voice.part(part) as step:
            step("")
            found = Report(measured_apart(part, arguments.corpus))
        _tell(report, found, console)
    if arguments.json:
        print(json.dumps({"machine": machine(), **asdict(report)}, indent=1))
    if arguments.write:
        write(report)
    missed = [figure for figure in report.figures if figure.met is False]
    console.print(f"{len(missed)} of {sum(figure.met is not None for figure in report.figures)} goals missed.")
    return 1 if missed else 0


def parse() -> argparse.Namespace:
    first, _, more = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=f"{first}\n\n{more}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--write", action="store_true", help="put figures, tables and chart into docs/")
    parser.add_argument("--json", action="store_true", help="print everything as JSON, progress on standard error")
    parser.add_argument(
        "--only", action="append", choices=[*ON_STAGE, *APART], help="measure this part", metavar="PART"
    )
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--large", action="store_true", help="growth also with 2,000 sites and 200,000 articles")
    size.add_argument("--huge", action="store_true", help="that, and 50,000 sites and 1,000,000 articles")
    parser.add_argument("--soak", action="store_true", help="10,000 publishes, and 1,000,000 requests in `memory`")
    parser.add_argument("--quick", action="store_true", help="as little as possible: the figures mean nothing")
    parser.add_argument("--corpus", type=Path, help="a blog to import beside the generated one")
    arguments = parser.parse_args()
    if arguments.write and (arguments.only or arguments.quick):
        parser.error("--write takes the place of all that is written there: it wants a whole run.")
    return arguments


def _on_stage(stage: Stage, part: str, arguments: argparse.Namespace, voice: Voice) -> Report:
    size, extent, held = data.USUAL, serving.Extent(), memory.SOAK if arguments.soak else memory.Extent()
    publishes, grown = (10_000 if arguments.soak else 300), [size]
    if arguments.quick:
        size = replace(data.TENTH, growing=())
        extent = serving.Extent(rounds=2, seconds=1, zipf_requests=500, zipf_rounds=1)
        held, publishes = memory.Extent(1_600, 1), 20
    if arguments.large or arguments.huge:
        grown.append(data.LARGE)
    if arguments.huge:
        grown.append(data.HUGE)
    measures: dict[str, Callable[[Callable[[str], None]], Report]] = {
        "serving": lambda step: serving.direct(stage, size, extent, step),
        "edge": lambda step: serving.through_traefik(stage, size, extent, step),
        "themes": lambda step: themes.measure(stage, size, extent, step),
        "zipf": lambda step: serving.zipf(stage, size, extent, step),
        "growth": lambda step: growth.measure(stage, grown, step),
        "publishing": lambda step: publishing.measure(stage, size, publishes, step),
        "memory": lambda step: memory.measure(stage, held, step),
    }
    with voice.part(part) as step:
        return measures[part](step)


def _tell(report: Report, found: Report, console: Console) -> None:
    show(found, console)
    report.add(found)


if __name__ == "__main__":
    sys.exit(main())
