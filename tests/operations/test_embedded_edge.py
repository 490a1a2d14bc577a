"""The edge, with the checkout's own files: what reaches the application, and what never does."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from operations.embedded import edge
from operations.embedded.asking import status_of
from operations.embedded.child import Child
from operations.embedded.ports import listen
from operations.embedded.programs import find

FILES = settings.ROOT / "traefik"


class Echo(BaseHTTPRequestHandler):
    """Answers with what it was asked."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        said = {"path": self.path, "headers": self.headers.items(), "port": self.connection.getsockname()[1]}
        body = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name that it has
        pass


@contextmanager
def application() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def addresses(*ports: int) -> str:
    return " ".join(f"http://127.0.0.1:{port}" for port in ports)


@contextmanager
def traefik(folder: Path, *applications: int, readers: Sequence[int] = ()) -> Iterator[int]:
    """An edge before the application servers on the ports `applications`, as soon as it has a route; gives its port.

    The servers on the ports `readers`, if there are any, are those of readers.
    """
    with listen(0) as free:
        port: int = free.getsockname()[1]
    program = find("traefik")
    assert program
    service = edge.service(
        program, files=FILES, folder=folder, port=port, platform_domain="platform.test", application=applications[0],
        readers=readers[0] if readers else None,
    )  # fmt: skip
    if len(applications) > 1 or len(readers) > 1:
        named = {"MASTHEAD_APPLICATION": addresses(*applications), "MASTHEAD_READERS": addresses(*readers)}
        service = replace(service, environment={**service.environment, **named})
    child = Child(service, folder / "traefik.log")
    deadline = time.monotonic() + 30
    while status_of(port=port, host="techblog.test") in {None, 404}:
        assert time.monotonic() < deadline, (folder / "traefik.log").read_text()
        time.sleep(0.05)
    yield port
    child.kill()


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with application() as behind, traefik(tmp_path_factory.mktemp("edge"), behind) as port:
        yield port


def ask(port: int, path: str = "/", *, host: str = "techblog.test", **headers: str) -> tuple[int, dict[str, str]]:
    """The status, and the headers that arrived at the application, in lower case."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        named = {name.replace("__", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers={"Host": host, "Connection": "close"} | named)
        answer = connection.getresponse()
        body = answer.read()
    arrived = json.loads(body)["headers"] if answer.status == 200 else []
    return answer.status, {name.lower(): value for name, value in arrived}


def raw(port: int, request: bytes) -> int:
    """The status that a request gets which no client library would send."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        return int(connection.makefile("rb").readline().split()[1])


@pytest.mark.parametrize("host", ["techblog.test", "nobody.knows.test", "studio.platform.test", "TechBlog.TEST:8000"])
def test_every_host_goes_to_the_application_which_decides(port: int, host: str) -> None:
    status, arrived = ask(port, host=host)
    assert status == 200
    assert arrived["host"] == host


@pytest.mark.parametrize(
    "host",
    ["internal.platform.test", "INTERNAL.platform.test", "internal.platform.test:8000", "internal.platform.test."],
)
def test_the_internal_host_is_not_routed(port: int, host: str) -> None:
    assert ask(port, "/readyz", host=host)[0] == 404


SMUGGLED = [
    "Forwarded", "Path-Info", "PATH_INFO", "Proxy", "Remote-User", "REMOTE_USER", "Script-Name", "SCRIPT_NAME",
    "X-Host", "X-Http-Method-Override", "X-Original-Host", "X-Original-Url", "X-Rewrite-Url", "X-Site-Id", "X_Site_Id",
    "X_Forwarded_Host", "X-Forwarded-Prefix", "x_real_ip",
]  # fmt: skip


@pytest.mark.parametrize("name", SMUGGLED)
def test_no_smuggled_header_arrives(port: int, name: str) -> None:
    status, arrived = ask(port, **{name: "evil.test"})
    assert status == 200
    assert "evil.test" not in arrived.values()


def test_any_other_header_arrives(port: int) -> None:
    assert ask(port, **{"X-Requested-With": "evil.test"})[1]["x-requested-with"] == "evil.test"


def test_what_a_client_says_about_forwarding_is_replaced(port: int) -> None:
    lies = {
        "X-Forwarded-Host": "evil.test", "X-Forwarded-Proto": "https", "X-Forwarded-For": "9.9.9.9",
        "X-Forwarded-Port": "444", "X-Real-Ip": "9.9.9.9",
    }  # fmt: skip
    _, arrived = ask(port, **lies)
    assert arrived["x-forwarded-host"] == "techblog.test"
    assert arrived["x-forwarded-proto"] == "http"
    assert arrived["x-forwarded-for"] == "127.0.0.1"
    assert arrived["x-real-ip"] == "127.0.0.1"


@pytest.mark.parametrize("path", ["/%2fevil.test/", "/a%2Fb", "/a%5Cb", "/a%00b"])
def test_encoded_slashes_and_their_like_are_refused(port: int, path: str) -> None:
    assert ask(port, path)[0] == 400


@pytest.mark.parametrize(
    "request_text",
    [
        b"GET / HTTP/1.1\r\nHost: a.test\r\nHost: b.test\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: user@a.test\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a.test/evil\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: \xff.test\r\n\r\n",
    ],
)
def test_malformed_hosts_end_at_the_edge(port: int, request_text: bytes) -> None:
    assert raw(port, request_text) == 400


@pytest.mark.parametrize("request_text", [b"GET / HTTP/1.0\r\n\r\n", b"GET / HTTP/1.1\r\nHost:\r\n\r\n"])
def test_a_request_without_a_host_is_nobodys(port: int, request_text: bytes) -> None:
    assert raw(port, request_text) == 404


def test_headers_of_a_megabyte_are_refused(port: int) -> None:
    assert raw(port, b"GET / HTTP/1.1\r\nHost: a.test\r\nX-Long: " + b"x" * 100_000 + b"\r\n\r\n") == 431


def test_there_is_no_dashboard_and_no_api(port: int) -> None:
    static = yaml.safe_load((FILES / "traefik.yml").read_text())
    assert "api" not in static
    assert static["global"] == {"checkNewVersion": False, "sendAnonymousUsage": False}
    # What would be Traefik's own pages is the application's.
    for path in ("/dashboard/", "/api/rawdata", "/ping", "/metrics"):
        assert ask(port, path)[0] == 200


@pytest.fixture
def nobody() -> int:
    """A port that nothing listens on."""
    with listen(0) as free:
        port: int = free.getsockname()[1]
    return port


def test_an_application_that_is_gone_is_a_bad_gateway(tmp_path: Path, nobody: int) -> None:
    with traefik(tmp_path, nobody) as port:
        assert ask(port)[0] == 502


def test_with_two_applications_of_which_one_is_gone_every_request_is_answered(tmp_path: Path, nobody: int) -> None:
    with application() as behind, traefik(tmp_path, nobody, behind) as port:
        assert {ask(port)[0] for _ in range(20)} == {200}


def served_by(port: int, host: str) -> int:
    """The port of the application that answers for `host`."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", "/", headers={"Host": host, "Connection": "close"})
        found: int = json.loads(connection.getresponse().read())["port"]
    return found


def test_where_readers_have_a_server_only_staffs_hosts_go_to_the_other(tmp_path: Path) -> None:
    with application() as staff, application() as readers, traefik(tmp_path, staff, readers=[readers]) as port:
        for host in ("studio.platform.test", "OPS.platform.test", "ops.platform.test:8000", "studio.platform.test."):
            assert served_by(port, host) == staff, host
        for host in ("techblog.test", "platform.test", "studio.platform.test.evil.test", "xops.platform.test"):
            assert served_by(port, host) == readers, host
        assert ask(port, "/readyz", host="internal.platform.test")[0] == 404
        # Hardened alike.
        for host in ("techblog.test", "studio.platform.test"):
            assert "evil.test" not in ask(port, host=host, SCRIPT_NAME="evil.test")[1].values()


def test_of_two_servers_of_readers_one_may_be_gone(tmp_path: Path, nobody: int) -> None:
    with application() as staff, application() as readers, traefik(tmp_path, staff, readers=[nobody, readers]) as port:
        assert {served_by(port, "techblog.test") for _ in range(20)} == {readers}
        assert served_by(port, "ops.platform.test") == staff
