"""Chromium, as a reader has it: nothing of it is installed with Masthead, so it may be missing."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ViewportSize, sync_playwright
from playwright.sync_api import Page as Tab

from showroom.catalogue import Scheme

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
MISSING = "Chromium is not here: install it (apt-get install chromium), or name its program in CHROMIUM."
ARGUMENTS = (
    # It sees our own pages alone, and as root or in a container its sandbox does not start.
    "--no-sandbox",
    # No name is asked for outside, whatever a page refers to.
    "--host-resolver-rules=MAP *.localhost 127.0.0.1, MAP * ~NOTFOUND",
    # The same pixels on every machine, as far as fonts allow.
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--disable-lcd-text",
    "--hide-scrollbars",
)
# As on a telephone, where scroll bars lie over the page: hidden ones would leave an empty strip, their gutter.
OVER_THE_PAGE = """
addEventListener("DOMContentLoaded", () => { document.documentElement.style.scrollbarGutter = "auto"; });
"""
HEIGHTS = {320: 640, 390: 844, 768: 1024, 1440: 900}


def chromium() -> str | None:
    """The program: the one that CHROMIUM names, else the first on the PATH."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def running() -> Iterator[Browser]:
    """A browser without a window. Raises FileNotFoundError where there is none.

    While it runs this thread has an event loop, so that Django refuses queries in it.
    """
    program = chromium()
    if program is None:
        raise FileNotFoundError(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def tab(browser: Browser, *, scale: float = 1) -> Iterator[Tab]:
    """A tab that knows nothing yet: no cookie, nothing cached. `scale` is device pixels to a CSS pixel."""
    with browser.new_context(device_scale_factor=scale, reduced_motion="reduce", locale="en-GB") as context:
        context.add_init_script(OVER_THE_PAGE)
        yield context.new_page()


def adjust(shown: Tab, *, width: int, scheme: Scheme = "light") -> None:
    """The window's width in CSS pixels, and what the reader's device prefers."""
    shown.set_viewport_size(ViewportSize(width=width, height=HEIGHTS[width]))
    shown.emulate_media(color_scheme=scheme)
