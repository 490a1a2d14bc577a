"""Every page of the studio, in Chromium, on a desk and on a telephone: nothing of it is broken, and anybody can use it.

The pages come from the URLconf itself: a new one is looked at without being named here.
"""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Response
from playwright.sync_api import Page as Tab

from tests.stack.program import Program, command, environment
from tests.studio.rows import ROWS
from tests.tenants.world import ROUTES, Route

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    # A preview is a page of a site, and looked at as such.
    "iframes": False,
}
# On a desk by day, on a telephone by night.
LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1280, "light"), (390, "dark"))

# What a GET of it answers is no page.
NO_PAGE = {
    "account_logout", "session", "mfa_login_webauthn", "mfa_download_recovery_codes", "article-draft", "articles-bulk",
    "topic-choices", "byline-choices", "media-file", "audit-download",
}  # fmt: skip
# A piece of one, within which it is looked at; what leads to one; a step of signing in, to which nobody can go at once.
NOT_BY_ITSELF = {
    "media-choose", "domain-progress", "article-placements-ready", "article-placement-slug", "mfa_index",
    "mfa_list_webauthn", "invitation_link", "invitation", "account_set_password", "mfa_authenticate",
    "mfa_reauthenticate_webauthn",
}  # fmt: skip
NOBODYS = {
    "account_login", "account_signup", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key",
}  # fmt: skip
GUARDEDS = {
    "mfa_reauthenticate", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
    "mfa_edit_webauthn", "mfa_remove_webauthn",
}  # fmt: skip
# By an argument that is no object's.
ASKED = {"home": "?all", "articles": "?q=the", "article-compare": "?old=1&new=2"}
PAGES = [
    route
    for route in ROUTES["studio"]
    if ROWS[route.name].get["owner"] != 405 and route.name not in NO_PAGE | NOT_BY_ITSELF
]


@dataclass
class Looked:
    """Somebody's tab, and what was wrong while it was open."""

    tab: Tab
    origin: str
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tab.on("console", self._hear)
        self.tab.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        self.tab.on("response", self._answered)

    def _hear(self, message: ConsoleMessage) -> None:
        """What the page's policy refuses is said there too."""
        if message.type in ("error", "warning"):
            self.wrong.append(f"console: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.wrong.append(f"{response.status}: {response.url}")

    def at(self, path: str) -> list[str]:
        """What is wrong with the page."""
        self.wrong.clear()
        self._look(*LOOKS[0])
        self.tab.goto(f"{self.origin}{path}")
        arrived = self.tab.url.removeprefix(self.origin)
        if arrived != path:
            return [f"leads to {arrived}"]
        self.tab.evaluate(AXE)
        for width, scheme in LOOKS:
            self._look(width, scheme)
            self.wrong += [f"{width}: {one}" for one in (*self._beside(width), *self._faults())]
        return self.wrong

    def _look(self, width: int, scheme: Literal["light", "dark"]) -> None:
        self.tab.set_viewport_size({"width": width, "height": 900})
        self.tab.emulate_media(color_scheme=scheme)

    def _beside(self, width: int) -> Iterator[str]:
        wide = self.tab.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            yield f"the page is {wide} pixels wide"

    def _faults(self) -> Iterator[str]:
        for one in self.tab.evaluate("rules => axe.run(document, rules)", RULES)["violations"]:
            for node in one["nodes"]:
                yield f"{one['id']}: {node['html'][:200]} -- {' '.join(node['failureSummary'].split())}"


@dataclass
class Everybody:
    """Their tabs, and the things that the pages are of."""

    arguments: dict[str, Any]
    tabs: dict[str, Looked]

    def faults(self, route: Route) -> list[str]:
        who = "nobody" if route.name in NOBODYS else "guarded" if route.name in GUARDEDS else "owner"
        return self.tabs[who].at(f"{route.path(self.arguments)}{ASKED.get(route.name, '')}")


@pytest.fixture(scope="module")
def everybody(chromium: Browser, studio_program: Program) -> Iterator[Everybody]:
    told = _things(studio_program)
    origin = f"http://studio.masthead.localhost:{studio_program.port}"
    sessions = {"nobody": None, **told["sessions"]}
    contexts = {who: chromium.new_context(locale="en-GB", reduced_motion="reduce") for who in sessions}
    for who, key in sessions.items():
        if key:
            contexts[who].add_cookies([{"name": told["cookie"], "value": key, "url": origin}])
    yield Everybody(told["arguments"], {who: _looked(context, origin) for who, context in contexts.items()})
    for context in contexts.values():
        context.close()


def _looked(context: BrowserContext, origin: str) -> Looked:
    tab = context.new_page()
    tab.set_default_timeout(30_000)
    return Looked(tab, origin)


def _things(program: Program) -> dict[str, Any]:
    making = "from tests.studio.browser.things import tell; tell()"
    said = subprocess.run(
        command("shell", "--no-imports", "--command", making),
        env=environment(MASTHEAD_DATA=str(program.data)), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    told: dict[str, Any] = json.loads(said.stdout)
    return told


@pytest.mark.parametrize("route", [pytest.param(route, id=route.name) for route in PAGES])
def test_nothing_is_wrong_with_a_page(everybody: Everybody, route: Route):
    assert everybody.faults(route) == []
