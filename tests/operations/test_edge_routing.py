"""What the edge does for the application's sake: bodies that come slowly, streams, limits of one address."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from operations.embedded import edge
from operations.embedded.asking import status_of
from operations.embedded.child import Child
from operations.embedded.ports import free
from operations.embedded.programs import find
from tests.operations.test_embedded_edge import FILES, Echo

PLATFORM = "platform.test"


class Slowly(Echo):
    """Counts who has begun to ask, takes a body, and answers a stream piece by piece."""

    begun = 0

    def do_POST(self) -> None:  # noqa: N802 -- the name that it has
        type(self).begun += 1
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def do_GET(self) -> None:  # noqa: N802
        if self.path != "/stream":
            if self.path == "/slow":
                time.sleep(1)
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"data: first\n\n")
        self.wfile.flush()
        time.sleep(3)
        self.wfile.write(b"data: last\n\n")


@contextmanager
def traefik(folder: Path, **variables: str) -> Iterator[int]:
    """The plain form of the edge before one slow server; gives its port."""
    program = find("traefik")
    assert program
    (port,) = free(1)
    with ThreadingHTTPServer(("127.0.0.1", 0), Slowly) as behind:
        behind.daemon_threads = True
        threading.Thread(target=behind.serve_forever, daemon=True).start()
        service = edge.service(
            program, files=FILES, folder=folder, port=port, platform_domain=PLATFORM, application=behind.server_port
        )
        child = Child(replace(service, environment={**service.environment, **variables}), folder / "traefik.log")
        try:
            deadline = time.monotonic() + 30
            while status_of(port=port, host="a.test") in {None, 404}:
                assert time.monotonic() < deadline, (folder / "traefik.log").read_text()
                time.sleep(0.05)
            yield port
        finally:
            child.kill()
            behind.shutdown()


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with traefik(tmp_path_factory.mktemp("edge")) as port:
        yield port


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with traefik(tmp_path_factory.mktemp("edge"), MASTHEAD_RATE="2", MASTHEAD_IN_FLIGHT="4") as port:
        yield port


def test_a_body_that_comes_slowly_reaches_the_application_when_all_of_it_is_there(port: int) -> None:
    before = Slowly.begun
    head = b"POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 10\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(head + b"12345")
        time.sleep(0.5)
        assert Slowly.begun == before
        connection.sendall(b"67890")
        assert b"200 OK" in connection.recv(65536)
    assert Slowly.begun == before + 1


def test_a_body_that_never_ends_costs_the_application_nothing(port: int) -> None:
    before = Slowly.begun
    head = b"POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n"
    held = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(50)]
    for connection in held:
        connection.sendall(head)
    time.sleep(0.3)
    assert status_of(port=port, host="a.test") == 200
    for connection in held:
        connection.close()
    assert Slowly.begun == before


def test_a_stream_arrives_as_it_is_written(port: int) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        began = time.monotonic()
        connection.request("GET", "/stream", headers={"Host": "a.test", "Accept": "text/event-stream"})
        assert connection.getresponse().readline() == b"data: first\n"
        assert time.monotonic() - began < 2.5


def test_who_asks_too_often_is_told_so(limited: int) -> None:
    answers = [status_of(port=limited, host="a.test") for _ in range(20)]
    assert 429 in answers
    assert 200 in answers or status_of(port=limited, host="a.test") in {200, 429}


def test_no_address_may_have_too_much_under_way(tmp_path: Path) -> None:
    with traefik(tmp_path, MASTHEAD_IN_FLIGHT="4") as port:
        answers: list[int | None] = []
        asking = [
            threading.Thread(target=lambda: answers.append(status_of(port=port, host="a.test", path="/slow")))
            for _ in range(12)
        ]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join()
        assert answers.count(200) >= 4
        assert answers.count(429) == 12 - answers.count(200) > 0


def test_without_limits_nobody_is_told_anything(port: int) -> None:
    assert {status_of(port=port, host="a.test") for _ in range(40)} == {200}


def test_what_is_sent_arrives_whole(port: int) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("POST", "/", body=b"x" * 3_000_000, headers={"Host": "a.test"})
        said = json.loads(connection.getresponse().read())
    assert {name.lower(): value for name, value in said["headers"]}["content-length"] == "3000000"
