"""What the edge serves is seen by a real handshake."""

import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from domains.certificates.handshake import served
from domains.certificates.storing import store
from tests.domains.certificates.pebble import certificate_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def edge(tmp_path: Path, settings) -> Iterator[Callable[[str, str, bytes], None]]:
    """An edge that refuses every name until it is given a certificate for it."""
    contexts: dict[str, ssl.SSLContext] = {}

    def choose(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> int | None:
        if name not in contexts:
            return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        connection.context = contexts[name]
        return None

    def give(name: str, chain: str, key: bytes) -> None:
        file = tmp_path / "pair.pem"
        file.write_bytes(chain.encode() + key)
        contexts[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        contexts[name].load_cert_chain(file)

    first = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    first.sni_callback = choose
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    server.socket = first.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    settings.EDGE_TLS_ADDRESS = f"127.0.0.1:{server.server_address[1]}"
    yield give
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_name_is_served_when_the_edge_shows_its_newest_certificate(edge) -> None:
    old = certificate_of("shop.test")
    store(name="shop.test", chain_pem=old[0], key_pem=old[1])
    assert not served("shop.test")
    edge("shop.test", *old)
    assert served("shop.test")
    new = certificate_of("shop.test")
    store(name="shop.test", chain_pem=new[0], key_pem=new[1])
    assert not served("shop.test")
    edge("shop.test", *new)
    assert served("shop.test")


def test_the_wildcard_serves_free_names(edge, settings) -> None:
    pair = certificate_of("*.sites.test")
    store(name="*.sites.test", chain_pem=pair[0], key_pem=pair[1])
    edge("bakery.sites.test", *pair)
    edge("a.bakery.sites.test", *pair)
    assert served("bakery.sites.test")
    assert not served("a.bakery.sites.test")


def test_a_certificate_that_nobody_stored_counts_for_nothing(edge) -> None:
    edge("shop.test", *certificate_of("shop.test"))
    assert not served("shop.test")


def test_an_edge_that_is_away_serves_nothing(settings, unused_port: int) -> None:
    settings.EDGE_TLS_ADDRESS = f"127.0.0.1:{unused_port}"
    pair = certificate_of("shop.test")
    store(name="shop.test", chain_pem=pair[0], key_pem=pair[1])
    assert not served("shop.test")


def test_where_there_is_nothing_to_ask_every_name_is_served(settings) -> None:
    settings.EDGE_TLS_ADDRESS = ""
    assert served("shop.test")
