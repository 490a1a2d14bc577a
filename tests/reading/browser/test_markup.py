"""Every page is valid HTML and every style sheet valid CSS, says the Nu Html Checker, run once for them all."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from showroom.catalogue import KINDS, THEMES
from showroom.house import House, get
from tests.reading.browser.test_weight import sheets

INSTALLED = Path(settings.ROOT) / "build" / "web" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
# What the checker says and should not: a pattern of its words, and why it is no fault.
IGNORED: tuple[tuple[str, str], ...] = ()
BROKEN_PAGE = "<!doctype html><html lang='en'><title>Broken</title><p id=a><div id=a><a><a></a></a></div><center>"
BROKEN_SHEET = "p { colour: red; margin: 3 }"

# Of each file, by its name, what the checker says of it.
Said = dict[str, list[str]]


def checker() -> list[str]:
    """The command that checks, up to the files. Skips where it or Java is missing."""
    jar = Path(os.environ.get("VNU_JAR") or INSTALLED)
    if shutil.which("java") is None:
        pytest.skip("Java is not here: install it (apt-get install default-jre-headless).")
    if not jar.exists():
        pytest.skip("The Nu Html Checker is not here: `make web-tools` gets it, or VNU_JAR names it.")
    return ["java", "-Xss2m", "-jar", str(jar), "--format", "json", "--exit-zero-always", "--stdout"]


def checked(*options: str | Path) -> Said:
    done = subprocess.run([*checker(), *options], capture_output=True, text=True, check=True)
    said: Said = {}
    for one in json.loads(done.stdout)["messages"]:
        if one["type"] != "info" and not any(re.search(words, one["message"]) for words, _ in IGNORED):
            place = f"line {one.get('lastLine', '?')}"
            fault = f"{one['message']} ({place}: {' '.join(one.get('extract', '').split())})"
            said.setdefault(Path(one.get("url", "?")).name, []).append(fault)
    return said


@pytest.fixture(scope="module")
def said(showroom: House, tmp_path_factory: pytest.TempPathFactory) -> Said:
    """What is said of every page, of every sheet that one of them has, and of one broken file of each sort."""
    folder = tmp_path_factory.mktemp("markup")
    (folder / "broken.html").write_text(BROKEN_PAGE)
    (folder / "broken.css").write_text(BROKEN_SHEET)
    for page in showroom.pages:
        html = get(page).body
        (folder / f"{page.name}.html").write_bytes(html)
        for number, path in enumerate(sheets(html.decode())):
            (folder / f"{page.look}-{number}.css").write_bytes(get(page, path).body)
    return checked("--also-check-css", folder)


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
@pytest.mark.parametrize("theme", THEMES)
def test_a_page_is_valid(said: Said, showroom: House, theme: str, kind: str):
    page = showroom.named(theme, kind)
    if faults := said.get(f"{page.name}.html"):
        pytest.fail("\n  ".join([page.url, *faults]), pytrace=False)


def test_the_demos_brands_are_valid(said: Said, showroom: House):
    faults = {page.url: said.get(f"{page.name}.html") for page in showroom.branded}
    assert not any(faults.values()), faults


def test_the_style_sheets_are_valid(said: Said):
    faults = {name: words for name, words in said.items() if name.endswith(".css") and name != "broken.css"}
    assert not faults, faults


def test_what_is_wrong_is_found(said: Said):
    assert any("Duplicate ID" in words for words in said["broken.html"])
    assert any("colour" in words for words in said["broken.css"])
