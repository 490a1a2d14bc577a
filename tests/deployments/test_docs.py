"""What the pages say can be typed is there to be typed, and what they point to exists."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

from tests.deployments.test_settings import PRODUCTION, manage

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = [
    pytest.param(line, id=f"{page.name}: {line[:60]}")
    for page in PAGES
    for block in BLOCK.findall(page.read_text())
    for line in block.replace("\\\n", " ").splitlines()
    if line
]


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_can_be_typed(line: str):
    words = shlex.split(line, comments=True)
    variables = {}
    while "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        variables[name] = value
    if "manage.py" in words:
        has_help(words[words.index("manage.py") + 1 :])
    elif words[0] == "make":
        assert re.search(rf"^{words[1] if len(words) > 1 else 'help'}:", (ROOT / "Makefile").read_text(), re.MULTILINE)
    elif words[0] == "gunicorn":
        assert words[1] == "settings.wsgi:application"
        assert manage("check", **PRODUCTION | variables).returncode == 0
    elif words[:2] == ["docker", "compose"]:
        services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
        assert words[2] == "up" or words[3] in services
    elif words[0].startswith((".venv/bin/", "deploy/")):
        assert (ROOT / words[0]).exists()
    else:
        assert words[0] in {"cp", "git", "cd"}, "say here how this command is tried"
        assert words[0] != "cp" or (ROOT / words[-2]).exists()


def has_help(words: list[str]) -> None:
    """The command and its deed exist, and know each option that the page uses."""
    known = 2 if words[0] in {"site", "edge"} else 1
    done = manage(*words[:known], "--help", DJANGO_SETTINGS_MODULE="settings.test")
    assert done.returncode == 0, done.stderr
    for option in (word.partition("=")[0] for word in words if word.startswith("--")):
        assert option in done.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_project_lead_somewhere(page: Path):
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text()):
        assert (page.parent / target).exists(), target


def test_the_map_names_the_folders_that_are_there():
    house = (ROOT / "docs" / "architecture.md").read_text()
    code = ("sites_core", "tenants", "publishing", "reading", "studio", "operations")
    for folder in (*code, "traefik", "benchmarks", "showroom"):
        assert re.search(rf"^ *{folder}/ ", house, re.MULTILINE), folder
    shelf = {path.name for path in (ROOT / "platform").iterdir() if (path / "apps.py").exists()}
    assert shelf == set(re.findall(r"^  (\w+)/ ", house, re.MULTILINE))
