"""The whole way of a name in Chromium: added, proven, led here, live, made the address; the page follows by itself."""

from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from tests.dns_server import Zone
from tests.stack.program import Program, until
from tests.studio.browser.conftest import EDGE

NAME = "xn--bcher-kva.com"
SECONDS = 1000.0


def signed_in(browser: Browser, studio: str) -> Tab:
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=studio)
    tab = context.new_page()
    tab.set_default_timeout(30 * SECONDS)
    tab.goto(f"{studio}/sign-in/")
    tab.get_by_label("E-mail address").fill("owner@acme.example")
    tab.get_by_label("Password", exact=True).fill("masthead demo")
    tab.get_by_role("button", name="Sign in", exact=True).click()
    tab.wait_for_url(lambda url: "sign-in" not in url)
    return tab


def copied(tab: Tab, what: str) -> str:
    tab.get_by_role("button", name=f"Copy {what}", exact=True).click()
    text: str = tab.evaluate("navigator.clipboard.readText()")
    return text


def test_a_name_goes_its_whole_way_and_its_page_follows(chromium: Browser, studio_program: Program, studio_zone: Zone):
    studio = f"http://studio.masthead.localhost:{studio_program.port}"
    tab = signed_in(chromium, studio)
    faults: list[str] = []
    tab.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    tab.on("pageerror", lambda error: faults.append(str(error)))

    tab.goto(f"{studio}/acme/domains/")
    tab.get_by_role("link", name="Add a name").click()
    tab.get_by_label("Name", exact=True).fill("Bücher.com")
    expect(tab.get_by_text("And www.bücher.com, which redirects")).to_be_visible()
    tab.get_by_label("Site", exact=True).select_option(label="Financeblog · financeblog.localhost")
    tab.get_by_role("button", name="Add", exact=True).click()
    expect(tab.get_by_role("heading", name="bücher.com")).to_be_visible()
    standing = tab.locator(".standing")
    expect(standing).to_contain_text(f"No TXT record at _masthead.{NAME} yet", timeout=30 * SECONDS)

    # Nobody loads the page again from here on.
    tab.evaluate("window.same = true")
    record, value = copied(tab, "the name of the TXT record"), copied(tab, "the value of the TXT record")
    assert record == f"_masthead.{NAME}"
    studio_zone.set(record, "TXT", value)
    expect(standing).to_contain_text("does not lead here yet", timeout=60 * SECONDS)
    studio_zone.set(NAME, "A", EDGE)
    expect(standing.locator(".chip")).to_have_text("live", timeout=60 * SECONDS)
    expect(tab.get_by_role("table")).to_contain_text("as it should be")
    assert tab.evaluate("window.same") is True
    assert studio_program.get(NAME).status == 308

    tab.get_by_role("button", name="Make it the site’s address").click()
    expect(standing).to_contain_text("the address of Financeblog")
    until(lambda: studio_program.get("financeblog.localhost").status == 308)
    assert studio_program.get(NAME).status == 200

    # As it was, for whoever comes after.
    tab.goto(f"{studio}/acme/domains/financeblog.localhost/")
    tab.get_by_role("button", name="Make it the site’s address").click()
    for name in (NAME, f"www.{NAME}"):
        tab.goto(f"{studio}/acme/domains/{name}/remove/")
        tab.locator("main form button").click()
        expect(tab.get_by_role("heading", name="Domains")).to_be_visible()
    until(lambda: studio_program.get(NAME).status == 404)
    assert faults == []
    tab.context.close()
