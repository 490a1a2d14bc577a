"""A page that is held: its bytes, ready to be sent in each compression that was ever asked for."""

import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from wsgiref.types import StartResponse, WSGIEnvironment

from sites_core.page_cache.encodings import SHORTEST, chosen, compressed

Headers = list[tuple[str, str]]

# RFC 9211: says to people and to tests where an answer came from.
HIT, STALE = "Masthead; hit", "Masthead; hit; detail=stale"
STORED, PASSED = "Masthead; fwd=miss; stored", "Masthead; fwd=miss"

# What Python keeps beside the bytes of a page, and of each of its compressions: measured, in bytes.
PAGE_OVERHEAD, VARIANT_OVERHEAD = 1200, 1200
# As long as a shared cache beyond this one may show a page unasked, s-maxage and stale-while-revalidate together: so
# long before its next scheduled change a page is not to be kept there.
KEPT_BEYOND_SECONDS = 90.0
# Of the headers of a page those that a 304 repeats not: they are about the bytes that it does not carry.
_OF_THE_BODY = {"content-type", "content-length", "content-encoding"}


@dataclass(frozen=True, slots=True)
class Variant:
    """One compression of a page: its tag, what is sent, and the two sets of headers, without the Cache-Status."""

    tag: str
    body: bytes
    headers: Headers
    unchanged: Headers


@dataclass(slots=True, eq=False)
class Page:
    """An answer with status 200. `headers` are the view's; `until` is in seconds since the epoch."""

    site_id: int
    generation: int
    until: float | None
    headers: Headers
    body: bytes
    # Monotonic times: when it was last known to be right, and, since a newer one could not be made, when to try again.
    right_at: float = field(default_factory=time.monotonic)
    rests_until: float = 0.0
    variants: dict[str, Variant] = field(default_factory=dict)

    @property
    def weight(self) -> int:
        """Bytes of memory, about."""
        variants = list(self.variants.items())
        compressed = sum(len(variant.body) for name, variant in variants if name)
        headers = sum(len(name) + len(value) for name, value in self.headers)
        return PAGE_OVERHEAD + headers + len(self.body) + compressed + VARIANT_OVERHEAD * len(variants)

    def variant(self, encoding: str) -> Variant:
        """Made once: two threads that both make it make the same."""
        made = self.variants.get(encoding)
        if made is None:
            made = self.variants[encoding] = _variant(self, encoding)
        return made


def page_of(site_id: int, generation: int, until: datetime | None, headers: Headers, body: bytes) -> Page:
    moment = until.timestamp() if until else None
    own = [(name, value) for name, value in headers if name.lower() not in {"content-length", "etag"}]
    return Page(site_id, generation, moment, own, body)


def is_private(headers: Headers) -> bool:
    """Whether an answer says of itself that it is one client's or one encoding's: never held, whatever a view said."""
    return any(
        name.lower() == "set-cookie"
        or (name.lower() == "vary" and value.lower() != "accept-encoding")
        or name.lower() == "content-encoding"
        or (name.lower() == "cache-control" and ("no-store" in value.lower() or "private" in value.lower()))
        for name, value in headers
    )


def send(page: Page, cache_status: str, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer a GET or HEAD with the page, compressed as the client takes it, or with 304 if the client has it."""
    accepted = environ.get("HTTP_ACCEPT_ENCODING")
    encoding = chosen(accepted) if accepted and len(page.body) >= SHORTEST else ""
    variant = page.variants.get(encoding) or page.variant(encoding)
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known is not None and (variant.tag in known or known.strip() == "*"):
        start_response("304 Not Modified", _told(page, variant.unchanged, cache_status))
        return []
    start_response("200 OK", _told(page, variant.headers, cache_status))
    # A list: granian sends anything else piece by piece, a fifth slower.
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [variant.body]


def _told(page: Page, headers: Headers, cache_status: str) -> Headers:
    # A list of its own each time: a server may add to it.
    told = [*headers, ("Cache-Status", cache_status)]
    if page.until is not None and page.until - time.time() < KEPT_BEYOND_SECONDS:
        told = [("Cache-Control", "no-cache") if name.lower() == "cache-control" else (name, v) for name, v in told]
    return told


def _variant(page: Page, encoding: str) -> Variant:
    body = compressed(page.body, encoding) if encoding else page.body
    digest = hashlib.blake2b(page.body, digest_size=12).hexdigest()
    # A strong tag is one of bytes: each compression has its own.
    tag = f'"{digest}-{encoding}"' if encoding else f'"{digest}"'
    about = [("ETag", tag), ("Vary", "Accept-Encoding")]
    own = [(name, value) for name, value in page.headers if name.lower() != "vary"]
    encoded = [("Content-Encoding", encoding)] if encoding else []
    return Variant(
        tag=tag,
        body=body,
        headers=[*own, *about, *encoded, ("Content-Length", str(len(body)))],
        unchanged=[header for header in own if header[0].lower() not in _OF_THE_BODY] + about,
    )
