"""Odd hosts and smuggled headers, byte for byte, to either application server, straight and through the edge.

Whatever is sent: no answer of the server's own failing, no page of another site than the host names, and nothing of
the odd input in a URL of the answer.
"""

import re
import socket
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

import pytest

from sites_core.directory import POLL_SECONDS
from tests.stack.program import Program, until
from tests.stack.test_sites import execute

HERE, OTHER, EVIL = "techblog.localhost", "financeblog.localhost", "evil.test"
# Of techblog, the demo's first site.
PREVIEWS = "preview-1.localhost"

# Spellings of a host that is served: the page is this site's, under its canonical name.
SPELLINGS = ["{here}", "{HERE}", "TechBlog.localhost", "{here}.", "{here}:{port}", "{here}.:{port}", "{HERE}:80",
             "{here}:443", "{here}:080"]  # fmt: skip

# Not a spelling of anything.
MALFORMED = [
    "", ".", "..", ":", "-", "*", "[", "]", "{here}..", ".{here}", "tech..blog.localhost", "{here}:", "{here}:0",
    "{here}:81", "{here}:99999", "{here}:abc", "{here}:-1", "{here}:{port}:80", "{here}:8 0", "{here} ", "{here}\t",
    "{here}:" + "9" * 50, "user@{here}", "user:secret@{here}", "@{here}", "{here}/", "{here}/x", "http://{here}",
    "//{here}", "{here}?x", "{here}#x", "{here}\\x", "{here},{other}", "{here}, {other}", "{here};a", "{here}%00",
    "t%65chblog.localhost", "tech_blog.localhost", "*.localhost", "127.0.0.1", "127.0.0.1:{port}", "0x7f000001",
    "2130706433.0", "[::1]", "[::1]:{port}", "::1", "[fe80::1%25eth0]", "[::ffff:127.0.0.1]", "[{here}]",
    "téchblog.localhost", "techblоg.localhost", "ｔechblog.localhost", "techblog。localhost", "techblog.ſocalhost",
    "xn--.localhost", "ab--cd.localhost", "-a.localhost", "a-.localhost", "a" * 64 + ".localhost", "a." * 130 + "test",
    "a" * 8192, "'{here}'", '"{here}"', "<{here}>", "$(id).localhost", "`id`", "{here}!", "{here}&a", "{here}|a",
    "{here}\x0b", "{here}\x7f", "{here}\x00", "(techblog).localhost", "~techblog.localhost",
]  # fmt: skip

# Well formed, and nobody's.
UNKNOWN = [
    "evil.test", "techblog.localhost.evil.test", "xn--techblog-1fg.localhost", "techb1og.localhost", "techblog",
    "localhost", "blog.techblog.localhost", "masthead.localhost", "reader.masthead.localhost",
    "studio.masthead.localhost.evil.test", "ops.evil.test", "studio.techblog.localhost", "internal.masthead.localhost",
    "INTERNAL.masthead.localhost.", "internal.masthead.localhost:{port}", "xn--80ak6aa92e.com",
]  # fmt: skip

# Beside the right host: none of these says which site, which path or which scheme it is.
HEADERS = [
    "X-Forwarded-Host: {other}", "X-Forwarded-Host: evil.test", "X_Forwarded_Host: {other}",
    "X_Forwarded_Proto: https", "X-Forwarded-Proto: https",
    "X-Forwarded-Server: {other}",
    "X-Forwarded-Port: 81", "X-Forwarded-Prefix: /evil.test", "X-Forwarded-For: 10.9.8.7", "X-Real-Ip: 10.9.8.7",
    "Forwarded: host={other};proto=https", "X-Host: {other}", "X-Original-Host: {other}", "X-Site-Id: 2",
    "X-Original-Url: /evil.test/", "X-Rewrite-Url: /evil.test/", "X-Http-Host-Override: {other}",
    "Script-Name: /evil.test",
    "SCRIPT_NAME: /evil.test", "Script_Name: /evil.test", "PATH_INFO: /evil.test/", "Path-Info: /evil.test/",
    "REMOTE_USER: staff@masthead.example", "Remote-User: staff@masthead.example", "HTTP_HOST: {other}",
    "Http-Host: {other}",
    "SERVER_NAME: {other}", "Server-Name: {other}", "SERVER_PORT: 81", "REQUEST_METHOD: DELETE",
    "wsgi.url_scheme: https",
    "wsgi_url_scheme: https", "X-Http-Method-Override: DELETE", "Proxy: http://evil.test/",
    "Referer: http://evil.test/",
    "Origin: http://evil.test", "X-Masthead-Site: {other}", "Surface: ops", "Cookie: site={other}; host=evil.test",
]  # fmt: skip

# Whole requests whose parts disagree.
REQUESTS = {
    "no host": "GET / HTTP/1.1\r\n\r\n",
    "no host, HTTP/1.0": "GET / HTTP/1.0\r\n\r\n",
    "two hosts": "GET / HTTP/1.1\r\nHost: {here}\r\nHost: {other}\r\n\r\n",
    "two hosts, one name": "GET / HTTP/1.1\r\nHost: {here}\r\nHost: {here}\r\n\r\n",
    "host folded": "GET / HTTP/1.1\r\nHost: {here}\r\n {other}\r\n\r\n",
    "host with space before colon": "GET / HTTP/1.1\r\nHost : {other}\r\nHost: {here}\r\n\r\n",
    "underscore host": "GET / HTTP/1.1\r\nH_ost: {other}\r\nHost: {here}\r\n\r\n",
    "absolute form, unknown": "GET http://evil.test/ HTTP/1.1\r\nHost: {here}\r\n\r\n",
    "absolute form, malformed": "GET http://user@evil.test:99/ HTTP/1.1\r\nHost: {here}\r\n\r\n",
    "authority form": "CONNECT evil.test:443 HTTP/1.1\r\nHost: {here}\r\n\r\n",
    "path that looks like a host": "GET //evil.test/ HTTP/1.1\r\nHost: {here}\r\n\r\n",
    "encoded slashes": "GET /%2f%2fevil.test/x HTTP/1.1\r\nHost: {here}\r\n\r\n",
    "backslashes": "GET /\\evil.test/x HTTP/1.1\r\nHost: {here}\r\n\r\n",
    "dots": "GET /../../evil.test/ HTTP/1.1\r\nHost: {here}\r\n\r\n",
    "NUL in the path": "GET /%00evil.test HTTP/1.1\r\nHost: {here}\r\n\r\n",
    "no UTF-8 in the path": "GET /%ff%fe HTTP/1.1\r\nHost: {here}\r\n\r\n",
    "two lengths": "GET / HTTP/1.1\r\nHost: {here}\r\nContent-Length: 0\r\nContent-Length: 40\r\n\r\n",
    "length and chunks": "POST / HTTP/1.1\r\nHost: {here}\r\nContent-Length: 40\r\nTransfer-Encoding: chunked\r\n\r\n"
    "0\r\n\r\n",
    "chunks by another name": "GET / HTTP/1.1\r\nHost: {here}\r\nTransfer-Encoding: xchunked\r\n\r\n",
    "chunks in a header by underscore": "GET / HTTP/1.1\r\nHost: {here}\r\nTransfer_Encoding: chunked\r\n\r\n",
    "line feed in the path": "GET /%0d%0aLocation:%20http://evil.test/ HTTP/1.1\r\nHost: {here}\r\n\r\n",
}  # fmt: skip


class Hop(NamedTuple):
    name: str
    port: int
    program: Program


@dataclass(frozen=True)
class Reply:
    status: int  # 0: the connection was closed without an answer
    head: str
    body: str

    @property
    def urls(self) -> Iterable[str]:
        yield from re.findall(r"(?im)^(?:location|link|content-location):\s*(.*)$", self.head)
        yield from re.findall(r"""(?:href|src|action|content)=["']?([^"'>\s]*)""", self.body)


@pytest.fixture(scope="module", params=["gunicorn", "gunicorn behind the edge", "granian", "granian behind the edge"])
def hop(request: pytest.FixtureRequest) -> Hop:
    server, _, edge = request.param.partition(" ")
    program: Program = request.getfixturevalue("masthead" if server == "gunicorn" else "masthead_with_granian")
    return Hop(request.param, program.port if edge else program.port_of(server), program)


def send(hop: Hop, request: bytes) -> Reply:
    received = b""
    with socket.create_connection(("127.0.0.1", hop.port), timeout=15) as connection:
        connection.sendall(request)
        with suppress(ConnectionResetError):
            while chunk := connection.recv(65536):
                received += chunk
    head, _, body = received.decode("utf-8", "replace").partition("\r\n\r\n")
    status = re.match(r"HTTP/1\.[01] (\d{3})", head)
    return Reply(int(status[1]) if status else 0, head, body)


def filled(text: str, hop: Hop) -> bytes:
    values = {"here": HERE, "HERE": HERE.upper(), "other": OTHER, "port": str(hop.program.port)}
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text.encode()


def get(hop: Hop, host: bytes, header: bytes = b"Accept: */*") -> Reply:
    return send(hop, b"GET / HTTP/1.1\r\nHost: " + host + b"\r\n" + header + b"\r\nConnection: close\r\n\r\n")


def site_of(reply: Reply) -> str:
    """Whose page it is, by the canonical link that every page carries."""
    found = re.search(r'<link rel="canonical" href="http://([^/:"]+)', reply.body)
    return found[1] if found else ""


def assert_harmless(reply: Reply) -> None:
    # 501 is the edge's word for CONNECT, and the servers' for an encoding that they do not know.
    assert reply.status < 500 or reply.status == 501, reply.head
    assert not [url for url in reply.urls if EVIL in url or url.startswith((f"http://{OTHER}", f"//{OTHER}"))], (
        reply.head
    )


@pytest.mark.parametrize("host", SPELLINGS)
def test_every_spelling_of_a_host_is_one_site(hop: Hop, host: str):
    reply = get(hop, filled(host, hop))
    assert reply.status == 200, reply.head
    assert site_of(reply) == HERE
    assert f'href="http://{HERE}:{hop.program.port}/"' in reply.body


@pytest.mark.parametrize("host", MALFORMED, ids=lambda host: ascii(host)[:40])
def test_a_malformed_host_is_refused(hop: Hop, host: str):
    reply = get(hop, filled(host, hop))
    # 0: closed without a word; 431: longer than any host can be. White space around a value is no part of it.
    if filled(host, hop).strip(b" \t") == HERE.encode():
        assert site_of(reply) == HERE
    else:
        assert reply.status in {0, 400, 404, 431}, reply.head
        assert site_of(reply) == ""
    assert_harmless(reply)


@pytest.mark.parametrize("host", UNKNOWN)
def test_an_unknown_host_is_not_found(hop: Hop, host: str):
    reply = get(hop, filled(host, hop))
    # Past the edge the internal host is known, and has nothing at its root.
    assert reply.status == 404, reply.head
    assert site_of(reply) == ""
    assert_harmless(reply)


# Not a spelling of the host of anybody's previews.
NO_PREVIEWS = [
    "preview-01.localhost", "preview-0.localhost", "preview-999999999.localhost", "preview-99999999999.localhost",
    "preview-1.localhost.evil.test", "preview-1.techblog.localhost", "preview-1.masthead.localhost",
    "x.preview-1.localhost", "preview--1.localhost", "preview-1a.localhost", "xpreview-1.localhost",
]  # fmt: skip


@pytest.mark.parametrize("host", NO_PREVIEWS)
def test_nothing_else_is_the_host_of_previews(hop: Hop, host: str):
    reply = get(hop, host.encode())
    assert reply.status in {400, 404}, reply.head
    assert "x-robots-tag" not in reply.head.lower()
    assert_harmless(reply)


def test_the_host_of_previews_is_served_by_every_server_and_keeps_nothing(hop: Hop):
    reply = get(hop, PREVIEWS.encode())
    assert reply.status == 302, reply.head
    head = reply.head.lower()
    assert f"location: http://{HERE}:{hop.program.port}/" in head
    for line in (
        "cache-control: no-store",
        "x-robots-tag: noindex, nofollow, noarchive",
        "referrer-policy: no-referrer",
    ):
        assert line in head
    assert "set-cookie" not in head
    assert "cache-status" not in head


@pytest.mark.parametrize("header", HEADERS)
def test_no_other_header_decides(hop: Hop, header: str):
    plain, odd = get(hop, HERE.encode()), get(hop, HERE.encode(), filled(header, hop))
    assert_harmless(odd)
    # A server may refuse the request; if it answers, then as if the header had not been there.
    assert (odd.status, odd.body) == (plain.status, plain.body) or odd.status == 400, odd.head


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_that_contradicts_itself_is_harmless(hop: Hop, name: str):
    request = filled(REQUESTS[name], hop)
    reply = send(hop, request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
    assert_harmless(reply)
    assert site_of(reply) in {"", HERE}


@pytest.mark.parametrize("name", [f"{surface}.masthead.localhost.{EVIL}" for surface in ("studio", "ops", "internal")])
def test_a_site_called_like_a_surface_is_a_site_on_either_hop(hop: Hop, name: str):
    execute(
        hop.program, f"INSERT INTO django_site (domain, name) VALUES ('{name}', 'Look-alike') ON CONFLICT DO NOTHING"
    )
    until(lambda: get(hop, name.encode()).status == 200)
    for path in ("/readyz/", "/sign-in/", "/login/"):
        reply = send(hop, f"GET {path} HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode())
        assert reply.status == 404, reply.head
    execute(hop.program, f"DELETE FROM django_site WHERE domain = '{name}'")
    # Other tests ask for the name as for nobody's. Each worker forgets it at its next poll.
    time.sleep(2 * POLL_SECONDS)
    assert get(hop, name.encode()).status == 404


def test_the_tables_have_a_hundred_forms():
    assert len(SPELLINGS) + len(MALFORMED) + len(UNKNOWN) + len(HEADERS) + len(REQUESTS) >= 100
