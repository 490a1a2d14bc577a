"""`make bench`: measure the figures of docs/performance.md on a PostgreSQL of their own.

python -m benchmarks                     print them
python -m benchmarks --write             and put them into docs/performance.md
python -m benchmarks --corpus FOLDER     import this blog too
python -m benchmarks --only directory    one part: directory, pages, importing, starting
"""

import argparse
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from benchmarks.figures import Figure, machine, markdown, show

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- measured -->\n", "<!-- /measured -->"
PARTS = ("directory", "pages", "importing", "starting")


def main() -> int:
    arguments = parse()
    console = Console()
    console.print(f"On {machine()}.")
    figures: list[Figure] = []
    for part in arguments.only or PARTS:
        with console.status(f"Measuring: {part} …"):
            measured = measure(part, arguments.corpus)
        show(measured, console)
        figures += measured
    if arguments.write:
        write(figures)
    return 0 if all(figure.met is not False for figure in figures) else 1


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--write", action="store_true", help="put the figures into docs/performance.md")
    parser.add_argument("--corpus", type=Path, help="a blog to import beside the generated one")
    parser.add_argument("--only", action="append", choices=PARTS, help="measure this part; may be given more than once")
    return parser.parse_args()


def measure(part: str, corpus: Path | None) -> list[Figure]:
    if part == "starting":
        from benchmarks import starting

        return starting.measure()
    from operations.embedded.postgres import running_cluster

    # Durable, as a production database is; the tests' cluster is not.
    with (
        tempfile.TemporaryDirectory(prefix="masthead-bench-") as folder,
        running_cluster(Path(folder), durable=True) as database,
    ):
        return in_process_of_its_own(part, database, corpus, Path(folder) / "media")


def in_process_of_its_own(part: str, database: str, corpus: Path | None, media: Path) -> list[Figure]:
    # Memory is measured, so each part starts from a clean process.
    import json
    import subprocess

    command = [sys.executable, "-m", f"benchmarks.{part}", *([str(corpus)] if corpus else [])]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "settings.test", "DATABASE_URL": database, "MASTHEAD_BENCH_MEDIA": str(media),
    }  # fmt: skip
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    return [Figure(**row) for row in json.loads(done.stdout.splitlines()[-1])]


def write(figures: list[Figure]) -> None:
    before, _, rest = PAGE.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    day = datetime.now(UTC).date().isoformat()
    PAGE.write_text(f"{before}{BEGIN}\nMeasured {day} on {machine()}.\n\n{markdown(figures)}\n\n{END}{after}")


if __name__ == "__main__":
    sys.exit(main())
