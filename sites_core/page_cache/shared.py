"""The pages that several processes share, in Redis: optional, never waited for, and never trusted further than a page.

Every trouble with Redis means the same: no page there, nobody else rendering. After one it is left alone for a while,
so that a dead Redis costs one request in five seconds a tenth of a second.
"""

import hashlib
import json
import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

import zstandard
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from sites_core.page_cache.memory import Key
from sites_core.page_cache.pages import Page

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 0.1
BREAK_SECONDS = 5.0
# A page lives by its generation, not by the clock: this only sweeps what no site asks for any more.
LIFETIME_SECONDS = 6 * 3600
# How long one process may take to render before another one does it too, and how often it looks meanwhile.
RENDERING_SECONDS, LOOK_SECONDS = 3.0, 0.01
RENDERING_MILLISECONDS = int(RENDERING_SECONDS * 1000)

# A page if there is one; else 1 for whoever comes first and is to render it, 0 for the others.
_LOOK_OR_CLAIM = """
    local page = redis.call('GET', KEYS[1])
    if page then return page end
    return redis.call('SET', KEYS[2], '1', 'NX', 'PX', ARGV[1]) and 1 or 0
"""

T = TypeVar("T")


class Shared:
    """`release` is a name for the code that renders: another release's pages are not ours."""

    def __init__(self, url: str, release: str) -> None:
        self._redis: Redis = Redis.from_url(
            url,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
            retry_on_error=[],
        )
        self._look_or_claim = self._redis.register_script(_LOOK_OR_CLAIM)
        self._release = release
        self._closed_until = 0.0

    def get_or_claim(self, key: Key, generation: int) -> tuple[Page | None, bool]:
        """The page, or None and whether it is ours to render. Waits while another process renders it."""
        name = self._name(key, generation)
        deadline = time.monotonic() + RENDERING_SECONDS
        while True:
            answer = self._ask(lambda: self._look_or_claim(keys=[name, _claim(name)], args=[RENDERING_MILLISECONDS]))
            if isinstance(answer, bytes):
                return _page(answer, key[0], generation), False
            if answer != 0 or time.monotonic() > deadline:
                return None, answer == 1
            time.sleep(LOOK_SECONDS)

    def put(self, key: Key, page: Page) -> None:
        """Let every process have the page."""
        life = LIFETIME_SECONDS if page.until is None else min(LIFETIME_SECONDS, page.until - time.time())
        if life > 0:
            name = self._name(key, page.generation)
            self._ask(lambda: self._redis.set(name, _bytes(page), px=max(1, int(life * 1000))))

    def give_back(self, key: Key, generation: int) -> None:
        """Give a claim back: whoever waits for it goes on."""
        name = self._name(key, generation)
        self._ask(lambda: self._redis.delete(_claim(name)))

    def _ask(self, question: Callable[[], T]) -> T | None:
        if time.monotonic() < self._closed_until:
            return None
        try:
            return question()
        except (RedisError, OSError) as error:
            self._closed_until = time.monotonic() + BREAK_SECONDS
            log.warning(
                "Redis is left alone for %.0f s, pages are held by each process alone: %s", BREAK_SECONDS, error
            )
            return None

    def _name(self, key: Key, generation: int) -> str:
        site_id, path, query = key
        # Of fixed length, and of nothing that a client wrote.
        page = hashlib.blake2b(json.dumps([path, query]).encode(), digest_size=16).hexdigest()
        return f"masthead:page:{self._release}:{site_id}:{generation}:{page}"


def _claim(name: str) -> str:
    return f"{name}:claim"


def _bytes(page: Page) -> bytes:
    about = {"site": page.site_id, "generation": page.generation, "until": page.until, "headers": page.headers}
    return json.dumps(about).encode() + b"\n" + zstandard.ZstdCompressor(level=3).compress(page.body)


def _page(held: bytes, site_id: int, generation: int) -> Page | None:
    """What was put there, if it is this site's at this generation."""
    try:
        head, _, body = held.partition(b"\n")
        about: dict[str, Any] = json.loads(head)
        if (about["site"], about["generation"]) != (site_id, generation):
            return None
        headers = [(str(name), str(value)) for name, value in about["headers"]]
        return Page(site_id, generation, about["until"], headers, zstandard.ZstdDecompressor().decompress(body))
    except (ValueError, KeyError, TypeError, zstandard.ZstdError):
        return None
