"""The pages that processes share, with a real Redis."""

import json
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest
from django.contrib.sites.models import Site
from django.db.models import F
from django.utils import timezone
from redis import Redis, RedisError

from operations.embedded.programs import find
from sites_core.directory import directory
from sites_core.models import SiteState
from sites_core.page_cache import shared as shared_pages
from sites_core.page_cache.cache import PageCache
from sites_core.page_cache.release import release
from sites_core.page_cache.shared import Shared
from tests.sites_core.wsgi import Newsroom, ask

pytestmark = pytest.mark.django_db

HIT, STORED = "Masthead; hit", "Masthead; fwd=miss; stored"
TECHBLOG, FINANCEBLOG = "techblog.test", "financeblog.test"


class Server:
    """A redis-server on a socket in a folder of its own."""

    def __init__(self, program: Path, folder: Path) -> None:
        self._command = [str(program), "--port", "0", "--unixsocket", str(folder / "r"), "--save", ""]
        self.url = f"unix://{folder / 'r'}"
        self.client = Redis.from_url(self.url)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while not self._answers():
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except RedisError:
            return False

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(10)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    program = find("redis-server")
    if program is None:
        pytest.skip("redis-server is not here")
    running = Server(program, tmp_path_factory.mktemp("redis"))
    running.start()
    yield running
    running.client.close()
    running.stop()


@pytest.fixture(autouse=True)
def sites(settings, server: Server) -> dict[str, Site]:
    settings.PUBLIC_PORT = 80
    server.client.flushall()
    return {domain: Site.objects.create(domain=domain, name=domain) for domain in (TECHBLOG, FINANCEBLOG)}


@pytest.fixture
def newsroom() -> Newsroom:
    return Newsroom()


def process(newsroom: Newsroom, server: Server, code: str = "one") -> PageCache:
    """The page cache of another process."""
    return PageCache(newsroom, 1_000_000, Shared(server.url, code))


def test_a_page_that_one_process_made_is_not_made_again_by_another(newsroom, server):
    first, second = (ask(process(newsroom, server), TECHBLOG, "/a/") for _ in range(2))
    assert (first.cache_status, second.cache_status) == (STORED, HIT)
    assert first.body == second.body
    assert {**first.headers, "Cache-Status": ""} == {**second.headers, "Cache-Status": ""}
    assert len(newsroom.rendered) == 1


def test_neither_another_path_nor_another_site_nor_another_release_meets_it(newsroom, server):
    ask(process(newsroom, server), TECHBLOG, "/a/")
    for host, path, code in [(TECHBLOG, "/b/", "one"), (FINANCEBLOG, "/a/", "one"), (TECHBLOG, "/a/", "two")]:
        assert ask(process(newsroom, server, code), host, path).cache_status == STORED


def test_a_raised_generation_is_another_page(newsroom, server, sites):
    ask(process(newsroom, server), TECHBLOG)
    SiteState.objects.filter(site=sites[TECHBLOG]).update(generation=F("generation") + 1)
    directory.expire()
    assert ask(process(newsroom, server), TECHBLOG).cache_status == STORED


def test_what_is_not_held_is_not_shared_and_nobody_waits_for_it(newsroom, server):
    directory.names()
    newsroom.is_kept = False
    ask(process(newsroom, server), TECHBLOG, "/nothing/")
    (name,) = server.client.keys("*")
    assert server.client.get(name) == b"not held"
    assert 0 < server.client.pttl(name) <= 1000
    # Two at once, each of which ends only when both are being rendered: neither waits for the other.
    together = threading.Barrier(2, timeout=20)
    newsroom.before = lambda: together.wait() and None
    readers = [threading.Thread(target=ask, args=(process(newsroom, server), TECHBLOG, "/nothing/")) for _ in range(2)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert not together.broken
    assert len(newsroom.rendered) == 3


def test_a_claim_that_ran_out_is_not_taken_from_whoever_has_it_now(newsroom, server, sites):
    pages = Shared(server.url, "one")
    key = (sites[TECHBLOG].pk, "/a/", "")
    _, first = pages.get_or_claim(key, 1)
    (name,) = server.client.keys("*")
    server.client.set(name, "another")
    pages.land(key, 1, first, None)
    assert server.client.get(name) == b"another"


def test_pages_of_queries_are_not_shared(newsroom, server):
    ask(process(newsroom, server), TECHBLOG, "/?q=anything")
    assert server.client.keys("*") == []


def test_a_page_whose_moment_has_come_is_as_good_as_none(newsroom, server):
    newsroom.until = timezone.now() + timedelta(hours=1)
    ask(process(newsroom, server), TECHBLOG)
    (name,) = server.client.keys("*")
    head, _, body = server.client.get(name).partition(b"\n")
    for until in (time.time() - 1, "x"):
        server.client.set(name, json.dumps(json.loads(head) | {"until": until}).encode() + b"\n" + body)
        assert ask(process(newsroom, server), TECHBLOG).cache_status == STORED


def test_a_stranger_in_redis_s_place_costs_no_page(newsroom, monkeypatch, server):
    monkeypatch.setattr(Redis, "execute_command", Mock(side_effect=AttributeError("not what the library expects")))
    cache = process(newsroom, server)
    assert ask(cache, TECHBLOG).cache_status == STORED


def test_a_redis_that_answers_slowly_is_left_alone(newsroom, server, monkeypatch):
    slow = Shared(server.url, "one")
    monkeypatch.setattr(shared_pages, "TIMEOUT_SECONDS", -1.0)
    ask(PageCache(newsroom, 1_000_000, slow), TECHBLOG)
    assert slow._closed_until > time.monotonic()


def test_a_held_page_leaves_no_claim_and_does_not_live_for_ever(newsroom, server):
    ask(process(newsroom, server), TECHBLOG)
    (name,) = server.client.keys("*")
    assert 0 < server.client.ttl(name) <= shared_pages.LIFETIME_SECONDS


@pytest.mark.parametrize("damage", ["foreign", "cut", "nonsense", "empty"])
def test_an_entry_that_is_not_the_site_s_page_is_as_good_as_none(newsroom, server, sites, damage):
    ask(process(newsroom, server), TECHBLOG)
    (name,) = server.client.keys("*")
    head, _, body = server.client.get(name).partition(b"\n")
    about = json.loads(head)
    foreign = json.dumps(about | {"site": sites[FINANCEBLOG].pk}).encode() + b"\n" + body
    damaged = {"foreign": foreign, "cut": head + b"\n" + body[:20], "nonsense": b"\x80\x04nonsense", "empty": b"\n"}
    server.client.set(name, damaged[damage])
    assert ask(process(newsroom, server), TECHBLOG).cache_status == STORED


def test_processes_that_ask_at_once_cost_one_rendering(newsroom, server):
    directory.names()
    caches = [process(newsroom, server) for _ in range(8)]
    everybody, go_on = threading.Barrier(len(caches)), threading.Event()
    newsroom.before = lambda: go_on.wait(5)
    answers = []

    def reader(cache: PageCache) -> None:
        everybody.wait()
        answers.append(ask(cache, TECHBLOG))

    threads = [threading.Thread(target=reader, args=[cache]) for cache in caches]
    for thread in threads:
        thread.start()
    while not newsroom.rendered:
        time.sleep(0.001)
    go_on.set()
    for thread in threads:
        thread.join()
    assert len(newsroom.rendered) == 1
    assert len({answer.body for answer in answers}) == 1


def test_a_process_that_dies_while_rendering_keeps_the_others_waiting_for_a_moment_only(newsroom, server, monkeypatch):
    monkeypatch.setattr(shared_pages, "RENDERING_SECONDS", 0.05)
    cache = process(newsroom, server)
    ask(cache, TECHBLOG, "/a/")
    (name,) = server.client.keys("*")
    server.client.delete(name)
    server.client.set(f"{name.decode()}:claim", b"1")
    assert ask(process(newsroom, server), TECHBLOG, "/a/").status == 200


def test_without_redis_pages_are_held_by_each_process_and_redis_is_asked_once_in_a_while(newsroom, server, monkeypatch):
    asked = Mock(side_effect=RedisError("away"))
    monkeypatch.setattr(Redis, "execute_command", asked)
    cache = PageCache(newsroom, 1_000_000, Shared("unix:///nonexistent/redis.sock", "one"))
    for number in range(5):
        assert ask(cache, TECHBLOG, f"/{number}/").cache_status == STORED
    assert ask(cache, TECHBLOG, "/0/").cache_status == HIT
    assert asked.call_count == 1


def test_a_redis_that_does_not_answer_is_given_up_and_costs_no_page(newsroom, server):
    slow = Shared(server.url, "one")
    cache = PageCache(newsroom, 1_000_000, slow)
    # It accepts and says nothing.
    server.client.execute_command("CLIENT", "PAUSE", 5000)
    for number in range(3):
        assert ask(cache, TECHBLOG, f"/{number}/").cache_status == STORED
    assert slow._closed_until > time.monotonic()
    server.client.execute_command("CLIENT", "UNPAUSE")
    assert server.client.keys("*") == []


def test_redis_is_asked_again_once_it_was_left_alone_long_enough(newsroom, server, monkeypatch):
    cache = PageCache(newsroom, 1_000_000, broken := Shared("unix:///nonexistent/redis.sock", "one"))
    ask(cache, TECHBLOG, "/a/")
    monkeypatch.setattr(broken, "_closed_until", 0.0)
    monkeypatch.setattr(broken, "_redis", server.client)
    monkeypatch.setattr(broken, "_look_or_claim", server.client.register_script(shared_pages._LOOK_OR_CLAIM))
    ask(cache, TECHBLOG, "/b/")
    assert len(server.client.keys("*")) == 1


def test_the_release_names_the_code(settings, tmp_path):
    name = release()
    assert name == release()
    settings.PUBLIC_PORT = 8443
    assert release() != name
    settings.ROOT = tmp_path
    (tmp_path / "platform").mkdir()
    page = tmp_path / "platform" / "home.html"
    page.write_text("one")
    first = release()
    page.write_text("two")
    assert release() != first
