"""What a page asks of a reader: few bytes, one style sheet, and nobody else's attention."""

import gzip
import re
from dataclasses import dataclass, field
from html import unescape

import brotli
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Request

from showroom import browser
from showroom.catalogue import KINDS, THEMES, Page
from showroom.house import House, get

MOST_BYTES, MOST_COMPRESSED = 60_000, 15_000
# No browser of today asks for gzip where it can have Brotli.
MOST_BY_OLD_PROGRAMS = 16_000
_SHEETS = re.compile(r'<link [^>]*rel="stylesheet"[^>]*>')
_HREF = re.compile(r'href="([^"]+)"')
PACKED = {"br": brotli.decompress, "gzip": gzip.decompress}
# What only a script asks for, or is.
SCRIPTED = {"script", "xhr", "fetch", "websocket", "eventsource", "media", "ping"}
# Scripts that a browser would run, and attributes that hold one.
SCRIPTS = """
() => [...document.querySelectorAll("*")].filter(each =>
    (each.localName === "script" && each.type !== "application/ld+json")
    || [...each.attributes].some(one => one.name.startsWith("on") || /^\\s*javascript:/i.test(one.value))
).map(each => each.outerHTML.slice(0, 200))
"""

EVERY_KIND = pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
EVERY_THEME = pytest.mark.parametrize("theme", THEMES)


def sheets(html: str) -> list[str]:
    """The addresses of a page's style sheets."""
    return [unescape(found[1]) for link in _SHEETS.findall(html) if (found := _HREF.search(link))]


@EVERY_KIND
@EVERY_THEME
def test_a_page_and_its_one_style_sheet_are_light(showroom: House, theme: str, kind: str):
    page = showroom.named(theme, kind)
    whole = get(page)
    assert whole.status == page.kind.status, page.url
    linked = sheets(whole.body.decode())
    assert len(linked) == (0 if page.kind.is_plain and not linked else 1)
    paths = (page.path, *linked)
    sizes = {"as it is": sum(len(get(page, path).body) for path in paths)}
    sizes |= {encoding: sum(packed_size(page, path, encoding) for path in paths) for encoding in PACKED}
    most = {"as it is": MOST_BYTES, "br": MOST_COMPRESSED, "gzip": MOST_BY_OLD_PROGRAMS}
    assert not [encoding for encoding, size in sizes.items() if size > most[encoding]], (page.url, sizes)


def packed_size(page: Page, path: str, encoding: str) -> int:
    """Bytes over the wire. What is small, or no page to hold, may come as it is."""
    answer = get(page, path, **{"Accept-Encoding": encoding})
    if answer.headers["Content-Encoding"] == encoding:
        assert PACKED[encoding](answer.body) == get(page, path).body
    return len(answer.body)


@dataclass
class Heard:
    """What a browser did and said while it showed a page."""

    requests: list[Request] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def log(self, message: ConsoleMessage) -> None:
        # That the page itself is no 200 is what some kinds are for.
        if message.type in {"error", "warning"} and "the server responded with a status of" not in message.text:
            self.errors.append(message.text)


@EVERY_KIND
@EVERY_THEME
def test_a_page_asks_nobody_else_sets_nothing_and_runs_nothing(
    showroom: House, chromium: Browser, theme: str, kind: str
):
    page = showroom.named(theme, kind)
    heard = Heard()
    with browser.tab(chromium) as tab:
        tab.on("request", lambda request: heard.requests.append(request))
        tab.on("console", lambda message: heard.log(message))
        tab.on("pageerror", lambda error: heard.errors.append(str(error)))
        tab.on("requestfailed", lambda request: heard.errors.append(f"{request.url}: {request.failure}"))
        browser.adjust(tab, width=390)
        tab.goto(page.url)
        # Pictures below the fold are asked for, too.
        tab.evaluate("() => window.scrollTo(0, document.body.scrollHeight)")
        tab.wait_for_load_state("networkidle")
        assert tab.context.cookies() == []
        assert tab.evaluate("() => [localStorage.length, sessionStorage.length]") == [0, 0]
        assert tab.evaluate(SCRIPTS) == []
        answers = {request.url: request.response() for request in heard.requests}
    assert {url.split("/")[2] for url in answers} == {f"{page.host}:{page.port}"}
    asked = {request.resource_type for request in heard.requests}
    assert asked >= {"document"}
    assert not asked & SCRIPTED
    missing = [url for url, answer in answers.items() if url != page.url and not (answer and answer.ok)]
    assert missing == []
    assert heard.errors == [], page.url
