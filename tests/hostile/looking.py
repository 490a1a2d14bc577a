"""Chromium looks at the exhibition: every page is answered from memory, and whatever runs or is asked for is told."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Error, Page, Request, Route

from tests.hostile.exhibition import STUDIO, Exhibit
from tests.hostile.payloads import HOST

# In every frame, before anything of the page: whoever calls it has got a script to run.
_CANARY = """
Object.defineProperty(window, "canary", { value: () => console.error("CANARY"), writable: false });
"""
# What the parser of the browser made of the page, and what a reader's hand would set off.
_TRIED = """
() => {
  const found = [];
  const address = /^(https?|mailto|blob):$/;
  for (const element of document.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      if (/^on/i.test(name) || name === "srcdoc") found.push(`${element.localName} ${name}=${value}`);
    }
    for (const name of ["href", "src", "action", "formAction", "data"]) {
      const written = element.getAttribute(name.toLowerCase());
      const read = element[name];
      if (written && typeof read === "string" && read.includes(":") && read !== "about:blank") {
        const { protocol } = new URL(read, location);
        if (!address.test(protocol) && !read.startsWith("data:image/")) found.push(`${name}=${written}`);
      }
    }
  }
  for (const name of ["getElementById", "querySelector", "createElement", "addEventListener"]) {
    if (typeof document[name] !== "function") found.push(`document.${name} is something else`);
  }
  for (const name of ["body", "head", "documentElement", "defaultView", "location", "forms"]) {
    if (Object.hasOwn(document, name) && name !== "location") found.push(`document.${name} is something else`);
  }
  for (const element of document.querySelectorAll("main *, body > *")) {
    for (const event of ["mouseover", "mouseenter", "pointerover", "focus", "focusin", "toggle", "animationstart"]) {
      element.dispatchEvent(new Event(event, { bubbles: true }));
    }
  }
  return found;
}
"""


@dataclass
class Told:
    """What happened while pages were shown, each with the page's path; how many there were, and how many editors."""

    harm: list[str] = field(default_factory=list)
    seen: int = 0
    editors: int = 0
    now: str = ""

    def add(self, what: str) -> None:
        self.harm.append(f"{self.now}: {what}"[:500])


@contextmanager
def looking(browser: Browser, exhibits: Iterable[Exhibit], *, without_policy: bool) -> Iterator[tuple[Page, Told]]:
    """A tab in front of these pages. Without a policy no Content-Security-Policy holds, as in an old browser."""
    told = Told()
    answers = {(exhibit.host, exhibit.path): exhibit for exhibit in exhibits}

    def answer(route: Route) -> None:
        asked = urlsplit(route.request.url)
        path = f"{asked.path}?{asked.query}" if asked.query else asked.path
        exhibit = answers.get((asked.hostname or "", path))
        if exhibit is not None:
            route.fulfill(status=exhibit.status, headers=exhibit.headers, body=exhibit.body)
        elif asked.path.startswith("/static/") and asked.hostname == STUDIO and asked.path.endswith((".js", ".css")):
            file = finders.find(asked.path.removeprefix("/static/"))
            route.fulfill(path=str(file)) if file else route.fulfill(status=404)
        elif asked.hostname == HOST:
            # Whatever it is asked for, it answers with what would run.
            route.fulfill(content_type="text/javascript", body="canary()", headers={"Access-Control-Allow-Origin": "*"})
        else:
            route.fulfill(status=404, body="")

    def asked_for(request: Request) -> None:
        # A picture from elsewhere may stand in an article. A page, a script or a frame may not.
        host = urlsplit(request.url).hostname
        if host == HOST and request.resource_type != "image":
            told.add(f"asked for {request.url} as {request.resource_type}")

    def said(message: ConsoleMessage) -> None:
        if "CANARY" in message.text:
            told.add("a script ran")

    def asks(dialog: Dialog) -> None:
        told.add(f"a dialog: {dialog.message}")
        dialog.dismiss()

    with browser.new_context(bypass_csp=without_policy, service_workers="block") as context:
        context.add_init_script(_CANARY)
        context.route("**/*", answer)
        page = context.new_page()
        context.on("page", lambda opened: told.add("a window opened"))
        page.on("request", asked_for)
        page.on("console", said)
        page.on("dialog", asks)
        yield page, told


def show(page: Page, told: Told, exhibit: Exhibit) -> None:
    """Open one page, try what a reader's hand would do there, and see that the page is there still."""
    told.now = exhibit.path
    url = exhibit.url
    page.goto(url, wait_until="load")
    try:
        for found in page.evaluate(_TRIED):
            told.add(found)
        told.editors += page.locator(".ProseMirror").count()
    except Error:
        told.add("the page went away")
    if urlsplit(page.url)[1:3] != urlsplit(url)[1:3]:
        told.add(f"went to {page.url}")
    told.seen += 1
