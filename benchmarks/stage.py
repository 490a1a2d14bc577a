"""Where contenders meet: one PostgreSQL and one Redis on the server's core, databases full of articles, empty ports."""

import http.client
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
import redis

from benchmarks import cores, data
from benchmarks.data import Size
from benchmarks.load import Target, write_plan
from benchmarks.servers import ROOT, Running, Servers, running_redis
from operations.embedded.ports import HOST
from operations.embedded.postgres import running_cluster

EMPTY = "migrated"
# Articles of each site that many readers open.
HOT = 10


@dataclass(frozen=True)
class Stage:
    """Databases are made when they are first asked for, and stay to the end."""

    folder: Path
    cluster_url: str
    redis_url: str
    _filled: dict[Size, str] = field(default_factory=dict)

    def database(self, size: Size) -> str:
        """The URL of the database of this size, filled when it is first asked for."""
        if size not in self._filled:
            self._filled[size] = self._fill(size)
        return self._filled[size]

    def servers(self, size: Size) -> Servers:
        return Servers(self.folder, self.database(size), self.redis_url, self.folder / "pages")

    def connect(self, size: Size) -> psycopg.Connection[Any]:
        return connected(self.database(size))

    def database_seconds(self) -> dict[int, float]:
        """CPU time of each process of PostgreSQL and of Redis."""
        return {pid: cores.cpu_seconds([pid]) for first in self._first for pid in cores.family(first)}

    def empty_redis(self) -> None:
        with closing(redis.Redis.from_url(self.redis_url)) as connection:
            connection.flushall()

    @cached_property
    def _first(self) -> list[int]:
        """The processes from which those of PostgreSQL and Redis descend."""
        with closing(redis.Redis.from_url(self.redis_url)) as connection:
            keeper = int(connection.info("server")["process_id"])
        return [int((self.folder / "postgres" / "postmaster.pid").read_text().split()[0]), keeper]

    def _fill(self, size: Size) -> str:
        if not self._filled:
            self._create(EMPTY)
            manage(self._url(EMPTY), "migrate", "--no-input", "-v0")
        name = f"sites{size.sites}_{size.articles}"
        self._create(name, EMPTY)
        url = self._url(name)
        with connected(url) as connection:
            with connection.transaction():
                data.load(connection, size)
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")
        return url

    def _create(self, name: str, template: str = "template1") -> None:
        with connected(self.cluster_url) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")

    def _url(self, name: str) -> str:
        return f"{self.cluster_url.rpartition('/')[0]}/{name}"


@contextmanager
def standing() -> Iterator[Stage]:
    """A stage that is gone at the end."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="masthead-bench-")))
        with cores.on(cores.SERVER):
            # Durable, as a production database is; the tests' cluster is not.
            cluster = stack.enter_context(running_cluster(folder, durable=True))
        yield Stage(folder, cluster, stack.enter_context(running_redis(folder)))


def connected(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(url.replace("postgres://", "postgresql://"), autocommit=True)


def manage(database_url: str, *words: str) -> None:
    environment = os.environ | {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "settings.embedded"}
    subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=environment, check=True)


def homes(size: Size) -> list[Target]:
    """The first page of each site."""
    return [(data.domain(site), "/") for site in range(1, size.sites + 1)]


def articles(stage: Stage, size: Size, of_each: int = 0) -> list[Target]:
    """The pages of the articles, newest first on each site: all of them, or so many of each site."""
    with stage.connect(size) as connection:
        rows = connection.execute(
            """
            SELECT site.domain, '/' || slug || '/' FROM (
                SELECT site_id, slug, row_number() OVER (PARTITION BY site_id ORDER BY go_live DESC, id DESC) AS place
                  FROM publishing_placement WHERE listed AND site_id <= %(sites)s
            ) placed JOIN django_site site ON site.id = site_id
             WHERE %(of_each)s = 0 OR place <= %(of_each)s ORDER BY site.id, place
            """,
            {"sites": size.sites, "of_each": of_each},
        ).fetchall()
    return [(host, path) for host, path in rows]


def keep_pages(server: Running, targets: Sequence[Target], folder: Path) -> None:
    """What the server answers, as files: a folder a host, below it a folder a path."""
    for target, body in zip(targets, bodies(server, targets), strict=True):
        host, path = target
        file = folder / host / path.strip("/") / "index.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)


def bodies(server: Running, targets: Sequence[Target]) -> Iterator[bytes]:
    """Each page in turn, over one connection. Raises RuntimeError where an answer is no whole page."""
    with closing(http.client.HTTPConnection(HOST, server.port, timeout=30)) as connection:
        for host, path in targets:
            connection.request("GET", path, headers={"Host": host})
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200 or not body.rstrip().endswith(b"</html>"):
                raise server.failed(f"http://{host}{path} answered {answer.status}, {len(body)} bytes")
            yield body


def holds_pages(port: int, target: Target) -> bool:
    """Whether a second request for a page is answered by the page cache."""
    host, path = target
    said = ""
    for _ in range(2):
        with closing(http.client.HTTPConnection(HOST, port, timeout=30)) as connection:
            connection.request("GET", path, headers={"Host": host})
            said = connection.getresponse().headers.get("Cache-Status", "")
    return "hit" in said


def plan(stage: Stage, name: str, order: Sequence[Target]) -> Path:
    return write_plan(stage.folder / f"{name}.plan", order)
