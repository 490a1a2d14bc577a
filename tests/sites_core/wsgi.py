"""Speaks WSGI to the page cache, with a small application behind it in Django's place."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.test import RequestFactory

from sites_core.directory import directory
from sites_core.page_cache.keeping import KEPT, Kept

WORDS = "Words that are worth compressing. " * 40


@dataclass(frozen=True)
class Got:
    """An answer as a client sees it."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def cache_status(self) -> str:
        return self.headers.get("Cache-Status", "")


@dataclass
class Newsroom:
    """Renders a page with the site, the path and a count; what is set on it changes what it answers."""

    status: str = "200 OK"
    headers: list[tuple[str, str]] = field(default_factory=list)
    until: datetime | None = None
    is_kept: bool = True
    as_site: int | None = None
    before: Callable[[], None] = lambda: None
    rendered: list[str] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        host = environ["HTTP_HOST"]
        self.rendered.append(f"{host}{environ['PATH_INFO']}")
        number = len(self.rendered)
        self.before()
        site = directory.names().by_hostname.get(host.partition(":")[0])
        if self.is_kept and site:
            environ[KEPT] = Kept(self.as_site or site.id, self.until)
        start_response(self.status, [("Content-Type", "text/plain"), *self.headers])
        return [f"{host} {environ['PATH_INFO']}?{environ['QUERY_STRING']} {number} {WORDS}".encode()]


def ask(application: Any, host: str, path: str = "/", method: str = "GET", **headers: str) -> Got:
    """One request. Headers by their names with underscores: `accept_encoding="br"`."""
    environ = RequestFactory().generic(method, path).environ
    environ |= {"HTTP_HOST": host} | {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    told: list[Any] = []
    body = application(environ, lambda status, headers, exc_info=None: told.extend([status, headers]))
    whole = b"".join(body)
    getattr(body, "close", lambda: None)()
    assert len({name.lower() for name, _ in told[1]}) == len(told[1]), told[1]
    return Got(int(told[0].split()[0]), dict(told[1]), whole)
