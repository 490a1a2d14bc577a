"""axe-core finds nothing to complain of, in any theme, by day or by night, on a telephone or on a desk."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from showroom import browser
from showroom.catalogue import KINDS, SCHEMES, THEMES, WIDTHS, Page
from showroom.house import House

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# A page without a style sheet has the colours of the browser. By night it is dark, and axe takes the paper for white.
NO_COLOURS = {"rules": {"color-contrast": {"enabled": False}}}
BROKEN = """
<!doctype html><html><head><title>Broken</title></head>
<body><h3>Too deep</h3><img src="data:,"><p style="color: #ccc; background: #fff">Can you read this?</p></body></html>
"""

# Of each complaint, where it was met: "light 390".
Complaints = dict[str, list[str]]


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Tab]:
    with browser.tab(chromium) as opened:
        yield opened


def complaints(tab: Tab, page: Page) -> Complaints:
    """What axe says of the page, by what it says."""
    tab.goto(page.url)
    # Not by a script element, which the page's own policy would refuse.
    tab.evaluate(AXE)
    is_bare = not tab.evaluate("() => document.styleSheets.length")
    assert page.kind.is_plain or not is_bare
    found: Complaints = defaultdict(list)
    for width in WIDTHS:
        for scheme in SCHEMES:
            browser.adjust(tab, width=width, scheme=scheme)
            for complaint in _now(tab, NO_COLOURS if is_bare and scheme == "dark" else {}):
                found[complaint].append(f"{scheme} {width}")
    return dict(found)


def _now(tab: Tab, rules: Mapping[str, Any] = MappingProxyType({})) -> Iterator[str]:
    answer: dict[str, Any] = tab.evaluate("rules => axe.run(document, rules)", {**RULES, **rules})
    for violation in answer["violations"]:
        for node in violation["nodes"]:
            yield f"{violation['id']}: {node['html'][:160]} -- {' '.join(node['failureSummary'].split())}"


def told(page: Page, found: Complaints) -> str:
    return "\n".join([page.url, *(f"  {', '.join(where)}: {what}" for what, where in found.items())])


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_in_a_theme(showroom: House, tab: Tab, theme: str, kind: str):
    page = showroom.named(theme, kind)
    if found := complaints(tab, page):
        pytest.fail(told(page, found), pytrace=False)


def test_axe_finds_nothing_in_the_demos_brands(showroom: House, chromium: Browser):
    said = []
    for page in showroom.branded:
        with browser.tab(chromium) as tab:
            found = complaints(tab, page)
        said += [told(page, found)] if found else []
    if said:
        pytest.fail("\n".join(said), pytrace=False)


def test_axe_finds_what_is_wrong_with_a_broken_page(tab: Tab):
    tab.set_content(BROKEN)
    tab.evaluate(AXE)
    assert {complaint.partition(":")[0] for complaint in _now(tab)} >= {"image-alt", "color-contrast", "html-has-lang"}
