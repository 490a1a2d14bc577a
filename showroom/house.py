"""A showroom: a database with the demo and every kind of article, and the real gunicorn in front of it."""

import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from operations.embedded import logs
from operations.embedded.asking import status_of
from operations.embedded.child import Child, Service
from operations.embedded.ports import HOST, listen
from operations.embedded.postgres import running_cluster
from showroom.catalogue import BROKEN, FULL, ROOT, THEMES, Page, host, of_brands, of_themes

PATIENCE_SECONDS = 120.0
_OLDER = re.compile(r'href="/(\?before=[^"]+)"')


@dataclass(frozen=True, slots=True)
class Got:
    """An answer, as it came over the wire; `body` is compressed if the request allowed that."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass(frozen=True)
class House:
    """Every page that can be asked for, while the servers run."""

    pages: Sequence[Page]

    @property
    def branded(self) -> list[Page]:
        """Of the demo's own sites."""
        return [page for page in self.pages if page.look not in THEMES]

    def named(self, look: str, kind: str) -> Page:
        return next(page for page in self.pages if (page.look, page.kind.name) == (look, kind))


def get(page: Page, path: str = "", **headers: str) -> Got:
    """GET the page, or another path of its site."""
    return _get(page.host, page.port, path or page.path, **headers)


@contextmanager
def opened(cluster_url: str = "", step: Callable[[str], object] = str) -> Iterator[House]:
    """A showroom that is gone at the end. `cluster_url` is of a PostgreSQL in which databases may be made.

    Without one a cluster is started. Call it from the main thread. `step` hears what is being done.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="masthead-showroom-")))
        if not cluster_url:
            step("PostgreSQL")
            cluster_url = stack.enter_context(running_cluster(folder, durable=False))
        url = stack.enter_context(_database(cluster_url, f"showroom_{os.getpid()}"))
        with listen(0) as found, listen(0) as other:
            port, broken_port = (int(one.getsockname()[1]) for one in (found, other))
        environment = _environment(url, folder, port)
        step("demo")
        facts = _furnished(environment)
        broken = stack.enter_context(_database(cluster_url, f"broken_{os.getpid()}", template=url))
        _break(broken)
        step("servers")
        stack.enter_context(_serving("gunicorn", environment, port, folder))
        stack.enter_context(_serving("broken", _environment(broken, folder, broken_port), broken_port, folder))
        _await_all(port, broken_port, folder)
        for theme in THEMES:
            facts[host(theme)]["older"] = _older(host(theme), port)
        ours = of_themes(facts, port=port, broken_port=broken_port)
        yield House([*ours, *of_brands(facts, port=port)])


def _environment(database_url: str, folder: Path, port: int) -> dict[str, str]:
    return {
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "settings.embedded",
        "MASTHEAD_DATA": str(folder),
        "REDIS_URL": "",
        "PORT": str(port),
        "BIND": f"{HOST}:{port}",
        "SURFACES": "reader,studio",
        "WORKERS": "1",
        "GRACE_SECONDS": "1",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}",
    }


@contextmanager
def _database(cluster_url: str, name: str, *, template: str = "") -> Iterator[str]:
    """A database in the cluster, empty or a copy of the one that `template` names, and its URL."""
    base, _, first = cluster_url.partition("?")[0].rpartition("/")
    source = sql.Identifier(template.rpartition("/")[2] or "template1")
    with psycopg.connect(_url(base, first), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), source))
    try:
        yield f"{base}/{name}"
    finally:
        with psycopg.connect(_url(base, first), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _url(base: str, name: str) -> str:
    return f"{base}/{name}".replace("postgres://", "postgresql://")


def _break(database_url: str) -> None:
    """Hostnames are still known; whatever asks for an article fails."""
    with psycopg.connect(_url(*database_url.rsplit("/", 1)), autocommit=True) as connection:
        connection.execute("ALTER TABLE publishing_placement RENAME TO publishing_placement_elsewhere")


def _furnished(environment: dict[str, str]) -> dict[str, dict[str, str]]:
    for words in (("manage.py", "migrate", "--no-input", "-v0"), ("manage.py", "seed_demo", "--json")):
        _run(environment, *words)
    found: dict[str, dict[str, str]] = json.loads(_run(environment, "-m", "showroom.furnishing"))
    return {name: facts for name, facts in found.items() if facts}


def _run(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)} failed:\n{done.stderr or done.stdout}")
    return done.stdout


@contextmanager
def _serving(name: str, environment: dict[str, str], port: int, folder: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "settings.gunicorn"]
    service = Service(name=name, command=command, environment=environment, folder=ROOT, ready=lambda: True)
    child = Child(service, folder / f"{name}.log")
    try:
        yield
    finally:
        child.ask_to_end()
        deadline = time.monotonic() + 5
        while child.status() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        child.kill()


def _await_all(port: int, broken_port: int, folder: Path) -> None:
    wanted = {("gunicorn", port, FULL): 200, ("broken", broken_port, BROKEN): 500}
    deadline = time.monotonic() + PATIENCE_SECONDS
    for (name, where, state), status in wanted.items():
        while (found := status_of(port=where, host=f"{host(THEMES[0], state)}:{where}")) != status:
            if time.monotonic() > deadline:
                said = logs.tail(folder / f"{name}.log")
                raise RuntimeError(f"The server “{name}” answers {found} and not {status}. Its last words:\n{said}")
            time.sleep(0.05)


def _older(name: str, port: int) -> str:
    """The query of the second page of a front."""
    found = _OLDER.search(_get(name, port, "/").body.decode())
    if found is None:
        raise RuntimeError(f"The front of {name} has no second page: the demo has too few articles for it.")
    return found[1]


def _get(name: str, port: int, path: str, **headers: str) -> Got:
    with closing(http.client.HTTPConnection(HOST, port, timeout=30)) as connection:
        connection.request("GET", path, headers={"Host": f"{name}:{port}", **headers})
        answer = connection.getresponse()
        return Got(answer.status, answer.headers, answer.read())
