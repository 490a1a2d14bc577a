"""The README, followed word for word in a fresh clone, by somebody who has Python and git and nothing else."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings

from tests.stack.program import environment, free_port, get, until

TOLD = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# What a reader of the README puts in their own words.
OWN_BLOG = Path(__file__).parents[1] / "publishing" / "import_fixtures" / "jekyll"


def told(page: Path) -> list[str]:
    """The commands of a page's console blocks, in their order."""
    return [line for block in TOLD.findall(page.read_text()) for line in block.splitlines() if line]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("newcomer") / "masthead"
    subprocess.run(["git", "clone", "--quiet", str(settings.ROOT), str(folder)], check=True)
    return folder


@pytest.fixture(scope="module")
def running(clone: Path) -> Iterator[int]:
    """`make run` in the clone, until it serves; its port."""
    port = free_port()
    said = clone.with_suffix(".out")
    with said.open("wb") as out:
        # A session of its own: one signal then reaches make and its child, as Ctrl-C in a terminal does.
        program = subprocess.Popen(
            ["make", "run"], cwd=clone, env=newcomer(PORT=str(port)), stdout=out, stderr=out, start_new_session=True
        )
    try:
        until(lambda: "Ctrl-C stops everything." in said.read_text() or program.poll() is not None)
        assert program.poll() is None, said.read_text()
        yield port
    finally:
        with suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGINT)
        program.wait(timeout=30)


def newcomer(**variables: str) -> dict[str, str]:
    """No virtual environment of ours is in their way; make finds this Python."""
    ours = ("PYTEST", "VIRTUAL_ENV", "MAKE", "MFLAGS")
    known = {name: value for name, value in environment().items() if not name.startswith(ours)}
    return known | variables | {"PYTHON": sys.executable}


def run(clone: Path, line: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S602 -- a line of the README, typed as a person types it
        line, shell=True, cwd=clone, env=newcomer(**variables), capture_output=True, text=True, timeout=300, check=False
    )  # fmt: skip


def test_the_readme_tells_what_these_tests_follow(clone: Path):
    lines = told(clone / "README.md")
    assert lines[:2] == ["make run", "make test"]
    assert [line.split()[2] for line in lines[2:]] == ["site", "site", "import_articles"]


def test_make_run_serves_what_the_readme_promises(clone: Path, running: int):
    promised = re.findall(r"<http://([a-z.]+):8000/>", (clone / "README.md").read_text())
    assert {"techblog.localhost", "financeblog.localhost"} <= set(promised)
    for host in set(promised) - {"gazette.localhost"}:
        assert get(running, host).status == 200, host


def test_what_to_try_next_can_be_tried(clone: Path, running: int):
    for line in told(clone / "README.md")[2:]:
        done = run(clone, line.replace("PATH-OF-YOUR-BLOG", str(OWN_BLOG)))
        assert done.returncode == 0, done.stdout + done.stderr
    until(lambda: get(running, "gazette.localhost").status == 200)


def test_make_test_tests(clone: Path):
    # All of it would run this test again: one file stands for the rest.
    done = run(clone, "make test", PYTEST_ADDOPTS="tests/sites_core/test_hostnames.py", JOBS="1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\d+ passed", done.stdout)


def test_bare_make_lists_the_targets(clone: Path):
    listed = run(clone, "make").stdout
    for target in ("run", "test", "check", "bench", "clean"):
        assert f"make {target} " in listed


def test_the_lock_names_no_index_but_the_default(clone: Path):
    sources = set(re.findall(r'registry = "([^"]+)"', (clone / "uv.lock").read_text()))
    assert len(sources) == 1
    assert all(source.startswith("https://") for source in sources)
