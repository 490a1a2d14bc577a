"""An authority, the DNS that it asks, and the server that answers its challenges: one of each for all tests here."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from django.conf import LazySettings
from django.core.cache import cache

from domains.certificates.acme import forget
from domains.certificates.challenges import answering
from tests.dns_server import Zone, serving
from tests.domains.certificates.pebble import Pebble, free_port, needs_pebble, running_pebble

__all__ = ["needs_pebble"]


class ThreadingServer(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 256


class Silent(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


def nothing_else(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    start_response("404 Not Found", [("Content-Type", "text/plain")])
    return [b"Django"]


@contextmanager
def answering_server(application: WSGIApplication, port: int = 0) -> Iterator[int]:
    """The application on a port of 127.0.0.1."""
    server = ThreadingServer(("127.0.0.1", port), Silent)
    server.set_app(application)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="session")
def world() -> Iterator[Zone]:
    """Every name below .test is at this machine."""
    with serving() as zone:
        yield zone


@pytest.fixture(scope="session")
def edge_port() -> Iterator[int]:
    with answering_server(answering(nothing_else)) as port:
        yield port


@pytest.fixture(scope="session")
def pebble(tmp_path_factory: pytest.TempPathFactory, world: Zone, edge_port: int) -> Iterator[Pebble]:
    folder = tmp_path_factory.mktemp("pebble")
    with running_pebble(folder, dns=world.servers[0].address, http_port=edge_port) as running:
        yield running


@pytest.fixture
def dns_of_test(world: Zone) -> Zone:
    """The DNS that the authority asks; each test begins with every name below .test at this machine."""
    world.clear()
    world.set("*.test", "A", "127.0.0.1")
    return world


@pytest.fixture
def ordering_from(settings: LazySettings, dns_of_test: Zone) -> Iterator[Callable[[Pebble], None]]:
    """Orders go to the authority that it is called with."""

    def use(authority: Pebble) -> None:
        settings.ACME_DIRECTORY = authority.directory
        settings.ACME_CA_BUNDLE = str(authority.bundle)

    cache.clear()
    yield use
    forget()
    cache.clear()


@pytest.fixture
def authority(pebble: Pebble, ordering_from: Callable[[Pebble], None]) -> Pebble:
    """The steady Pebble, from which orders go."""
    ordering_from(pebble)
    return pebble


@pytest.fixture
def unused_port() -> int:
    return free_port()
