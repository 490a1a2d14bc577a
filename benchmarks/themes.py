"""What each theme costs: uncached pages beside the stock peer's, and the bytes of a page with its style sheet."""

import http.client
import re
from collections.abc import Callable
from contextlib import ExitStack, closing

import brotli

from benchmarks import load, stage
from benchmarks.data import Size
from benchmarks.figures import Comparison, Figure, Report, times
from benchmarks.load import Target
from benchmarks.rounds import COLUMNS, interleaved
from benchmarks.servers import ROOT, Running
from benchmarks.serving import FRESH, STOCK, Extent, prepare
from benchmarks.stage import Stage
from operations.embedded.ports import HOST
from sites_core.themes import DEFAULT, MANIFEST

# By their folders: this process has no settings.
THEMES = sorted(path.parent.name for path in (ROOT / "platform" / "reading" / "themes").glob(f"*/{MANIFEST}"))
_SHEET = re.compile(rb'rel="stylesheet" href="([^"]*)"')
MOST_RAW, MOST_COMPRESSED = 60_000, 15_000


def measure(on: Stage, size: Size, extent: Extent, step: Callable[[str], None]) -> Report:
    """Every site in each theme in turn; the look changes in the running server, as it does for readers."""
    step("pages for the floors")
    pages = prepare(on, size)
    figures: list[Figure] = []
    rows: list[list[str]] = []
    plans = {page: stage.plan(on, page, load.uniform(pages[page])) for page in ("home", "article")}
    with ExitStack() as stack:
        servers = on.servers(size)
        contenders = {FRESH: servers.masthead("gunicorn", cache_mb=0), STOCK: servers.stock(cached=False)}
        running = {
            name: stack.enter_context(servers.running(service, pages["home"][0][0]))
            for name, service in contenders.items()
        }
        for theme in THEMES:
            step(f"{theme}: all sites wear it")
            _wear(on, size, theme, running[FRESH], pages["home"])
            readings = interleaved(on, running, plans, rounds=extent.rounds, seconds=extent.seconds, step=step)
            for page in plans:
                figures.append(
                    times(
                        f"uncached {page} in the theme {theme}, worker's CPU against stock's",
                        readings.app_ms(FRESH, page), readings.app_ms(STOCK, page), most=0.2 if page == "home" else 0.4,
                    )
                )  # fmt: skip
                rows.append([f"{theme}, {page}", *readings.cells(FRESH, page), *_sizes(running[FRESH], pages[page][0])])
            figures.append(_fits(theme, running[FRESH], pages["home"][0]))
        _wear(on, size, DEFAULT, running[FRESH], pages["home"])
    return Report(figures, [Comparison("Uncached pages by theme", ["", *COLUMNS, "KB", "KB, brotli"], rows)])


def _wear(on: Stage, size: Size, theme: str, server: Running, homes: list[Target]) -> None:
    with on.connect(size) as connection:
        connection.execute("UPDATE sites_core_brand SET theme = %s", [theme])
    for _ in range(50):
        for _ in stage.bodies(server, homes[:20]):
            pass
        if all(f'class="theme-{theme}'.encode() in body for body in stage.bodies(server, homes[:20])):
            return
    raise server.failed(f"the sites do not wear the theme {theme}")


def _fits(theme: str, server: Running, target: Target) -> Figure:
    raw, compressed = _bytes(server, target)
    return Figure(
        f"home and its style sheet in the theme {theme}, without pictures",
        f"{raw / 1000:.1f} KB, {compressed / 1000:.1f} KB compressed",
        f"at most {MOST_RAW // 1000} KB, {MOST_COMPRESSED // 1000} KB",
        raw <= MOST_RAW and compressed <= MOST_COMPRESSED,
    )


def _sizes(server: Running, target: Target) -> tuple[str, str]:
    raw, compressed = _bytes(server, target)
    return f"{raw / 1000:.1f}", f"{compressed / 1000:.1f}"


def _bytes(server: Running, target: Target) -> tuple[int, int]:
    """Of a page together with its one style sheet: as they are, and as the page cache compresses them."""
    (page,) = stage.bodies(server, [target])
    (path,) = _SHEET.findall(page)
    with closing(http.client.HTTPConnection(HOST, server.port, timeout=30)) as connection:
        connection.request("GET", path.decode(), headers={"Host": target[0]})
        sheet = connection.getresponse().read()
    return len(page) + len(sheet), sum(len(brotli.compress(body, quality=5)) for body in (page, sheet))
