"""From an invitation to a passkey, in Chromium with an authenticator that it pretends to have."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from tests.stack.program import Program, until

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# Of a laptop: it keeps passkeys, and knows its owner's finger.
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
NORA = "nora@elsewhere.example"
PASSWORD = "quite a long sentence"


@dataclass
class Door:
    """A browser before the studio's door. `said` is what it complained of."""

    tab: Tab
    origin: str
    said: list[str]

    def go(self, path: str) -> None:
        self.tab.goto(self.origin + path)

    def is_at(self, path: str) -> None:
        expect(self.tab).to_have_url(re.compile(re.escape(self.origin + path) + r"$"))

    def sign_in(self, email: str, password: str) -> None:
        self.go("/sign-in/")
        self.tab.get_by_label("E-mail address").fill(email)
        self.tab.get_by_label("Password", exact=True).fill(password)
        self.tab.get_by_role("button", name="Sign in", exact=True).click()

    def sign_out(self) -> None:
        self.tab.get_by_role("button", name="Sign out").click()
        self.is_at("/sign-in/")

    def faults(self) -> list[Any]:
        """What axe finds wrong with the page that is open."""
        self.tab.evaluate(AXE)
        found = self.tab.evaluate("rules => axe.run(document, rules)", RULES)
        return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]]


@pytest.fixture
def door(chromium: Browser, studio_program: Program) -> Iterator[Door]:
    with chromium.new_context(bypass_csp=False) as context:
        tab = context.new_page()
        said: list[str] = []
        tab.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        tab.on("pageerror", lambda error: said.append(str(error)))
        wire = context.new_cdp_session(tab)
        wire.send("WebAuthn.enable")
        wire.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        yield Door(tab, f"http://studio.masthead.localhost:{studio_program.port}", said)


def link_for(program: Program, address: str) -> str:
    """The link in the latest mail to the address, once the relay has sent it."""

    def mails() -> list[str]:
        return [
            text for path in sorted((program.data / "mail").glob("*")) if f"To: {address}" in (text := path.read_text())
        ]

    until(lambda: bool(mails()))
    body = mails()[-1]
    found = re.search(r"http://\S+/invitation/\S+", body)
    assert found
    return found[0]


def test_who_is_invited_signs_in_with_a_passkey_alone_and_after_the_password(door: Door, studio_program: Program):
    tab = door.tab
    door.go("/sign-in/")
    assert door.faults() == []
    door.sign_in("owner@acme.example", "masthead demo")
    door.is_at("/acme/")
    door.go("/acme/members/invite/")
    tab.get_by_label("E-mail address").fill(NORA)
    assert door.faults() == []
    tab.get_by_role("button", name="Send the invitation").click()
    door.is_at("/acme/members/")
    door.go("/acme/members/")
    assert door.faults() == []
    door.sign_out()

    # The link of the mail: an account, and in.
    link = link_for(studio_program, NORA)
    assert link.startswith(f"{door.origin}/invitation/")
    tab.goto(link)
    door.is_at("/invitation/")
    tab.get_by_label("Your name").fill("Nora")
    tab.get_by_label("Password").fill(PASSWORD)
    assert door.faults() == []
    tab.get_by_role("button", name="Make my account").click()
    door.is_at("/acme/")

    # A passkey, after the password was said once more.
    door.go("/account/passkeys/new/")
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Go on").click()
    door.is_at("/account/passkeys/new/")
    tab.get_by_label("Name").fill("Laptop")
    tab.get_by_role("button", name="Add the passkey").click()
    door.is_at("/account/codes/")
    door.go("/account/")
    expect(tab.get_by_text("signs in alone")).to_be_visible()
    assert door.faults() == []
    door.sign_out()

    # With it alone, and back to the page that was asked for.
    door.go("/account/password/")
    tab.get_by_role("button", name="Sign in with a passkey").click()
    door.is_at("/account/password/")
    door.sign_out()

    # After the password, which is not enough by itself any more.
    door.sign_in(NORA, PASSWORD)
    door.is_at("/sign-in/code/")
    door.go("/account/")
    expect(tab).to_have_url(re.compile("/sign-in/"))
    door.go("/sign-in/code/")
    assert door.faults() == []
    tab.get_by_role("button", name="Use a passkey").click()
    door.is_at("/acme/")

    # To prove that it is still Nora; then it goes.
    door.go("/account/")
    tab.get_by_role("link", name="Remove Laptop").click()
    tab.get_by_role("link", name="Use a security key").click()
    tab.get_by_role("button", name="Use a passkey").click()
    tab.get_by_role("button", name="Remove it").click()
    door.is_at("/account/")
    door.sign_out()
    door.sign_in(NORA, PASSWORD)
    door.is_at("/acme/")
    assert door.said == []


def test_who_chooses_no_passkey_is_told_so_and_may_go_on(door: Door):
    door.go("/sign-in/")
    door.tab.get_by_role("button", name="Sign in with a passkey").click()
    # The authenticator has none for this address.
    expect(door.tab.get_by_role("alert").filter(has_text="Nothing was chosen")).to_be_visible(timeout=90_000)
    expect(door.tab.get_by_role("button", name="Sign in with a passkey")).to_be_enabled()
    assert door.said == []
