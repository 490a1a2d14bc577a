"""The page cache: a WSGI application in front of Django, for which the framework is most of a ready page's price.

It answers a GET or HEAD whose Host is spelt exactly as the Directory has it and whose page it holds at the site's
present generation. Everything else goes to Django untouched, which stays the sole authority; what comes back and was
marked by `keeping.keep` is held. A publish raises the generation of exactly the sites that it touches: nothing is
purged, so nothing can be forgotten.
"""

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.conf import settings

from sites_core.directory import DirectoryUnavailable, directory
from sites_core.heads import close, heads_without_body
from sites_core.origins import authority
from sites_core.page_cache import pages
from sites_core.page_cache.flights import Flights
from sites_core.page_cache.keeping import KEPT, Kept
from sites_core.page_cache.memory import Key, Memory
from sites_core.page_cache.pages import Headers, Page, is_private, page_of, send
from sites_core.page_cache.queries import shaping
from sites_core.page_cache.release import release

if TYPE_CHECKING:
    from sites_core.page_cache.shared import Shared

# How long after it was last known to be right a page is shown while Django fails to make the newer one, and how long
# after a failure the next attempt is made: a database that is away must not hold a thread for each reader.
STALE_SECONDS, REST_SECONDS = 600.0, 1.0
# Of pages with a query there is no end, and anybody can ask for all of them: they share an eighth of the memory.
ENDLESS_SHARE = 1 / 8

Body = Iterable[bytes]


class Answer:
    """What Django answered, before anybody was told: it may become a page, pass, or be replaced by a stale page."""

    def __init__(self, application: WSGIApplication, environ: WSGIEnvironment) -> None:
        self.status = ""
        self.headers: Headers = []
        self.body: Body = application(environ, self._start)

    def _start(self, status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
        self.status, self.headers = status, headers
        return _no_write

    @property
    def has_failed(self) -> bool:
        return self.status.startswith("5")

    def read(self) -> bytes:
        """The whole body. Django ends its request when it is closed."""
        try:
            return b"".join(self.body)
        finally:
            close(self.body)


class PageCache:
    """`limit` is how many bytes this process holds; `shared` is what it has in common with other processes."""

    def __init__(self, application: WSGIApplication, limit: int, shared: "Shared | None" = None) -> None:
        self.endless = Memory(int(limit * ENDLESS_SHARE))
        self.memory = Memory(limit - self.endless.limit)
        self._application = application
        self._beside = heads_without_body(application)
        self._shared = shared
        self._flights = Flights()
        # What a Host header says after the hostname.
        self._port = authority("")
        self._proof_of_tls = settings.SECURE_PROXY_SSL_HEADER if settings.SECURE_SSL_REDIRECT else None
        # Hosts of the platform itself; they are all below its domain.
        self._platform = f".{settings.PLATFORM_DOMAIN}"
        # Files have their own ways of being kept.
        self._files = (settings.STATIC_URL, settings.MEDIA_URL)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Body:
        asked = self._asked(environ)
        if asked is None:
            return self._beside(environ, start_response)
        key, generation = asked
        held = self._memory(key).get(key)
        if held is not None and held.generation == generation and (held.until is None or time.time() < held.until):
            held.right_at = time.monotonic()
            return self._send(key, held, pages.HIT, environ, start_response)
        return self._miss(key, generation, held, environ, start_response)

    def _memory(self, key: Key) -> Memory:
        return self.endless if key[2] else self.memory

    def _asked(self, environ: WSGIEnvironment) -> tuple[Key, int] | None:
        """Which page is asked for, and the site's generation before it is made; None for what is Django's alone."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or environ.get("SCRIPT_NAME"):
            return None
        if self._proof_of_tls and environ.get(self._proof_of_tls[0]) != self._proof_of_tls[1]:
            return None
        host: str = environ.get("HTTP_HOST", "")
        if not host.endswith(self._port):
            return None
        hostname = host.removesuffix(self._port)
        if hostname.endswith(self._platform):
            # Before the directory: probes are answered while the database is not.
            return None
        try:
            names = directory.names()
        except DirectoryUnavailable:
            return None
        site = names.by_hostname.get(hostname)
        if site is None or site.domain != hostname or site.retired:
            return None
        path: str = environ["PATH_INFO"]
        query: str | None = environ.get("QUERY_STRING", "")
        if query:
            query = shaping(query)
        if query is None or path.startswith(self._files):
            return None
        return (site.id, path, query), names.generations[site.id]

    def _miss(
        self, key: Key, generation: int, held: Page | None, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Body:
        if held is not None and time.monotonic() < held.rests_until:
            return self._send(key, held, pages.STALE, environ, start_response)
        made, cache_status = self._made(key, generation, environ)
        if isinstance(made, Page):
            return self._send(key, made, cache_status, environ, start_response)
        if held is not None and made.has_failed and _may_stand_in(held):
            close(made.body)
            return self._send(key, held, pages.STALE, environ, start_response)
        if not made.has_failed:
            # Gone or moved: what stood here must not come back when something fails.
            self._memory(key).drop(key)
        start_response(made.status, made.headers)
        if environ["REQUEST_METHOD"] != "HEAD":
            return made.body
        close(made.body)
        return []

    def _made(self, key: Key, generation: int, environ: WSGIEnvironment) -> tuple[Page | Answer, str]:
        """The page, made by this thread, by another one or by another process; or an answer that is not to be held."""
        if not self.memory.limit:
            return self._rendered(key, generation, environ), pages.PASSED
        flight, is_first = self._flights.join((key, generation))
        if not is_first:
            page = flight.wait()
            return (page, pages.HIT) if page else (self._rendered(key, generation, environ), pages.PASSED)
        try:
            made, cache_status = self._found_or_rendered(key, generation, environ)
            if isinstance(made, Page):
                flight.page = made
                self._memory(key).put(key, made)
        finally:
            self._flights.land((key, generation))
        return made, cache_status

    def _found_or_rendered(self, key: Key, generation: int, environ: WSGIEnvironment) -> tuple[Page | Answer, str]:
        if self._shared is None or key[2]:
            return self._rendered(key, generation, environ), pages.STORED
        page, claim = self._shared.get_or_claim(key, generation)
        if page:
            return page, pages.HIT
        made: Page | Answer | None = None
        try:
            made = self._rendered(key, generation, environ)
        finally:
            self._shared.land(key, generation, claim, made if isinstance(made, Page) else None)
        return made, pages.STORED

    def _rendered(self, key: Key, generation: int, environ: WSGIEnvironment) -> Page | Answer:
        answer = Answer(self._application, environ)
        kept: Kept | None = environ.get(KEPT)
        # The view must have rendered the site that was asked for, and for everybody.
        if kept is None or kept.site_id != key[0] or not answer.status.startswith("200 ") or is_private(answer.headers):
            return answer
        return page_of(kept.site_id, generation, kept.until, answer.headers, answer.read())

    def _send(
        self, key: Key, page: Page, cache_status: str, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Body:
        if page.site_id != key[0]:
            raise RuntimeError(f"A page of site {page.site_id} was about to be shown on site {key[0]}.")
        variants = len(page.variants)
        body = send(page, cache_status, environ, start_response)
        if len(page.variants) != variants:
            self._memory(key).weigh(key, page)
        return body


def in_front_of(application: WSGIApplication) -> WSGIApplication:
    """The application with the page cache that the settings ask for before it."""
    if "reader" not in settings.SURFACES:
        return heads_without_body(application)
    return PageCache(application, settings.PAGE_CACHE_MB * 1_000_000, _shared())


def _shared() -> "Shared | None":
    if not (settings.PAGE_CACHE_REDIS_URL and settings.PAGE_CACHE_MB):
        return None
    # The client's library weighs as much as the rest of a reader's process: only where it is used.
    from sites_core.page_cache.shared import Shared

    return Shared(settings.PAGE_CACHE_REDIS_URL, release())


def _may_stand_in(held: Page) -> bool:
    now = time.monotonic()
    if now - held.right_at > STALE_SECONDS:
        return False
    held.rests_until = now + REST_SECONDS
    return True


def _no_write(data: bytes) -> object:
    raise NotImplementedError("Django does not use the write callable of WSGI.")
