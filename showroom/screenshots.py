"""`make screenshots`: docs' pictures, made of the demo as the real program serves it.

  python -m showroom.screenshots                           docs/pictures/*.png
  python -m showroom.screenshots --out FOLDER              the same, elsewhere
  python -m showroom.screenshots --all --out FOLDER        every page in every theme, light and dark, at each width
  python -m showroom.screenshots --all --only daily --out FOLDER    those with this in their names

Needs Chromium, or CHROMIUM naming it. The pictures differ with the day, which the pages tell, and with the fonts of the
machine where a theme uses those. Exit code 2: Chromium is not installed.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from showroom import browser, desk, house
from showroom.catalogue import ROOT, SCHEMES, WIDTHS, Page, Scheme
from showroom.composing import Brand, composed
from showroom.house import House
from showroom.shrinking import shrunk

PICTURES = ROOT / "docs" / "pictures"
# The demo's brands in the order in which they stand side by side: financial daily, technical journal, magazine.
BRANDS = ("financeblog", "techblog", "lantern")
# CSS pixels of a page in a window, and in a telephone. Both are shown smaller.
WINDOW, PHONE = (1280, 1560), (390, 800)
# A page may be longer than any picture of it should be.
TALLEST = 12_000

# Also pictures that would wait until they are scrolled to.
SETTLED = """
async () => {
    const pictures = [...document.images];
    pictures.forEach(each => { each.loading = "eager"; });
    await Promise.all([document.fonts.ready, ...pictures.map(each => each.decode().catch(() => null))]);
}
"""

Step = Callable[[str], object]


def main() -> int:
    arguments = parse()
    if browser.chromium() is None:
        print(browser.MISSING, file=sys.stderr)
        return 2
    arguments.out.mkdir(parents=True, exist_ok=True)
    console = Console()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("")

        def step(said: str) -> None:
            progress.update(task, description=said)

        with house.opened(step=step) as opened, browser.running() as running:
            if arguments.all:
                chosen = [page for page in opened.pages if arguments.only in page.name]
                written = list(every(running, chosen, arguments.out, step))
            else:
                written = list(of_docs(running, opened, arguments.out, step))
    console.print(f"{len(written)} pictures in {arguments.out}")
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m showroom.screenshots",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--all", action="store_true", help="every page, for looking at them")
    parser.add_argument("--only", default="", metavar="WORDS", help="with --all: pages with this in their names")
    parser.add_argument("--out", type=Path, default=PICTURES, metavar="FOLDER", help="where the pictures go")
    arguments = parser.parse_args()
    if arguments.all and arguments.out == PICTURES:
        parser.error("--all writes hundreds of pictures: name a folder for them with --out.")
    return arguments


def every(running: Browser, pages: Sequence[Page], folder: Path, step: Step) -> Iterator[Path]:
    """Each page as long as it is, in each scheme at each width: journal-front-dark-390.png."""
    for page in pages:
        step(str(page))
        with shown(running, page) as tab:
            for width in WIDTHS:
                for scheme in SCHEMES:
                    browser.adjust(tab, width=width, scheme=scheme)
                    _settle(tab)
                    file = folder / f"{page.name}-{scheme}-{width}.png"
                    tab.screenshot(
                        path=file, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": _tall(tab)}
                    )
                    yield file


def of_docs(running: Browser, opened: House, folder: Path, step: Step) -> Iterator[Path]:
    """The pictures that the pages of docs/ and the README show."""
    step("brands")
    fronts = [_brand(running, opened.named(look, "front"), opened.named(look, "article")) for look in BRANDS]
    yield _keep(folder / "brands.png", composed(running, fronts))
    for look, brand in zip(BRANDS, fronts, strict=True):
        step(look)
        article = _brand(running, opened.named(look, "article"), opened.named(look, "front"))
        yield _keep(folder / f"{look}.png", composed(running, [brand, article]))
    step("studio")
    for name, picture in desk.pictures(running, opened.named("techblog", "front"), _settle):
        step(name)
        yield _keep(folder / f"{name}.png", picture)


def _brand(running: Browser, in_window: Page, in_phone: Page) -> Brand:
    """A page by day in a window, and one by night in the telephone before it."""
    return Brand(
        in_window.host,
        taken(running, in_window, WINDOW, "light", scale=1),
        taken(running, in_phone, PHONE, "dark", scale=1.5),
    )


def taken(running: Browser, page: Page, size: tuple[int, int], scheme: Scheme, *, scale: float) -> bytes:
    """The top of a page, as PNG."""
    width, height = size
    with shown(running, page, scale=scale) as tab:
        tab.set_viewport_size({"width": width, "height": height})
        tab.emulate_media(color_scheme=scheme)
        _settle(tab)
        return tab.screenshot()


@contextmanager
def shown(running: Browser, page: Page, *, scale: float = 1) -> Iterator[Tab]:
    """The page in a tab of its own."""
    with browser.tab(running, scale=scale) as tab:
        tab.goto(page.url)
        yield tab


def _settle(tab: Tab) -> None:
    """Wait until all is drawn. Another width may have asked for other files of the pictures."""
    tab.evaluate(SETTLED)
    tab.wait_for_load_state("networkidle")
    tab.evaluate(SETTLED)


def _tall(tab: Tab) -> int:
    height: int = tab.evaluate("() => document.documentElement.scrollHeight")
    return min(height, TALLEST)


def _keep(file: Path, picture: bytes) -> Path:
    file.write_bytes(shrunk(picture))
    return file


if __name__ == "__main__":
    sys.exit(main())
