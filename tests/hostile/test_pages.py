"""No page shows somebody's words as anything but words: the reader's, the studio's, previews, lists, search, feeds."""

import json
import re

import pytest
from defusedxml import ElementTree
from playwright.sync_api import Browser

from tests.hostile.auditing import audit_body, audit_page
from tests.hostile.conftest import ROOMS, Rooms
from tests.hostile.exhibition import STUDIO, Exhibit
from tests.hostile.looking import looking, show
from tests.hostile.snippets import SNIPPETS

PAGES = [name for name in ROOMS if name != "feeds"]
# Without a policy one of so many pages is loaded, else every one; with it in force, of all of them one of so many.
FEWER = {"lists": 2, "studio": 2, "feeds": 10}
WITH_POLICY = 6

pytestmark = pytest.mark.django_db


def nonce_of(exhibit: Exhibit) -> str:
    found = re.search(r"'nonce-([^']+)'", exhibit.headers.get("Content-Security-Policy", ""))
    return found[1] if found else ""


def is_html(exhibit: Exhibit) -> bool:
    return exhibit.headers.get("Content-Type", "").startswith("text/html")


def test_everything_is_shown(rooms: Rooms):
    """What was not stored, or was shown nowhere, could do no harm, and prove nothing."""
    assert all(rooms[name] for name in ROOMS)
    for name in ("articles_pages", "bodies", "previews"):
        assert {exhibit.status for exhibit in rooms[name]} == {200}, name
    assert sum(exhibit.status == 200 for exhibit in rooms["studio"]) > len(rooms["studio"]) * 0.8
    read = "".join(exhibit.text for exhibit in rooms["articles_pages"])
    assert read.count("canary()") > len(SNIPPETS) / 2
    edited = "".join(exhibit.text for exhibit in rooms["studio"])
    assert edited.count("canary()") > len(SNIPPETS) / 8


@pytest.mark.parametrize("room", PAGES)
def test_no_page_has_a_script_a_handler_or_an_address_of_somebodys(rooms: Rooms, room: str):
    for exhibit in filter(is_html, rooms[room]):
        audit_page(exhibit.text, nonce=nonce_of(exhibit))


@pytest.mark.parametrize("room", PAGES)
def test_every_page_has_a_policy_that_lets_no_script_of_somebodys_run(rooms: Rooms, room: str):
    for exhibit in filter(is_html, rooms[room]):
        policy = exhibit.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-" not in policy
        assert ("script-src" in policy) == (exhibit.host == STUDIO), exhibit.path
        assert exhibit.headers["X-Content-Type-Options"] == "nosniff"


def test_data_for_machines_is_data(rooms: Rooms):
    for exhibit in rooms["articles_pages"]:
        blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', exhibit.text, re.DOTALL)
        assert len(blocks) == 1, exhibit.path
        assert json.loads(blocks[0])["@graph"]


def test_feeds_are_well_formed_and_their_articles_harmless(rooms: Rooms):
    bodies = 0
    for exhibit in rooms["feeds"]:
        if exhibit.status == 404:
            continue  # a topic of which this site has nothing
        if exhibit.path.endswith(".json"):
            told = [entry["content_html"] for entry in json.loads(exhibit.body)["items"]]
        else:
            root = ElementTree.fromstring(exhibit.body)
            told = [element.text or "" for element in root.iter() if element.tag.endswith(("}encoded", "}content"))]
        for html in told:
            audit_body(html)
        bodies += len(told)
    assert bodies > len(SNIPPETS) / 8


@pytest.mark.browser
@pytest.mark.parametrize("without_policy", [True, False], ids=["without a policy", "with the policy"])
def test_in_chromium_nothing_runs(chromium: Browser, rooms: Rooms, without_policy: bool):
    harm = []
    for name in ROOMS:
        shown = [exhibit for exhibit in rooms[name] if exhibit.status == 200]
        shown = shown[:: FEWER.get(name, 1) if without_policy else WITH_POLICY]
        with looking(chromium, rooms[name], without_policy=without_policy) as (page, told):
            for exhibit in shown:
                show(page, told, exhibit)
        assert told.seen == len(shown)
        # The editor has got the words into its own document.
        assert bool(told.editors) == (name == "studio")
        harm += told.harm
    assert harm == []


HARM = [
    "<img src=x onerror=canary()>", "<script src=//canary.test/x.js></script>", "<a href='javascript:canary()'>x</a>",
    "<p onmouseover=canary()>x</p>", "<iframe srcdoc='&lt;script>canary()&lt;/script>'></iframe>",
    "<svg onload=canary()>",
    "<meta http-equiv=refresh content='0;url=//canary.test/'>", "<script>alert(1)</script>", "<img name=body>",
    "<link rel=stylesheet href=//canary.test/x.css>",
]  # fmt: skip


@pytest.mark.browser
def test_the_browser_would_tell(chromium: Browser):
    """A proof that finds nothing where there is something is none."""
    for harm in HARM:
        body = f"<!doctype html><title>x</title><main>{harm}</main>".encode()
        exhibit = Exhibit("techblog.test", "/harm/", 200, {"Content-Type": "text/html"}, body)
        with looking(chromium, [exhibit], without_policy=True) as (page, told):
            show(page, told, exhibit)
            page.wait_for_timeout(100)
        assert told.harm, harm
