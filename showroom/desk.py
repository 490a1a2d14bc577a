"""The studio as an editor of the demo sees it, for docs' pictures."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from showroom import browser
from showroom.catalogue import Page

# As `operations.seeding.people` publishes them, which loads models that nobody has here.
EMAIL, PASSPHRASE = "owner@acme.example", "masthead demo"
WINDOW = {"width": 1280, "height": 860}
# Placed on two sites.
ARTICLE = "Never Put Money in a Float"


@dataclass(frozen=True)
class View:
    """A picture's name; where one clicks from the studio's first page on; and what is there when it is drawn."""

    name: str
    way: Callable[[Tab], object]
    settled: str


def _article(name: str) -> Callable[[Tab], None]:
    def go(tab: Tab) -> None:
        _area("Articles")(tab)
        tab.locator("[name=q]").fill(ARTICLE)
        tab.keyboard.press("Enter")
        tab.get_by_role("link", name=ARTICLE).first.click()
        if name != "Write":
            tab.get_by_role("navigation", name="This article").get_by_role("link", name=name).click()

    return go


def _area(name: str) -> Callable[[Tab], None]:
    return lambda tab: tab.locator("nav.nav").get_by_role("link", name=name).click()


def _brand(tab: Tab) -> None:
    _area("Sites")(tab)
    tab.get_by_role("link", name="Brand").first.click()


VIEWS = (
    View("studio-articles", _area("Articles"), "table"),
    View("studio-write", _article("Write"), "html[data-writing=ready]"),
    View("studio-placements", _article("Placements"), "table"),
    View("studio-preview", _article("Preview"), "iframe"),
    View("studio-history", _article("History"), "main"),
    View("studio-calendar", _area("Calendar"), "main"),
    View("studio-pictures", _area("Pictures"), "main img"),
    View("studio-brand", _brand, "iframe"),
)


def pictures(running: Browser, reader: Page, settle: Callable[[Tab], None]) -> Iterator[tuple[str, bytes]]:
    """Name and PNG of each view; `reader` is any page of the same servers."""
    with browser.tab(running) as tab:
        tab.set_viewport_size(WINDOW)  # type: ignore[arg-type]  # a TypedDict of the library's
        home = f"http://studio.masthead.localhost:{reader.port}/"
        tab.goto(home)
        tab.get_by_label("E-mail address").fill(EMAIL)
        tab.get_by_label("Password", exact=True).fill(PASSPHRASE)
        tab.get_by_role("button", name="Sign in", exact=True).click()
        for view in VIEWS:
            tab.goto(home)
            expect(tab.get_by_role("button", name="Sign out")).to_be_visible()
            view.way(tab)
            tab.wait_for_selector(view.settled)
            settle(tab)
            yield view.name, tab.screenshot()
