"""nginx in Traefik's place, by the files of deploy/nginx: hosts, headers, certificates and slow senders."""

import getpass
import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from django.conf import settings

from operations.embedded.child import Service
from operations.embedded.ports import free
from tests.operations.pairs import root
from tests.stack.program import Program, until
from tests.stack.secured import PLATFORM, Secured, StandIn
from tests.stack.test_hosts import (
    HEADERS,
    HERE,
    MALFORMED,
    REQUESTS,
    SPELLINGS,
    UNKNOWN,
    Hop,
    Reply,
    assert_harmless,
    filled,
    site_of,
)

FILES = settings.ROOT / "deploy" / "nginx"
STUDIO, INTERNAL = f"studio.{PLATFORM}", f"internal.{PLATFORM}"
pytestmark = pytest.mark.skipif(
    shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") is None, reason="no nginx"
)


@dataclass
class Nginx:
    """nginx on `port` for plain HTTP and `tls_port` for HTTPS, before the shared program's gunicorn."""

    program: Program
    folder: Path
    port: int
    tls_port: int
    # Whose hands reach the certificates in the shared program's database.
    database: Secured

    @property
    def command(self) -> list[str]:
        found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        assert found
        return [found, "-p", str(self.folder), "-c", "nginx.conf", "-e", "error.log"]

    @property
    def hop(self) -> Hop:
        return Hop("nginx", self.tls_port, self.program)

    def write(self) -> None:
        """The files as they are, with the places that their first lines name."""
        conf = (FILES / "masthead.conf").read_text()
        for theirs, ours in (
            ("127.0.0.1:8000", f"127.0.0.1:{self.program.port_of('gunicorn')}"),
            ("listen 80 ", f"listen 127.0.0.1:{self.port} "),
            ("listen 443 ", f"listen 127.0.0.1:{self.tls_port} "),
            ("https://$host$", f"https://$host:{self.tls_port}$"),
            ("masthead.example", PLATFORM),
            ("/etc/nginx/masthead-pairs.map", str(self.folder / "pairs.map")),
        ):
            assert theirs in conf
            conf = conf.replace(theirs, ours)
        (self.folder / "masthead.conf").write_text(conf)
        user = f"user {getpass.getuser()};" if os.getuid() == 0 else ""
        places = "".join(f"{kind}_temp_path {kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (self.folder / "nginx.conf").write_text(
            f"{user} worker_processes 1; pid nginx.pid; events {{ worker_connections 512; }}"
            f"http {{ access_log off; {places} include masthead.conf; }}"
        )

    def pairs(self, *options: str) -> subprocess.Popen[bytes]:
        """pairs.sh, which makes nginx's list of certificates and has it read."""
        reload = " ".join([*self.command, "-s", "reload"])
        told = os.environ | {"NGINX_RELOAD": reload, "NGINX_PAIRS": str(self.folder / "pairs.map")}
        return subprocess.Popen(
            [FILES / "pairs.sh", self.folder / "edge", *options], env=told,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def connect(self, name: str | None = HERE) -> ssl.SSLSocket:
        trusted = ssl.create_default_context(cafile=str(self.folder / "root.pem"))
        trusted.check_hostname = name is not None
        plain = socket.create_connection(("127.0.0.1", self.tls_port), timeout=15)
        try:
            return trusted.wrap_socket(plain, server_hostname=name)
        except BaseException:
            plain.close()
            raise

    def ask(self, host: str, path: str = "/", *, tls: bool = True, method: str = "GET") -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        if tls:
            connection.sock = self.connect()
        with closing(connection):
            connection.request(method, path, headers={"Host": host, "Connection": "close"})
            reply = connection.getresponse()
            reply.read()
            return reply


@pytest.fixture(scope="module")
def nginx(masthead: Program, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    folder = tmp_path_factory.mktemp("nginx")
    (folder / "root.pem").write_text(root())
    port, tls_port = free(2)
    database = Secured(masthead, folder, cast("StandIn", None), port, tls_port, cast("Service", None))
    one = Nginx(masthead, folder, port, tls_port, database)
    database.certify(HERE, STUDIO)
    database.copy()
    assert one.pairs().wait() == 0
    one.write()
    with subprocess.Popen([*one.command, "-g", "daemon off;"]) as process, one.pairs("--watch") as watch:
        try:
            until(lambda: _answers(one), otherwise=(folder / "error.log").read_text)
            yield one
        finally:
            watch.terminate()
            process.terminate()
            database.execute("DELETE FROM domains_certificate")


def _answers(nginx: Nginx) -> bool:
    with suppress(OSError):
        return nginx.ask(HERE).status == 200
    return False


def send(nginx: Nginx, request: bytes) -> Reply:
    received = b""
    with nginx.connect() as connection:
        connection.sendall(request)
        with suppress(ConnectionResetError, ssl.SSLError):
            while chunk := connection.recv(65536):
                received += chunk
    head, _, body = received.decode("utf-8", "replace").partition("\r\n\r\n")
    status = re.match(r"HTTP/1\.[01] (\d{3})", head)
    return Reply(int(status[1]) if status else 0, head, _without_lengths(body) if "chunked" in head else body)


def _without_lengths(body: str) -> str:
    """The text of a body in chunks; where they end depends on when they came."""
    return "".join(re.split(r"(?:^|\r\n)[0-9a-f]+\r\n", body))


def get(nginx: Nginx, host: bytes, header: bytes = b"Accept: */*") -> Reply:
    return send(nginx, b"GET / HTTP/1.1\r\nHost: " + host + b"\r\n" + header + b"\r\nConnection: close\r\n\r\n")


# --- Hosts and headers, by the tables that the other edge is held to --------------------------------------------------


def test_every_spelling_of_a_host_is_one_site(nginx: Nginx):
    for host in SPELLINGS:
        reply = get(nginx, filled(host, nginx.hop))
        assert (reply.status, site_of(reply)) == (200, HERE), host


def test_a_malformed_host_is_refused(nginx: Nginx):
    for host in MALFORMED:
        written = filled(host, nginx.hop)
        reply = get(nginx, written)
        assert_harmless(reply)
        if written.strip(b" \t") == HERE.encode():
            # nginx takes a tab for none.
            assert (reply.status, site_of(reply)) in {(200, HERE), (400, "")}
        else:
            assert (reply.status in {0, 400, 404, 431}, site_of(reply)) == (True, ""), (host, reply.head)


def test_an_unknown_host_is_not_found(nginx: Nginx):
    for host in UNKNOWN:
        reply = get(nginx, filled(host, nginx.hop))
        assert (reply.status, site_of(reply)) == (404, ""), host
        assert_harmless(reply)


def test_no_other_header_decides(nginx: Nginx):
    plain = get(nginx, HERE.encode())
    for header in HEADERS:
        odd = get(nginx, HERE.encode(), filled(header, nginx.hop))
        assert_harmless(odd)
        assert (odd.status, odd.body) == (plain.status, plain.body) or odd.status == 400, header


def test_a_request_that_contradicts_itself_is_harmless(nginx: Nginx):
    for name, request in REQUESTS.items():
        written = filled(request, nginx.hop)
        reply = send(nginx, written.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
        assert_harmless(reply)
        assert site_of(reply) in {"", HERE}, name


@pytest.mark.parametrize("path", ["/%2fevil.test/", "/a%2Fb/", "/a%5cb/", "/a%00b/"])
def test_an_escaped_slash_does_not_pass(nginx: Nginx, path: str):
    assert nginx.ask(HERE, path).status == 400
    assert nginx.ask(HERE, f"/search/?q={path}").status in {200, 400}


def test_the_platforms_hosts_are_told_apart(nginx: Nginx):
    assert nginx.ask(STUDIO).status == 302
    assert nginx.ask(INTERNAL, "/readyz").status == 404
    assert nginx.ask(f"{INTERNAL}.", "/healthz").status == 404


# --- TLS -------------------------------------------------------------------------------------------------------------


def test_a_name_without_a_certificate_ends_in_the_handshake(nginx: Nginx):
    for name in ("nobody.knows.test", "financeblog.localhost", None):
        with pytest.raises((ssl.SSLError, ConnectionError)):
            nginx.connect(name)


def test_a_certificate_that_arrives_or_is_renewed_is_served(nginx: Nginx):
    def presented(name: str) -> bytes | None:
        with suppress(ssl.SSLError, ConnectionError), nginx.connect(name) as connection:
            return connection.getpeercert(binary_form=True)
        return None

    before = presented(HERE)
    nginx.database.certify(HERE, "financeblog.localhost")
    nginx.database.copy()
    until(lambda: presented("financeblog.localhost") is not None)
    until(lambda: presented(HERE) not in {None, before})


def test_plain_http_answers_the_authority_and_sends_everybody_else_to_https(nginx: Nginx):
    reply = nginx.ask(HERE, "/a/b?x=1&y=%20z", tls=False, method="POST")
    assert (reply.status, reply.headers["Location"]) == (308, f"https://{HERE}:{nginx.tls_port}/a/b?x=1&y=%20z")
    asked = nginx.ask(HERE, "/.well-known/acme-challenge/an-unknown-token-of-nobody", tls=False)
    assert (asked.status, asked.headers["Location"]) == (404, None)
    for path in ("/.well-known/acme-challenge", "/.well-known/acme-challenge/../../", "/x/.well-known/acme-challenge/"):
        assert nginx.ask(HERE, path, tls=False).status == 308, path


# --- Slow senders ----------------------------------------------------------------------------------------------------


def test_slow_bodies_hold_no_thread_of_the_application(nginx: Nginx):
    head = f"POST / HTTP/1.1\r\nHost: {HERE}\r\nContent-Length: 1000\r\n\r\n".encode()
    slow = [nginx.connect() for _ in range(24)]  # three times the threads that the program has
    try:
        for connection in slow:
            connection.sendall(head + b"x")
        time.sleep(0.3)
        # With a query, so that no page that is held answers in the application's stead.
        assert all(nginx.ask(HERE, f"/search/?q=word{number}").status == 200 for number in range(4))
    finally:
        for connection in slow:
            connection.close()
