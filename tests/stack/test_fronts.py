"""Other deployments behind the same edge: a function per server, and a deployment per site."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from sites_core.directory import POLL_SECONDS
from tests.stack.fronting import PLATFORM, fronted
from tests.stack.program import Program
from tests.stack.test_cached_pages import Database, Serving, connected
from tests.stack.wire import Answered, Asked, Wire

TECHBLOG, FINANCEBLOG = "techblog.localhost", "financeblog.localhost"
ALIAS = "one-of-techblog.localhost"
STUDIO, OPS, INTERNAL = (f"{surface}.{PLATFORM}" for surface in ("studio", "ops", "internal"))
SECRET = "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF"


@dataclass(frozen=True)
class Front:
    """An edge, and the servers behind it."""

    edge: int
    readers: int
    staff: int

    def statuses(self, *hosts: str, port: int | None = None, path: str = "/") -> list[int]:
        return [get(port or self.edge, host, path).status for host in hosts]


def get(port: int, host: str, path: str = "/") -> Answered:
    """Without a port in the Host header, since the edge's is not the one that the servers know."""
    with Wire(port) as wire:
        return wire.ask(Asked("GET", path, (("Host", host), ("Connection", "close"))))


@pytest.fixture(scope="module")
def database(masthead: Program) -> Iterator[Database]:
    with connected(masthead) as connection:
        yield connection


@pytest.fixture(scope="module")
def split(masthead: Program, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """Readers have a server of their own, staff have another."""
    with ExitStack() as stack:
        readers = stack.enter_context(Serving(masthead, "gunicorn", SURFACES="reader", WORKERS="1"))
        staff = stack.enter_context(Serving(masthead, "gunicorn", SURFACES="studio,ops", WORKERS="1"))
        folder = tmp_path_factory.mktemp("split")
        edge = stack.enter_context(fronted(folder, application=[staff], readers=[readers]))
        yield Front(edge.port, readers, staff)


def test_each_host_is_answered_by_the_server_of_its_function(split: Front):
    assert split.statuses(TECHBLOG, FINANCEBLOG, STUDIO, OPS) == [200, 200, 302, 302]
    assert split.statuses(f"{STUDIO}.", OPS.upper()) == [302, 302]
    assert split.statuses("unknown.test", INTERNAL) == [404, 404]


def test_a_server_knows_no_host_of_another_function(split: Front):
    assert split.statuses(TECHBLOG, STUDIO, OPS, port=split.readers) == [200, 404, 404]
    assert split.statuses(TECHBLOG, STUDIO, OPS, port=split.staff) == [404, 302, 302]


def test_every_server_answers_probes_past_the_edge(split: Front):
    for port in (split.readers, split.staff):
        assert split.statuses(INTERNAL, port=port, path="/readyz") == [200]


def test_readers_follow_what_another_server_wrote(split: Front, database: Database):
    said = "UPDATE sites_core_brand SET tagline = %s WHERE site_id = (SELECT id FROM django_site WHERE domain = %s)"
    asked = "SELECT tagline FROM sites_core_brand JOIN django_site ON id = site_id WHERE domain = %s"
    before = database.execute(asked, [TECHBLOG]).fetchone() or ("",)
    assert get(split.edge, TECHBLOG).status == 200
    try:
        database.execute(said, ["Told elsewhere", TECHBLOG])
        time.sleep(POLL_SECONDS)
        assert b"Told elsewhere" in get(split.edge, TECHBLOG).body
    finally:
        database.execute(said, [before[0], TECHBLOG])


# --- A deployment per site -------------------------------------------------------------------------------------------

# As in production, but static files need not have been collected, which takes ten seconds.
UNCOLLECTED = """
from settings.single_site import *
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
"""


@pytest.fixture(scope="module")
def single(masthead: Program, database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """financeblog has a deployment of its own, on the database of all."""
    folder = tmp_path_factory.mktemp("single")
    (folder / "uncollected.py").write_text(UNCOLLECTED)
    (site,) = database.execute("SELECT id FROM django_site WHERE domain = %s", [FINANCEBLOG]).fetchone() or (0,)
    database.execute("INSERT INTO sites_core_hostname (site_id, name) VALUES (%s, %s)", [site, ALIAS])
    run = json.loads((masthead.data / "run.json").read_text())
    variables = {
        "DJANGO_SETTINGS_MODULE": "uncollected", "PYTHONPATH": str(folder), "SITE_ID": str(site), "SECRET_KEY": SECRET,
        "DATABASE_URL": run["database_url"], "REDIS_URL": run["redis_url"], "MEDIA_ROOT": str(masthead.data / "media"),
        "PLATFORM_DOMAIN": PLATFORM, "SITES_DOMAIN": "sites.localhost", "PUBLIC_SCHEME": "http", "SURFACES": "reader",
        "PUBLIC_PORT": str(masthead.port), "SECURITY_CONTACT": "mailto:security@masthead.example", "WORKERS": "1",
        "EDGE_TOKEN": SECRET,
    }  # fmt: skip
    try:
        with (
            Serving(masthead, "gunicorn", **variables) as server,
            fronted(folder, application=[server]) as edge,
        ):
            yield Front(edge.port, server, server)
    finally:
        database.execute("DELETE FROM sites_core_hostname WHERE name = %s", [ALIAS])
        database.execute("DELETE FROM domains_tombstone WHERE name = %s", [ALIAS])


def test_it_serves_its_site_and_no_other_that_the_database_has(single: Front):
    assert single.statuses(FINANCEBLOG, f"{FINANCEBLOG}.", FINANCEBLOG.upper()) == [200, 200, 200]
    assert single.statuses(TECHBLOG, "lantern.localhost", STUDIO, INTERNAL, "unknown.test") == [404] * 5


def test_its_other_names_redirect(single: Front, masthead: Program):
    moved = get(single.edge, ALIAS, "/a/b/?x=1")
    assert (moved.status, moved.all("location")) == (308, [f"http://{FINANCEBLOG}:{masthead.port}/a/b/?x=1"])


def test_a_page_of_it_links_to_no_other_site(single: Front):
    for path in ("/", "/feeds/rss.xml", "/sitemaps/pages.xml", "/robots.txt"):
        page = get(single.edge, FINANCEBLOG, path)
        assert (page.status, b"lantern.localhost" in page.body) == (200, False), path


def test_it_follows_a_rename(single: Front, database: Database):
    try:
        database.execute("UPDATE django_site SET domain = %s WHERE domain = %s", [ALIAS, FINANCEBLOG])
        time.sleep(POLL_SECONDS)
        assert single.statuses(ALIAS, FINANCEBLOG) == [200, 308]
    finally:
        database.execute("UPDATE django_site SET domain = %s WHERE domain = %s", [FINANCEBLOG, ALIAS])
        time.sleep(POLL_SECONDS)
