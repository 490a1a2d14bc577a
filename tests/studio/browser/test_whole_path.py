"""The whole path, as one person walks it in Chromium: invited, signed in by two steps, written, placed, taken back."""

import base64
import hmac
import io
import re
import struct
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image as Pillow
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from tests.stack.program import Program, command, environment, until

SECONDS = 1000.0
PASSPHRASE = "paper folds and holds"
EMAIL = "nia@acme.example"
SITES = {"Techblog": "techblog.localhost", "Financeblog": "financeblog.localhost", "Third": "third.localhost"}


@pytest.fixture(scope="module")
def program(studio_program: Program) -> Program:
    """With a third site of Acme's."""
    added = subprocess.run(
        command("site", "add", SITES["Third"], "--name", "Third", "--tenant", "acme"),
        env=environment(MASTHEAD_DATA=str(studio_program.data)), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert added.returncode == 0, added.stderr
    until(lambda: studio_program.get(SITES["Third"]).status == 200)
    return studio_program


class Walk:
    """Tabs of the studio, and readers beside it."""

    def __init__(self, program: Program, browser: Browser) -> None:
        self.program, self.browser = program, browser
        self.studio = f"http://studio.masthead.localhost:{program.port}"

    def window(self) -> Tab:
        tab = self.browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900}).new_page()
        tab.set_default_timeout(30 * SECONDS)
        return tab

    def sign_in(self, tab: Tab, email: str, password: str) -> None:
        tab.goto(f"{self.studio}/sign-in/")
        tab.get_by_label("E-mail address").fill(email)
        tab.get_by_label("Password", exact=True).fill(password)
        tab.get_by_role("button", name="Sign in", exact=True).click()

    def read(self, site: str, path: str) -> tuple[int, str]:
        answer = self.program.get(SITES[site], path)
        return answer.status, answer.body

    def mailed(self, folder: Path, address: str) -> str:
        """The link of the mail to the address, once the relay has sent it."""
        found_by: list[Path] = []

        def arrived() -> bool:
            found_by[:] = [file for file in folder.glob("*") if f"To: {address}" in file.read_text()]
            return bool(found_by)

        until(arrived)
        text = found_by[0].read_text().replace("=\n", "")
        found = re.search(rf"{re.escape(self.studio)}/\S+", text)
        assert found, text
        return found[0]


def code_of(secret: str, ahead: int = 0) -> str:
    """What an authenticator app shows (RFC 6238): 30 seconds, six digits; `ahead` is in periods."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.digest(key, struct.pack(">Q", int(time.time() // 30) + ahead), "sha1")
    offset = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[offset : offset + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def jpeg() -> bytes:
    out = io.BytesIO()
    Pillow.new("RGB", (1200, 800), "teal").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def walk(program: Program, chromium: Browser) -> Iterator[Walk]:
    yield Walk(program, chromium)
    for context in chromium.contexts:
        context.close()


def test_from_the_invitation_to_a_recall_undone(walk: Walk):
    invited(walk)
    tab = walk.window()
    joined(walk, tab)
    signed_in_by_two_steps(walk, tab)
    written(walk, tab)
    previewed(walk, tab)
    placed(walk, tab)
    previewed_in_a_sites_own_words(tab)
    corrected(walk, tab)
    recalled_and_undone(walk, tab)


def invited(walk: Walk) -> None:
    owner = walk.window()
    walk.sign_in(owner, "owner@acme.example", "masthead demo")
    owner.get_by_role("link", name="Members").click()
    owner.get_by_role("link", name="Invite somebody").click()
    owner.get_by_label("E-mail").fill(EMAIL)
    owner.get_by_label("editor").check()
    owner.get_by_role("button", name="Send the invitation").click()
    expect(owner.get_by_role("row", name=re.compile(EMAIL))).to_contain_text("waits")


def joined(walk: Walk, tab: Tab) -> None:
    link = walk.mailed(walk.program.data / "mail", EMAIL)
    tab.goto(link)
    tab.locator("[name=name]").fill("Nia Newcomer")
    for field in tab.locator("input[type=password]").all():
        field.fill(PASSPHRASE)
    tab.locator("main form button").last.click()
    expect(tab.get_by_role("button", name="Sign out")).to_be_visible()
    again = walk.window()
    again.goto(link)
    expect(again.locator("input[type=password]")).to_have_count(0)


def signed_in_by_two_steps(walk: Walk, tab: Tab) -> None:
    tab.goto(f"{walk.studio}/account/app/")
    tab.get_by_label("Password").fill(PASSPHRASE)
    tab.get_by_role("button", name="Go on").click()
    secret = tab.locator("code.key").text_content() or ""
    tab.get_by_label("The code that the app shows now").fill(code_of(secret))
    tab.get_by_role("button", name="Turn it on").click()
    tab.get_by_role("button", name="Sign out").click()
    walk.sign_in(tab, EMAIL, PASSPHRASE)
    # The code of the period that follows: this one's has been used.
    tab.locator("[name=code]").fill(code_of(secret, ahead=1))
    tab.locator("main form button").first.click()
    expect(tab.get_by_role("heading", name="Acme Media")).to_be_visible()


def written(walk: Walk, tab: Tab) -> None:
    tab.get_by_role("link", name="New article").click()
    tab.get_by_label("Title").fill("A bridge of paper")
    tab.get_by_role("button", name="Begin to write").click()
    tab.wait_for_selector("html[data-writing=ready]")
    tab.locator(".ProseMirror").click()
    tab.keyboard.type("## Why paper\n")
    tab.keyboard.type("Because it **folds** and holds.")
    tab.get_by_role("button", name="Choose").first.click()
    picture = {"name": "bridge.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    tab.locator("dialog[open] input[type=file]").set_input_files(picture)  # type: ignore[arg-type]
    tab.get_by_label("What does it show?").fill("A teal field")
    tab.get_by_role("button", name="Use this picture").click()
    tab.get_by_role("button", name="Save", exact=True).click()
    expect(tab.locator("[data-kept]")).to_contain_text("Saved", timeout=30 * SECONDS)


def previewed(walk: Walk, tab: Tab) -> None:
    tab.get_by_role("navigation", name="This article").get_by_role("link", name="Preview").click()
    frame = tab.frame_locator("iframe").first
    expect(frame.get_by_role("heading", name="A bridge of paper")).to_be_visible()
    expect(frame.locator("strong", has_text="folds")).to_be_visible()
    assert walk.read("Techblog", "/a-bridge-of-paper/")[0] == 404


def placed(walk: Walk, tab: Tab) -> None:
    tab.get_by_role("navigation", name="This article").get_by_role("link", name="Placements").click()
    # On one with a title of its own, at once; on another at a time that is to come; on the third at once.
    tab.get_by_text("Place…").nth(0).click()  # Financeblog
    tab.get_by_label("Title").fill("The price of paper")
    tab.get_by_role("button", name="Publish now").first.click()
    expect(tab.get_by_role("row", name=re.compile("financeblog.localhost"))).to_contain_text("live")
    tab.get_by_label("Choose Third").check()
    tab.locator("[name=go_live]").fill("2031-05-03T09:00")
    tab.get_by_role("button", name="Schedule").last.click()
    expect(tab.get_by_role("row", name=re.compile("third.localhost"))).to_contain_text("scheduled")
    expect(tab.get_by_label("Choose Third")).not_to_be_checked()
    tab.get_by_label("Choose Techblog").check()
    tab.get_by_role("button", name="Publish now").last.click()
    expect(tab.get_by_role("row", name=re.compile("techblog.localhost"))).to_contain_text("live")
    until(lambda: walk.read("Techblog", "/a-bridge-of-paper/")[0] == 200)
    until(lambda: walk.read("Financeblog", "/the-price-of-paper/")[0] == 200)
    assert "The price of paper" in walk.read("Financeblog", "/the-price-of-paper/")[1]
    assert "A bridge of paper" in walk.read("Techblog", "/a-bridge-of-paper/")[1]
    assert walk.read("Third", "/a-bridge-of-paper/")[0] == 404


def previewed_in_a_sites_own_words(tab: Tab) -> None:
    """Each site as it shows the article, with words that are not saved."""
    this = tab.get_by_role("navigation", name="This article")
    this.get_by_role("link", name="Write").click()
    tab.wait_for_selector("html[data-writing=ready]")
    tab.locator(".ProseMirror").click()
    tab.keyboard.press("Control+End")
    tab.keyboard.type(" Folded twice, and not saved.")
    with tab.context.expect_page() as opened:
        tab.get_by_role("button", name="Preview as typed").click()
    shown = opened.value
    for site, title in (("Techblog", "A bridge of paper"), ("Financeblog", "The price of paper")):
        shown.get_by_role("button", name=re.compile(f"^{site}")).click()
        expect(shown.get_by_role("button", name=re.compile(f"^{site}"))).to_have_attribute("aria-current", "true")
        frame = shown.frame_locator("iframe").first
        expect(frame.get_by_role("heading", name=title)).to_be_visible(timeout=30 * SECONDS)
        expect(frame.locator("body")).to_contain_text("Folded twice, and not saved.")
    shown.close()
    this.get_by_role("link", name="Placements").click()


def corrected(walk: Walk, tab: Tab) -> None:
    tab.get_by_role("link", name="Publish a correction…").click()
    tab.get_by_label("What was wrong, and what is right").fill("It was card, not paper.")
    tab.get_by_role("button", name="Publish the correction").click()
    until(lambda: "It was card, not paper." in walk.read("Techblog", "/a-bridge-of-paper/")[1])
    until(lambda: "It was card, not paper." in walk.read("Financeblog", "/the-price-of-paper/")[1])


def recalled_and_undone(walk: Walk, tab: Tab) -> None:
    tab.get_by_role("link", name="Recall everywhere…").click()
    dialog = tab.locator("dialog[open]")
    for domain in SITES.values():
        expect(dialog).to_contain_text(domain)
    dialog.get_by_role("button", name="Recall from 3 sites").click()
    until(lambda: walk.read("Techblog", "/a-bridge-of-paper/")[0] == 410)
    until(lambda: walk.read("Financeblog", "/the-price-of-paper/")[0] == 410)
    tab.get_by_role("button", name="Undo the recall").click()
    until(lambda: walk.read("Techblog", "/a-bridge-of-paper/")[0] == 200)
    until(lambda: walk.read("Financeblog", "/the-price-of-paper/")[0] == 200)
    expect(tab.get_by_role("row", name=re.compile("third.localhost"))).to_contain_text("scheduled")
