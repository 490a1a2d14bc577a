"""What the page cache answers is what Django would have answered: whoever asks, however oddly, during publishes.

The same questions go to servers that hold pages and to one that makes every page anew; the answers are compared byte
for byte. Only the moment of a change may differ, by a second.
"""

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import psycopg
import pytest
from django.conf import settings
from psycopg.rows import TupleRow, tuple_row

from tests.stack.program import Program, environment, free_port, until
from tests.stack.wire import Answered, Asked, Wire

Database = psycopg.Connection[TupleRow]

REQUESTS = int(os.environ.get("MASTHEAD_MIXED_REQUESTS", "100000"))
SEED = 20261121
# A change may be seen this much later by a process that has asked just before.
FRESHNESS = 1.0
TECHBLOG = "techblog.localhost"
SITES = (TECHBLOG, "financeblog.localhost", "lantern.localhost")
# What differs between two servers or two moments and not between two pages.
INCIDENTAL = {"date", "server", "connection", "keep-alive", "transfer-encoding", "content-length", "cache-status"}

VARIATIONS: tuple[tuple[tuple[str, str], ...], ...] = (
    (),
    (("Accept-Encoding", "gzip, deflate, br, zstd"),),
    (("Accept-Encoding", "gzip"),),
    (("Accept-Encoding", "zstd;q=0.9, br;q=0.1"),),
    (("Accept-Encoding", "br;q=0, identity"),),
    (("Cookie", "session=stolen; csrftoken=x"),),
    (("Authorization", "Basic c3RhZmY6c3RhZmY="),),
    (("Range", "bytes=0-99"), ("If-Range", '"x"')),
    (("If-None-Match", '"nobody-has-this"'),),
    (("If-Modified-Since", "Sat, 21 Nov 2026 00:00:00 GMT"),),
    (("Accept-Language", "de"), ("User-Agent", "curl")),
    (("X-Forwarded-Host", "evil.test"), ("X-Forwarded-Proto", "https")),
)
CHANGES = (
    "UPDATE publishing_placement SET title = 'A headline of minute ' || clock_timestamp() WHERE id = {placement}",
    "UPDATE publishing_article SET html = '<p>Words of ' || clock_timestamp() || '</p>' WHERE id = {article}",
    "UPDATE publishing_placement SET status = 'recalled' WHERE id = {placement}",
    "UPDATE publishing_placement SET status = 'published' WHERE id = {placement}",
    "UPDATE publishing_placement SET expires_at = now() + interval '1 hour' WHERE id = {placement}",
)


def is_alike(ours: Answered, theirs: Answered) -> bool:
    return (ours.status, _told(ours), ours.body) == (theirs.status, _told(theirs), theirs.body)


def _told(answer: Answered) -> set[tuple[str, str]]:
    return {header for header in answer.headers if header[0] not in INCIDENTAL}


@dataclass
class Truth:
    """What the uncached server answers, since when; it counts until a second after the next change."""

    since: float
    answers: dict[Asked, Answered]
    until: float = float("inf")


@dataclass(frozen=True)
class Met:
    """An answer that was not yet known to be right when it came."""

    sent: float
    received: float
    asked: Asked
    answer: Answered


class Comparison:
    """What the readers found, against what was true at the time."""

    def __init__(self, first: Truth) -> None:
        self.truths = [first]
        self.statuses: Counter[int] = Counter()
        self.cache: Counter[str] = Counter()
        self.pending: list[Met] = []
        self.cookies: list[Asked] = []

    def note(self, met: Met) -> None:
        self.statuses[met.answer.status] += 1
        self.cache.update(met.answer.all("cache-status"))
        if met.answer.all("set-cookie"):
            self.cookies.append(met.asked)
        if not self.is_right(met):
            self.pending.append(met)

    def is_right(self, met: Met) -> bool:
        """Whether it is what the uncached server answered at some moment that the reader may have met."""
        valid = [truth for truth in self.truths if truth.since <= met.received and met.sent <= truth.until + FRESHNESS]
        return any(is_alike(met.answer, truth.answers[met.asked]) for truth in valid)


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A program of our own, since we change what it shows; with an alias, so that there is a host that moved."""
    program = Program(tmp_path_factory.mktemp("busy") / "data")
    program.start("--demo")
    with connected(program) as database:
        database.execute(
            "INSERT INTO sites_core_hostname (name, site_id, state) "
            "SELECT 'old.localhost', id, 'live' FROM django_site WHERE domain = 'techblog.localhost'"
        )
    yield program
    program.stop()


def connected(program: Program) -> Database:
    return psycopg.connect(
        json.loads((program.data / "run.json").read_text())["database_url"], autocommit=True, row_factory=tuple_row
    )


class Serving:
    """An application server beside the program's own."""

    def __init__(self, masthead: Program, server: str, **variables: str) -> None:
        self.port = free_port()
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"settings.{server}"],
            cwd=settings.ROOT,
            env=environment(
                **{
                    "DJANGO_SETTINGS_MODULE": "settings.embedded",
                    "MASTHEAD_DATA": str(masthead.data),
                    "BIND": f"127.0.0.1:{self.port}",
                    "GRACE_SECONDS": "1",
                }
                | variables
            ),
        )

    def __enter__(self) -> int:
        until(self._answers)
        return self.port

    @property
    def pid(self) -> int:
        return self._process.pid

    def _answers(self) -> bool:
        assert self._process.poll() is None
        with Wire(self.port) as wire, suppress(OSError):
            return wire.ask(Asked("GET", "/healthz", (("Host", "internal.masthead.localhost"),))).status == 200
        return False

    def __exit__(self, *exc: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=30)


def questions(port: int, database: Database) -> list[Asked]:
    """Some thousand different requests: every page of every site, in some of the variations, and what is no page."""
    chance = random.Random(SEED)
    asked: list[Asked] = []
    for host in SITES:
        authority = ("Host", f"{host}:{port}")
        odd = [host, host.upper() + f":{port}", f"{host}.:{port}", f"{host}:1", f"x{host}:{port}", "old.localhost"]
        for path in paths(host, database):
            asked += [Asked("GET", path, (authority, *variation)) for variation in chance.sample(VARIATIONS, 4)]
            asked.append(Asked("GET", path, (authority,)))
            asked.append(Asked("HEAD", path, (authority, *chance.choice(VARIATIONS))))
            asked.append(Asked(chance.choice(["GET", "HEAD"]), path, (("Host", chance.choice(odd)),)))
        for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH"):
            asked.append(Asked(method, "/", (authority,)))
    return asked


def paths(host: str, database: Database) -> list[str]:
    slugs = database.execute(
        "SELECT slug FROM publishing_placement JOIN django_site s ON s.id = site_id WHERE domain = %s", [host]
    ).fetchall()
    lists = [
        f"/{word}s/{slug}/"
        for word in ("topic", "byline", "section")
        for (slug,) in database.execute(f"SELECT DISTINCT slug FROM publishing_{word} LIMIT 8").fetchall()
    ]
    return [
        "/", "/?utm_source=mail", "/?before=zz", "/topics/", "/archive/", "/archive/2026/11/", "/search/",
        "/search/?q=the", "/search/?q=the&q=editor", "/search/?utm=1&q=%22the%22+-editor", "/search/?%71=the",
        "/feeds/rss.xml", "/feeds/atom.xml", "/sitemap.xml", "/robots.txt", "/feeds/feed.json",
        "/sitemaps/pages.xml", "/sitemaps/news.xml", "/site.webmanifest", "/.well-known/security.txt", "/icon.svg",
        "/static/reading/fonts/plex/sans.woff2", "/nothing/", "/topics", "//evil.test/", "/%2e%2e/", "/%C3%A9/",
        "/search/?q=%00", f"/?{'a' * 600}", *lists, *(f"/{slug}/" for (slug,) in slugs),
    ]  # fmt: skip


def of_clients_that_were_here(asked: list[Asked], uncached: int) -> list[Asked]:
    """The same questions by clients that have met the page before."""
    plain = [one for one in asked if one.method == "GET" and len(one.headers) == 1]
    with Wire(uncached) as wire:
        return [
            Asked("GET", one.path, (*one.headers, ("If-None-Match", tag)))
            for one in plain
            for tag in wire.ask(one).all("etag")
        ]


def truth(asked: list[Asked], uncached: int) -> dict[Asked, Answered]:
    with Wire(uncached) as wire:
        return {one: wire.ask(one) for one in asked}


def read(found: Comparison, port: int, asked: list[Asked], requests: int, seed: int) -> None:
    """A reader: asks at random, on one connection."""
    chance = random.Random(seed)
    with Wire(port) as wire:
        for _ in range(requests):
            one = chance.choice(asked)
            sent = time.monotonic()
            answer = wire.ask(one)
            found.note(Met(sent, time.monotonic(), one, answer))


def publish_while(readers: list[threading.Thread], found: Comparison, uncached: int, database: Database) -> int:
    """Change something, let the uncached server tell what is true now, again and again while the readers read."""
    chance = random.Random(SEED)
    placements = database.execute(
        "SELECT p.id, p.article_id FROM publishing_placement p WHERE status = 'published' AND go_live < now()"
    ).fetchall()
    changes = 0
    while any(reader.is_alive() for reader in readers):
        placement, article = chance.choice(placements)
        began = time.monotonic()
        database.execute(CHANGES[changes % len(CHANGES)].format(placement=placement, article=article))
        found.truths[-1].until = time.monotonic()
        changes += 1
        time.sleep(FRESHNESS)
        found.truths.append(Truth(began, truth(list(found.truths[0].answers), uncached)))
    return changes


def test_every_answer_is_the_one_that_django_would_have_given(busy: Program) -> None:
    with (
        connected(busy) as database,
        Serving(busy, "gunicorn", PAGE_CACHE_MB="8") as gunicorn,
        Serving(busy, "granian", PAGE_CACHE_MB="8", REDIS_URL="") as granian,
        Serving(busy, "gunicorn", PAGE_CACHE_MB="0") as uncached,
    ):
        asked = questions(busy.port, database)
        asked += of_clients_that_were_here(asked, uncached)
        found = Comparison(Truth(0.0, truth(asked, uncached)))
        readers = [
            threading.Thread(target=read, args=(found, port, asked, REQUESTS // 4, SEED + number))
            for number, port in enumerate([gunicorn, granian, gunicorn, granian])
        ]
        for reader in readers:
            reader.start()
        changes = publish_while(readers, found, uncached, database)
    wrong = [met for met in found.pending if not found.is_right(met)]
    assert not wrong, f"{len(wrong)} differences, such as\n" + "\n".join(map(_told_apart, wrong[:5]))
    assert not found.cookies
    assert found.statuses.total() == REQUESTS // 4 * 4
    assert changes >= 3
    assert {200, 301, 304, 308, 400, 404, 405} <= set(found.statuses), found.statuses
    assert found.cache["Masthead; hit"] > REQUESTS / 4, found.cache
    assert not found.cache["Masthead; hit; detail=stale"]


@pytest.fixture(scope="module")
def cached(busy: Program) -> Iterator[int]:
    """The port of a server of two workers that share pages."""
    with Serving(busy, "gunicorn", PAGE_CACHE_MB="8", WORKERS="2") as port:
        yield port


def page(busy: Program, host: str, path: str = "/") -> Asked:
    return Asked("GET", path, (("Host", f"{host}:{busy.port}"),))


def test_two_hundred_readers_of_one_cold_page_cost_one_rendering(busy: Program, cached: int) -> None:
    with connected(busy) as database:
        database.execute("UPDATE sites_core_brand SET tagline = tagline || '!'")
    time.sleep(FRESHNESS)
    one = page(busy, TECHBLOG)
    readers = [Wire(cached) for _ in range(200)]
    for reader in readers:
        reader.send(one)
    answers = [reader.receive(one) for reader in readers]
    for reader in readers:
        reader.close()
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body for answer in answers}) == 1
    assert Counter(status for answer in answers for status in answer.all("cache-status")) == {
        "Masthead; fwd=miss; stored": 1,
        "Masthead; hit": 199,
    }


def test_a_publish_leaves_the_pages_of_other_sites_in_the_cache(busy: Program, cached: int) -> None:
    of_lantern = "(SELECT id FROM django_site WHERE domain = 'lantern.localhost')"
    hosts = ("techblog.localhost", "lantern.localhost")
    with connected(busy) as database, Wire(cached) as wire:
        for host in hosts:
            wire.ask(page(busy, host))
            assert wire.ask(page(busy, host)).all("cache-status") == ["Masthead; hit"]
        database.execute(f"UPDATE publishing_placement SET title = title || '!' WHERE site_id = {of_lantern}")
        time.sleep(FRESHNESS)
        told = {host: wire.ask(page(busy, host)).all("cache-status") for host in hosts}
    assert told == {"techblog.localhost": ["Masthead; hit"], "lantern.localhost": ["Masthead; fwd=miss; stored"]}


def test_a_scheduled_article_appears_at_its_moment_though_nothing_changes_then(busy: Program, cached: int) -> None:
    with connected(busy) as database, Wire(cached) as wire:
        (slug,) = database.execute(
            "SELECT slug FROM publishing_placement JOIN django_site s ON s.id = site_id WHERE domain = %s AND listed "
            "AND status = 'published' ORDER BY go_live LIMIT 1",
            [TECHBLOG],
        ).fetchone() or ("",)
        database.execute(
            "UPDATE publishing_placement SET go_live = now() + interval '3 seconds' WHERE slug = %s", [slug]
        )
        moment = time.time() + 3
        time.sleep(FRESHNESS)
        opened = page(busy, TECHBLOG, f"/{slug}/")
        before = [(wire.ask(opened).status, _lists(wire.ask(page(busy, TECHBLOG)), slug)) for _ in range(2)]
        assert time.time() < moment, "this machine is too busy to see the page before its moment"
        time.sleep(max(0.0, moment - time.time()) + 0.1)
        after = (wire.ask(opened).status, _lists(wire.ask(page(busy, TECHBLOG)), slug))
    assert before == [(404, False)] * 2
    assert after == (200, True)


def _lists(answer: Answered, slug: str) -> bool:
    return f'href="/{slug}/"'.encode() in answer.body


def _told_apart(met: Met) -> str:
    return f"{met.asked} was answered {met.answer.status} {dict(met.answer.headers)} {met.answer.body[:200]!r}"
