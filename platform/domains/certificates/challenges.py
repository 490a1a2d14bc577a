"""What a certificate authority asks a name's own host for: answered in front of the page cache and of Django.

In front, because it comes in plain HTTP and without a site: a redirect to TLS, to a primary hostname or to a page that
is not there would end the order. Any worker of any server answers, for the challenge is a row in the database, and only
for the host that it is of.
"""

import re
from collections.abc import Iterable
from http import HTTPStatus
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone

from sites_core.hostnames import MalformedHost, canonical_host

BELOW = "/.well-known/acme-challenge/"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,200}\Z", re.ASCII)
# The authority asks at port 80, and an edge may listen elsewhere.
_ANY_PORT = range(65536)


def answering(application: WSGIApplication) -> WSGIApplication:
    """The application, with the challenges of certificate authorities answered before it."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith(BELOW) or environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return application(environ, start_response)
        try:
            expected = _expected(environ.get("HTTP_HOST", ""), environ["PATH_INFO"].removeprefix(BELOW))
        except DatabaseError:
            return _say(HTTPStatus.SERVICE_UNAVAILABLE, "Unavailable.\n", environ, start_response)
        if expected is None:
            return _say(HTTPStatus.NOT_FOUND, "Not found.\n", environ, start_response)
        return _say(HTTPStatus.OK, expected, environ, start_response)

    return answer


def _expected(host: str, token: str) -> str | None:
    """What the authority expects of this host, or None: no such challenge, or it is another name's, or over."""
    # Models are known when the first request comes.
    from domains.models import Challenge

    if not _TOKEN.match(token):
        return None
    try:
        name = canonical_host(host, _ANY_PORT)
    except MalformedHost:
        return None
    try:
        asked = Challenge.objects.filter(token=token, name=name, until__gt=timezone.now())
        return asked.values_list("answer", flat=True).first()
    finally:
        # Django gives a connection back when its request ends, and this is none of its requests.
        if not connection.in_atomic_block:
            connection.close()


def _say(status: HTTPStatus, text: str, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    body = text.encode()
    headers = [
        ("Content-Type", "text/plain; charset=utf-8" if status >= 400 else "application/octet-stream"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append(("Retry-After", "2"))
    start_response(f"{status.value} {status.phrase}", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
