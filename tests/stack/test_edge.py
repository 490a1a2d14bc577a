"""The real edge, with certificates of the real application's database: what it serves, and what never takes it away."""

import http.client
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.stack.program import Program, until
from tests.stack.secured import PLATFORM, Secured, secured

KNOWN, OTHER = "techblog.localhost", "financeblog.localhost"
STUDIO = f"studio.{PLATFORM}"


@pytest.fixture(scope="module")
def edge(masthead: Program, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    with secured(masthead, tmp_path_factory.mktemp("edge")) as edge:
        edge.certify(KNOWN, OTHER, STUDIO)
        until(lambda: edge.get(KNOWN) == 200, otherwise=edge.said)
        try:
            yield edge
        finally:
            edge.execute("DELETE FROM domains_certificate")


@pytest.fixture(scope="module")
def copy(edge: Secured) -> Secured:
    """With the last good copy beside it."""
    edge.copy()
    return edge


@pytest.fixture
def copied(copy: Secured) -> Iterator[Secured]:
    """The same, and the application itself again afterwards."""
    edge = copy
    yield edge
    edge.stand_in.answers = None


def test_a_certificate_in_the_database_is_served_within_seconds_and_refused_after_its_removal(edge: Secured):
    name = "added-to-the-edge.localhost"
    edge.add_site(name)
    assert edge.presents(name) is None
    began = time.monotonic()
    edge.certify(name)
    until(lambda: edge.get(name) == 200, otherwise=edge.said)
    # A poll, a throttle and a reload, each of a second at most; and reserve for a machine that is busy.
    assert time.monotonic() - began < 20
    edge.remove(name)
    until(lambda: edge.presents(name) is None)
    assert edge.get(KNOWN) == 200


def test_a_renewed_certificate_takes_the_place_of_the_old_one(edge: Secured):
    before = edge.presents(OTHER)
    edge.certify(OTHER)
    until(lambda: edge.presents(OTHER) not in {None, before})


@pytest.mark.parametrize(
    "name", ["nobody.knows.test", f"internal.{PLATFORM}", "x.techblog.localhost", "127.0.0.1", None]
)
def test_whoever_asks_for_another_name_meets_no_certificate(edge: Secured, name: str | None):
    assert edge.presents(name) is None


def test_tls_is_modern_and_http_2_and_3_are_offered(edge: Secured):
    trusted = ssl.create_default_context(cafile=str(edge.roots))
    trusted.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", edge.tls_port)) as plain,
        trusted.wrap_socket(plain, server_hostname=KNOWN) as connection,
    ):
        assert connection.selected_alpn_protocol() == "h2"
        assert connection.version() == "TLSv1.3"
    assert f'h3=":{edge.tls_port}"' in ask(edge, KNOWN).headers["Alt-Svc"]
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.load_verify_locations(edge.roots)
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection(("127.0.0.1", edge.tls_port)) as plain, pytest.raises(ssl.SSLError):
        old.wrap_socket(plain, server_hostname=KNOWN)


def ask(
    edge: Secured, host: str, path: str = "/", *, tls: bool = True, method: str = "GET"
) -> http.client.HTTPResponse:
    """The head of an answer, for a host of whatever certificate; by plain HTTP without `tls`."""
    connection: http.client.HTTPConnection
    if tls:
        trusted = ssl.create_default_context(cafile=str(edge.roots))
        connection = http.client.HTTPSConnection("127.0.0.1", edge.tls_port, timeout=10, context=trusted)
        plain = socket.create_connection(("127.0.0.1", edge.tls_port), timeout=10)
        connection.sock = trusted.wrap_socket(plain, server_hostname=KNOWN)
    else:
        connection = http.client.HTTPConnection("127.0.0.1", edge.port, timeout=10)
    with closing(connection):
        connection.request(method, path, headers={"Host": host, "Connection": "close"})
        reply = connection.getresponse()
        reply.read()
        return reply


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_plain_http_is_sent_to_https_with_path_and_query(edge: Secured, method: str):
    reply = ask(edge, f"{KNOWN}:{edge.port}", "/a/b?x=1&y=%20z", tls=False, method=method)
    assert reply.status == (301 if method == "GET" else 308)
    assert reply.headers["Location"] == f"https://{KNOWN}:{edge.tls_port}/a/b?x=1&y=%20z"


def test_the_authoritys_question_reaches_the_application_in_plain_http(edge: Secured):
    reply = ask(edge, KNOWN, "/.well-known/acme-challenge/an-unknown-token-of-nobody", tls=False)
    assert reply.status == 404
    assert "Location" not in reply.headers
    # Nothing else does, by whatever spelling.
    for path in (
        "/.well-known/acme-challenge",
        "/.well-known/acme-challenge/../../",
        "/x/.well-known/acme-challenge/y",
    ):
        assert ask(edge, KNOWN, path, tls=False).status == 301, path


def test_an_alias_redirects_with_path_and_query(edge: Secured):
    edge.execute(
        "INSERT INTO sites_core_hostname (site_id, name) SELECT id, 'www.techblog.localhost' FROM django_site "
        "WHERE domain = %s ON CONFLICT DO NOTHING",
        KNOWN,
    )
    try:
        until(lambda: ask(edge, "www.techblog.localhost").status == 308)
        reply = ask(edge, "www.techblog.localhost", "/a/b/?x=1&y=2")
        assert reply.status == 308
        # The shared program believes itself in plain HTTP.
        assert reply.headers["Location"] == f"http://{KNOWN}:{edge.masthead.port}/a/b/?x=1&y=2"
    finally:
        edge.execute("DELETE FROM sites_core_hostname WHERE name = 'www.techblog.localhost'")
        edge.execute("DELETE FROM domains_tombstone WHERE name = 'www.techblog.localhost'")


def test_the_internal_host_is_not_to_be_had_by_https_either(edge: Secured):
    for path in ("/readyz", "/edge/traefik.json"):
        assert ask(edge, f"internal.{PLATFORM}", path).status == 404


WRONG: dict[str, tuple[int, bytes] | str] = {
    "500": (500, b"broken"),
    "503": (503, b"not now"),
    "a page": (200, b"<!doctype html><title>It works</title>"),
    "half of it": (200, b'{"tls": {"certificates": [{"certFile": "-----BEGIN'),
    "an unknown field": (200, b'{"tls": {"certificates": [], "surprise": 1}}'),
    "garbage": (200, bytes(range(256))),
    # These Traefik takes at their word. The application never says them; the copy in files helps all the same.
    "nothing": (200, b""),
    "null": (200, b"null"),
    "no names": (200, b"{}"),
    "slow": "slow",
}


@pytest.mark.parametrize("wrong", WRONG)
def test_whatever_is_answered_in_the_applications_stead_https_of_known_names_stays(copied: Secured, wrong: str):
    asked = copied.stand_in.asked
    copied.stand_in.answers = WRONG[wrong]
    until(lambda: copied.stand_in.asked >= asked + 2 or wrong == "slow")
    time.sleep(1.2)  # the throttle's second, so that what was taken would be in force
    assert copied.get(KNOWN) == copied.get(OTHER) == 200
    assert copied.presents("nobody.knows.test") is None


def test_after_an_outage_the_edge_follows_again(copied: Secured):
    name = "added-after-an-outage.localhost"
    copied.stand_in.answers = (500, b"")
    copied.add_site(name)
    copied.certify(name)
    asked = copied.stand_in.asked
    until(lambda: copied.stand_in.asked > asked)
    assert copied.presents(name) is None
    copied.stand_in.answers = None
    until(lambda: copied.get(name) == 200, otherwise=copied.said)
    copied.remove(name)
    until(lambda: copied.presents(name) is None)


def test_an_edge_that_was_killed_comes_back_with_what_it_had(edge: Secured):
    edge.kill()
    edge.start()
    until(lambda: edge.get(KNOWN) == edge.get(OTHER) == 200, otherwise=edge.said)


def test_edge_and_application_away_together_and_the_edge_back_alone(copied: Secured):
    copied.kill()
    copied.stand_in.answers = (503, b"")
    asked = copied.stand_in.asked
    copied.start()
    until(lambda: copied.presents(KNOWN) is not None, otherwise=copied.said)
    until(lambda: copied.stand_in.asked > asked)
    assert copied.presents(OTHER) is not None
    assert copied.presents("nobody.knows.test") is None


def test_a_damaged_certificate_takes_no_other_with_it(edge: Secured):
    name = "damaged.localhost"
    edge.add_site(name)
    edge.certify(name)
    until(lambda: edge.get(name) == 200)
    for damage in ("key = 'x'::bytea", "chain = 'x'"):
        edge.certify(name)
        until(lambda: edge.get(name) == 200)
        edge.execute(f"UPDATE domains_certificate SET {damage} WHERE name = %s", name)
        until(lambda: edge.presents(name) is None)
        assert edge.get(KNOWN) == 200
    edge.remove(name)
