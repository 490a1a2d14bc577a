"""An edge that ends TLS, before the shared program: its own Traefik, and a server that may answer in its stead."""

import http.client
import json
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psycopg
import yaml
from cryptography import x509
from django.conf import settings
from django.test import override_settings

from operations.edge.pairs import PURPOSE
from operations.embedded import edge
from operations.embedded.asking import status_of
from operations.embedded.child import Child, Service
from operations.embedded.ports import free
from operations.embedded.programs import find
from sites_core.sealing import seal
from tests.operations.pairs import pair, root
from tests.stack.program import Program, command, environment, until

# What settings.embedded has.
SECRET_KEY = "embedded-masthead-listens-on-loopback-only"
PLATFORM = "masthead.localhost"


class StandIn(ThreadingHTTPServer):
    """What the edge asks for its certificates: the application behind it, or `answers` in its stead.

    Answers are (status, body), "slow" for one that does not come, or None for the application's own.
    """

    daemon_threads = True

    def __init__(self, application: int) -> None:
        super().__init__(("127.0.0.1", 0), _Between)
        self.application = application
        self.answers: tuple[int, bytes] | str | None = None
        self.asked = 0

    def handle_error(self, request: object, client_address: object) -> None:
        """The edge went away: nothing to be told."""


class _Between(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: StandIn

    def do_GET(self) -> None:
        self.server.asked += 1
        if self.server.answers == "slow":
            time.sleep(3)
            self.close_connection = True
            return
        status, headers, body = self._answer()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _answer(self) -> tuple[int, dict[str, str], bytes]:
        if isinstance(self.server.answers, tuple):
            return self.server.answers[0], {"Content-Type": "application/json"}, self.server.answers[1]
        with closing(http.client.HTTPConnection("127.0.0.1", self.server.application, timeout=10)) as connection:
            connection.request("GET", self.path, headers=dict(self.headers.items()))
            reply = connection.getresponse()
            kept = {name: value for name, value in reply.getheaders() if name == "Content-Encoding"}
            return reply.status, kept, reply.read()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name that it has
        pass


@dataclass
class Secured:
    """The edge, on `port` for plain HTTP and `tls_port` for HTTPS."""

    masthead: Program
    folder: Path
    stand_in: StandIn
    port: int
    tls_port: int
    service: Service
    child: Child | None = field(default=None)

    def start(self) -> None:
        self.child = Child(self.service, self.folder / "traefik.log")
        until(self.service.ready, otherwise=self.said)

    def kill(self) -> None:
        if self.child:
            self.child.kill()

    def said(self) -> str:
        return (self.folder / "traefik.log").read_text()

    @property
    def roots(self) -> Path:
        return self.folder / "root.pem"

    def presents(self, name: str | None) -> x509.Certificate | None:
        """The certificate that a handshake for the name meets; None where the edge refuses."""
        trusted = ssl.create_default_context(cafile=str(self.roots))
        trusted.check_hostname = name is not None
        try:
            with (
                socket.create_connection(("127.0.0.1", self.tls_port), timeout=10) as plain,
                trusted.wrap_socket(plain, server_hostname=name) as secured,
            ):
                return x509.load_der_x509_certificate(secured.getpeercert(binary_form=True) or b"")
        except ssl.SSLCertVerificationError:
            raise  # one was presented, and it is nothing that we made
        except ssl.SSLError:
            return None

    def get(self, name: str, path: str = "/") -> int | None:
        """The status over HTTPS, the certificate checked."""
        return status_of(port=self.tls_port, host=name, path=path, trusting=self.roots)

    def copy(self) -> None:
        """The last good certificates as files, as `edge sync --watch` does it after each change."""
        done = subprocess.run(
            command("edge", "sync", str(edge.names(self.folder))),
            env=environment(MASTHEAD_DATA=str(self.masthead.data)), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr

    def execute(self, statement: str, *values: object) -> None:
        url = json.loads((self.masthead.data / "run.json").read_text())["database_url"]
        with psycopg.connect(url.replace("postgres://", "postgresql://"), autocommit=True) as connection:
            connection.execute(statement, values)

    def add_site(self, *names: str) -> None:
        for name in names:
            self.execute("INSERT INTO django_site (domain, name) VALUES (%s, %s) ON CONFLICT DO NOTHING", name, name)

    def certify(self, *names: str) -> None:
        for name in names:
            chain, key = pair(name)
            leaf = x509.load_pem_x509_certificate(chain.encode())
            with override_settings(SECRET_KEY=SECRET_KEY):
                sealed = seal(PURPOSE, key)
            self.execute(
                "INSERT INTO domains_certificate (name, chain, key, serial, issuer, not_before, not_after, renew_at) "
                "VALUES (%s, %s, %s, %s, 'tests', %s, %s, %s) "
                "ON CONFLICT (name) DO UPDATE SET chain = excluded.chain, key = excluded.key, serial = excluded.serial",
                name, chain, sealed, f"{leaf.serial_number:x}", leaf.not_valid_before_utc, leaf.not_valid_after_utc,
                leaf.not_valid_after_utc,
            )  # fmt: skip

    def remove(self, *names: str) -> None:
        self.execute("DELETE FROM domains_certificate WHERE name = ANY(%s)", list(names))
        self.execute("DELETE FROM django_site WHERE domain = ANY(%s)", list(names))
        self.execute("DELETE FROM domains_tombstone WHERE name = ANY(%s)", list(names))


@contextmanager
def secured(masthead: Program, folder: Path) -> Iterator[Secured]:
    """A running edge before the program's gunicorn, which asks the stand-in for its certificates."""
    application = masthead.port_of("gunicorn")
    port, tls_port, metrics_port = free(3)
    token = json.loads((masthead.data / "run.json").read_text())["edge_token"]
    (folder / "root.pem").write_text(root())
    program = find("traefik")
    assert program
    service = edge.service(
        program, files=settings.ROOT / "traefik", folder=folder, port=port, platform_domain=PLATFORM,
        application=application, tls=edge.Tls(tls_port, token, metrics_port),
    )  # fmt: skip
    with StandIn(application) as stand_in:
        threading.Thread(target=stand_in.serve_forever, daemon=True).start()
        static = yaml.safe_load((folder / "traefik.yml").read_text())
        static["providers"]["http"]["endpoint"] = f"http://127.0.0.1:{stand_in.server_port}/edge/traefik.json"
        # What is slow is given up sooner, for the tests' sake.
        static["providers"]["http"]["pollTimeout"] = "2s"
        (folder / "traefik.yml").write_text(yaml.safe_dump(static))
        one = Secured(masthead, folder, stand_in, port, tls_port, service)
        try:
            one.start()
            yield one
        finally:
            one.kill()
            stand_in.shutdown()
