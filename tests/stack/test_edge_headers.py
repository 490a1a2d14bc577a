"""A hundred and fifty odd headers, to either application server, straight and through an edge: none has an effect."""

import pytest

from tests.stack.program import Program
from tests.stack.test_hosts import EVIL, HERE, OTHER, Reply, site_of
from tests.stack.wire import Answered, Asked, Wire

VALUES = {
    "host": OTHER, "scheme": "https", "path": "/evil.test/", "method": "DELETE", "address": "10.9.8.7", "port": "81",
    "user": "staff@masthead.example", "number": "2",
}  # fmt: skip
# Each name says, to some program or other, something about the request that only the request itself may say.
NAMES = {
    "host": [
        "X-Forwarded-Host", "X-Forwarded-Server", "X-Host", "X-Original-Host", "X-HTTP-Host-Override", "X-Real-Host",
        "X-Forwarded-Authority", "X-Original-Authority", "HTTP-Host", "Server-Name", "X-Site", "X-Masthead-Site",
        "X-Tenant", "X-Forwarded-Domain", "X-Served-Host", "X-Backend-Host", "X-Envoy-Original-Host", "Authority",
    ],
    "scheme": [
        "X-Forwarded-Scheme", "X-Forwarded-Protocol", "X-Forwarded-Ssl", "X-Url-Scheme", "X-Scheme", "Front-End-Https",
        "X-Original-Scheme", "wsgi.url-scheme", "Https", "X-Arr-Ssl", "CloudFront-Forwarded-Proto",
        "Request-Scheme",
    ],
    "path": [
        "X-Original-Url", "X-Rewrite-Url", "X-Original-Uri", "X-Forwarded-Uri", "X-Forwarded-Path",
        "X-Forwarded-Prefix", "X-Script-Name", "Script-Name", "Path-Info", "Request-Uri", "Raw-Uri",
        "X-Envoy-Original-Path", "X-Accel-Redirect",
        "X-Sendfile", "X-Override-Url", "X-Request-Path", "Script-Filename", "Document-Root",
    ],
    "method": [
        "X-Http-Method-Override", "X-Http-Method", "X-Method-Override", "X-Original-Method", "X-Forwarded-Method",
        "Request-Method",
    ],
    "address": [
        "X-Forwarded-For", "X-Real-Ip", "X-Client-Ip", "Client-Ip", "True-Client-Ip", "CF-Connecting-Ip",
        "X-Cluster-Client-Ip", "Fastly-Client-Ip", "Remote-Addr", "X-Originating-Ip", "X-Remote-Ip", "X-Remote-Addr",
    ],
    "port": ["X-Forwarded-Port", "Server-Port", "X-Original-Port", "Remote-Port", "X-Real-Port"],
    "user": [
        "Remote-User", "X-Remote-User", "X-Forwarded-User", "X-Auth-User", "Auth-User", "X-User", "X-Forwarded-Email",
        "X-Webauth-User", "Ssl-Client-S-Dn", "X-Ssl-Client-Cert", "Auth-Type", "Gateway-Interface",
    ],
    "number": ["X-Site-Id", "Site-Id", "X-Tenant-Id", "Surface", "X-Surface", "Max-Forwards"],
}  # fmt: skip
WHOLE = [
    ("Forwarded", f"for=10.9.8.7;host={OTHER};proto=https"), ("Via", f"1.1 {EVIL}"), ("Proxy", f"http://{EVIL}/"),
    ("Referer", f"http://{EVIL}/"), ("Origin", f"http://{EVIL}"), ("Cookie", f"site={OTHER}; host={EVIL}"),
    ("X-Forwarded-Proto", "ws"), ("X-Forwarded-Proto", "https,http"), ("X-Forwarded-Tls-Client-Cert", "x"),
    ("Upgrade-Insecure-Requests", "1"), ("Early-Data", "1"), ("Cdn-Loop", EVIL), ("Pragma", "x"), ("From", EVIL),
]  # fmt: skip
# As it is, and as names that WSGI would take for the same variable.
HEADERS = [
    *((name, VALUES[kind]) for kind, names in NAMES.items() for name in names),
    *((name.replace("-", "_"), VALUES[kind]) for kind, names in NAMES.items() for name in names if "-" in name),
    *WHOLE,
]  # fmt: skip


@pytest.fixture(scope="module", params=["gunicorn", "gunicorn behind the edge", "granian", "granian behind the edge"])
def hop(request: pytest.FixtureRequest) -> tuple[Program, int]:
    server, _, edge = request.param.partition(" ")
    program: Program = request.getfixturevalue("masthead" if server == "gunicorn" else "masthead_with_granian")
    return program, program.port if edge else program.port_of(server)


def plain(answered: Answered) -> tuple[object, ...]:
    """What a header could have an effect on."""
    said = {name: value for name, value in answered.headers if name in {"location", "link", "set-cookie", "vary"}}
    return answered.status, said, answered.body


def test_there_are_a_hundred_and_fifty():
    assert len(set(HEADERS)) >= 150


@pytest.mark.parametrize("path", ["/", "/no-such-page/"])
def test_none_of_them_has_an_effect(hop: tuple[Program, int], path: str):
    program, port = hop
    host = ("Host", f"{HERE}:{program.port}")
    with Wire(port) as wire:
        expected = plain(wire.ask(Asked("GET", path, (host,))))
        for header in HEADERS:
            odd = wire.ask(Asked("GET", path, (host, header)))
            # A server may refuse the request; if it answers, then as if the header had not been there.
            assert plain(odd) == expected or odd.status == 400, (header, odd.status)
            if odd.status == 200:
                assert site_of_bytes(odd.body) == HERE, header


def site_of_bytes(body: bytes) -> str:
    return site_of(Reply(200, "", body.decode()))
