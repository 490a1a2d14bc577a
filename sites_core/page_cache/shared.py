"""The pages that several processes share, in Redis: optional, never waited for, and never trusted further than a page.

Every trouble with Redis means the same: no page there, nobody else rendering. After one it is left alone for a while,
so that a dead Redis costs one request in five seconds a tenth of a second.
"""

import hashlib
import json
import logging
import secrets
import time
from collections.abc import Callable
from typing import Any

import zstandard
from redis import Redis
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

# Redis counts its 100 ms by the read and names are looked up without any; whatever took longer ends the asking too.

# A page if there is one; else whether to render: because nobody else does, or because the answer is not one to hold.
_LOOK_OR_CLAIM = """
    local page = redis.call('GET', KEYS[1])
    if page then return page end
    local claim = redis.call('GET', KEYS[2])
    if claim == 'not held' then return 'not held' end
    if claim then return 'wait' end
    redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
    return 'ours'
"""
# What became of a claim: a page, or nothing that is held, which nobody need wait for in the next second.
_LAND = """
    local is_ours = redis.call('GET', KEYS[2]) == ARGV[1]
    if ARGV[2] ~= '' then
        redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
        if is_ours then redis.call('DEL', KEYS[2]) end
    elseif is_ours then
        redis.call('SET', KEYS[2], 'not held', 'PX', 1000)
    end
"""


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
        self._land = self._redis.register_script(_LAND)
        self._release = release
        self._closed_until = 0.0

    def get_or_claim(self, key: Key, generation: int) -> tuple[Page | None, str]:
        """The page, or None and a claim: what `land` is to be told once it is rendered.

        Waits while another process renders it, for some seconds at most.
        """
        name = self._name(key, generation)
        claim = secrets.token_hex(8)
        deadline = time.monotonic() + RENDERING_SECONDS
        while True:
            answer = self._ask(lambda: self._look_or_claim(keys=_keys(name), args=[claim, RENDERING_MILLISECONDS]))
            if answer != b"wait" or time.monotonic() > deadline:
                break
            time.sleep(LOOK_SECONDS)
        is_page = answer not in {None, b"wait", b"ours", b"not held"}
        return (_page(answer, key[0], generation) if is_page else None), claim

    def land(self, key: Key, generation: int, claim: str, page: Page | None) -> None:
        """Let every process have the page, or know that this is none to wait for."""
        life = LIFETIME_SECONDS if page is None or page.until is None else page.until - time.time()
        held = _bytes(page) if page and life > 0 else b""
        milliseconds = max(1, int(min(life, LIFETIME_SECONDS) * 1000))
        name = self._name(key, generation)
        self._ask(lambda: self._land(keys=_keys(name), args=[claim, held, milliseconds]))

    def _ask(self, question: Callable[[], Any]) -> Any:
        began = time.monotonic()
        if began < self._closed_until:
            return None
        try:
            answer = question()
        except Exception as error:  # noqa: BLE001 -- whatever a stranger on that port makes the library say
            self._leave_alone(repr(error))
            return None
        if time.monotonic() - began > TIMEOUT_SECONDS:
            self._leave_alone("it took too long to answer")
        return answer

    def _leave_alone(self, why: str) -> None:
        self._closed_until = time.monotonic() + BREAK_SECONDS
        log.warning("Redis is left alone for %.0f s, processes hold pages on their own: %s", BREAK_SECONDS, why)

    def _name(self, key: Key, generation: int) -> str:
        site_id, path, query = key
        # Of fixed length, and of nothing that a client wrote.
        page = hashlib.blake2b(json.dumps([path, query]).encode(), digest_size=16).hexdigest()
        return f"masthead:page:{self._release}:{site_id}:{generation}:{page}"


def _keys(name: str) -> list[str]:
    return [name, f"{name}:claim"]


def _bytes(page: Page) -> bytes:
    about = {"site": page.site_id, "generation": page.generation, "until": page.until, "headers": page.headers}
    return json.dumps(about).encode() + b"\n" + zstandard.ZstdCompressor(level=3).compress(page.body)


def _page(held: bytes, site_id: int, generation: int) -> Page | None:
    """What was put there, if it is this site's at this generation and its time has not come."""
    try:
        head, _, body = held.partition(b"\n")
        about: dict[str, Any] = json.loads(head)
        until = None if about["until"] is None else float(about["until"])
        if (about["site"], about["generation"]) != (site_id, generation) or (until and until <= time.time()):
            return None
        headers = [(str(name), str(value)) for name, value in about["headers"]]
        return Page(site_id, generation, until, headers, zstandard.ZstdDecompressor().decompress(body))
    except (ValueError, KeyError, TypeError, AttributeError, zstandard.ZstdError):
        return None
