"""No page is wider than the window that it is in: what is wide scrolls within itself."""

import pytest
from playwright.sync_api import Browser

from showroom import browser
from showroom.catalogue import KINDS, THEMES, WIDTHS
from showroom.house import House

# The narrowest at which WCAG asks for reading without scrolling sideways.
NARROWEST = 320
WIDER = """
() => {
    const room = document.documentElement.clientWidth;
    if (document.scrollingElement.scrollWidth <= room) return null;
    const spills = each => each.scrollWidth > each.clientWidth && getComputedStyle(each).overflowX === "visible";
    const sticking = [...document.body.querySelectorAll("*")].filter(
        each => each.getBoundingClientRect().right > room || spills(each));
    return `${document.scrollingElement.scrollWidth} pixels in ${room}: ` +
        sticking.slice(0, 5).map(each => each.outerHTML.slice(0, 100).replace(/\\s+/g, " ")).join(" | ");
}
"""


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
@pytest.mark.parametrize("theme", THEMES)
def test_a_page_does_not_scroll_sideways(showroom: House, chromium: Browser, theme: str, kind: str):
    page = showroom.named(theme, kind)
    with browser.tab(chromium) as tab:
        tab.goto(page.url)
        wider = []
        for width in (NARROWEST, *WIDTHS):
            browser.adjust(tab, width=width)
            if said := tab.evaluate(WIDER):
                wider.append(said)
    if wider:
        pytest.fail("\n  ".join([page.url, *wider]), pytrace=False)


def test_what_sticks_out_is_found(chromium: Browser):
    with browser.tab(chromium) as tab:
        browser.adjust(tab, width=NARROWEST)
        tab.set_content("<!doctype html><title>Wide</title><p>narrow</p><pre>" + "wide " * 80)
        assert "<pre>wide" in tab.evaluate(WIDER)
