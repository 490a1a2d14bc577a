"""`make lighthouse`: what Lighthouse says of the front and of a long article in every theme, on a telephone.

  python -m showroom.lighthouse               the median of three runs of each page
  python -m showroom.lighthouse --runs 1      one run: quicker, and by chance lower
  python -m showroom.lighthouse --json        the figures as JSON

Needs Chromium (or CHROMIUM naming it), Node.js, and build/lighthouse, which `make lighthouse` installs. Exit code 1: a
figure is below 98. 2: something is not installed.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from showroom import browser, house
from showroom.catalogue import ROOT, THEMES, Page

LEAST = 98
CATEGORIES = {
    "performance": "Performance",
    "accessibility": "Accessibility",
    "best-practices": "Best practices",
    "seo": "SEO",
}
KINDS = ("front", "article, long")
PROGRAM = ROOT / "build/lighthouse/node_modules/lighthouse/cli/index.js"
PATIENCE_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Measured:
    """A page's figures, 0 to 100 by category, and the audits that any run of it did not pass wholly."""

    page: Page
    figures: dict[str, float]
    missed: dict[str, str]


def main() -> int:
    arguments = parse()
    console = Console(stderr=arguments.json)
    if missing := _missing():
        print(missing, file=sys.stderr)
        return 2
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("")
        found = list(measured(arguments.runs, lambda step: progress.update(task, description=step)))
    if arguments.json:
        print(json.dumps({f"{one.page}": one.figures for one in found}, indent=1))
    else:
        console.print(_table(found))
        for name, why in {name: why for one in found for name, why in one.missed.items()}.items():
            console.print(f"  {name}: {why}", markup=False, highlight=False)
    return 0 if all(figure >= LEAST for one in found for figure in one.figures.values()) else 1


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m showroom.lighthouse",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="of each page; the median counts")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON, progress on standard error")
    return parser.parse_args()


def _missing() -> str:
    if browser.chromium() is None:
        return browser.MISSING
    if shutil.which("node") is None:
        return "Node.js is not here: install it (apt-get install nodejs npm)."
    return "" if PROGRAM.exists() else "Lighthouse is not here: `make lighthouse` gets it."


def measured(runs: int, step: Any) -> Iterator[Measured]:
    with house.opened(step=step) as opened:
        for theme in THEMES:
            for kind in KINDS:
                page = opened.named(theme, kind)
                step(str(page))
                # What is measured is the page and not its first rendering.
                house.get(page)
                yield middle(page, [_run(page) for _ in range(runs)])


def _run(page: Page) -> dict[str, Any]:
    """Lighthouse's whole report on the page."""
    command = [
        "node", str(PROGRAM), page.url, "--quiet", "--output=json", "--output-path=stdout", "--form-factor=mobile",
        f"--only-categories={','.join(CATEGORIES)}", "--chrome-flags=" + " ".join([
            "--headless=new", "--no-sandbox", '--host-resolver-rules="MAP *.localhost 127.0.0.1, MAP * ~NOTFOUND"',
        ]),
    ]  # fmt: skip
    environment = os.environ | {"CHROME_PATH": browser.chromium() or ""}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
    if done.returncode:
        raise RuntimeError(f"Lighthouse failed on {page.url}:\n{done.stderr}")
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def middle(page: Page, reports: list[dict[str, Any]]) -> Measured:
    figures = {
        category: median(round(100 * (report["categories"][category]["score"] or 0)) for report in reports)
        for category in CATEGORIES
    }
    weighed = {
        one["id"] for report in reports for category in report["categories"].values()
        for one in category["auditRefs"] if one["weight"]
    }  # fmt: skip
    missed = {
        name: f"{audit['title']} {audit.get('displayValue', '')}".strip()
        for report in reports
        for name, audit in report["audits"].items()
        if name in weighed and audit["score"] is not None and audit["score"] < 1
    }
    return Measured(page, figures, missed)


def _table(found: list[Measured]) -> Table:
    table = Table("Page", *CATEGORIES.values(), box=None, header_style="bold")
    for one in found:
        table.add_row(str(one.page), *(f"{figure:g}" for figure in one.figures.values()))
    return table


if __name__ == "__main__":
    sys.exit(main())
