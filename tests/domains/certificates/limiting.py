"""An authority that limits and fails: a real server before Pebble, with a clock of its own.

It counts what Let's Encrypt counts: orders of the account in three hours, and failed checks of a name in an hour.
"""

import base64
import http.client
import json
import random
import ssl
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.domains.certificates.pebble import Pebble

HOP_BY_HOP = {"connection", "content-length", "transfer-encoding", "date", "server"}


class Limiting:
    """`orders` in three hours; `fails`: the share of requests that it fails by itself, in one of several ways."""

    def __init__(self, behind: Pebble, clock: Callable[[], datetime], *, orders: int, fails: float = 0.0) -> None:
        self.behind, self.clock, self.limit, self.fails = behind, clock, orders, fails
        # When it says that any certificate should be renewed (ARI); None: it has no opinion.
        self.renews_at: datetime | None = None
        self.chance = random.Random(6)
        self.lock = threading.Lock()
        # When orders were accepted; by name, too, and when a check of a name has failed.
        self.orders: list[datetime] = []
        self.of_name: dict[str, list[datetime]] = defaultdict(list)
        self.failures: dict[str, list[datetime]] = defaultdict(list)
        self.refused: Counter[str] = Counter()
        self._seen: set[str] = set()
        self._local = threading.local()
        self._connections: list[http.client.HTTPSConnection] = []

    def pause(self) -> timedelta | None:
        """How long until another order is taken; None: it is taken now, and counted."""
        now = self.clock()
        within = [at for at in self.orders if at > now - timedelta(hours=3)]
        return None if len(within) < self.limit else within[-self.limit] + timedelta(hours=3) - now

    def take_order(self, payload: dict[str, Any]) -> timedelta | None:
        with self.lock:
            wait = self.pause()
            if wait is None:
                self.orders.append(self.clock())
                self.of_name[payload["identifiers"][0]["value"]].append(self.clock())
            else:
                self.refused["rateLimited"] += 1
            return wait

    def notice(self, path: str, answer: bytes) -> None:
        """A check that failed is counted once, by the address of its authorization."""
        if b'"invalid"' not in answer or "/authZ/" not in path:
            return
        said = json.loads(answer)
        with self.lock:
            if path not in self._seen and said["status"] == "invalid":
                self._seen.add(path)
                self.failures[said["identifier"]["value"]].append(self.clock())

    def most_failures_in_an_hour(self) -> int:
        most = 0
        for times in self.failures.values():
            for first in times:
                most = max(most, sum(first <= at < first + timedelta(hours=1) for at in times))
        return most

    def most_orders_in_three_hours(self) -> int:
        times = sorted(self.orders)
        most = first = 0
        for last, at in enumerate(times):
            while times[first] <= at - timedelta(hours=3):
                first += 1
            most = max(most, last - first + 1)
        return most

    def ask(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, list[Any], bytes]:
        """What Pebble answers, on a connection of this thread's."""
        for attempt in range(2):
            connection = getattr(self._local, "connection", None)
            if connection is None:
                trusting = ssl.create_default_context(cafile=str(self.behind.bundle))
                connection = http.client.HTTPSConnection("127.0.0.1", self.behind.port, timeout=20, context=trusting)
                self._local.connection = connection
                self._connections.append(connection)
            try:
                connection.request(method, path, body, headers)
                answer = connection.getresponse()
                return answer.status, answer.getheaders(), answer.read()
            except (http.client.HTTPException, OSError):
                connection.close()
                self._local.connection = None
                if attempt:
                    raise
        raise AssertionError

    def close(self) -> None:
        for connection in self._connections:
            connection.close()


class _Front(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    limiting: Limiting

    def log_message(self, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._pass()

    def do_HEAD(self) -> None:
        self._pass()

    def do_POST(self) -> None:
        self._pass()

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self._fails():
            return
        if self.path.endswith("/order-plz"):
            wait = self.limiting.take_order(_payload(body))
            if wait is not None:
                problem = {"type": "urn:ietf:params:acme:error:rateLimited", "detail": "too many new orders"}
                after = [("Retry-After", str(int(wait.total_seconds()) + 1))]
                self._answer(429, [("Content-Type", "application/problem+json"), *after], json.dumps(problem).encode())
                return
        if self.path.startswith("/ari/"):
            at = f"{self.limiting.renews_at:%Y-%m-%dT%H:%M:%SZ}"
            window = {"suggestedWindow": {"start": at, "end": at}}
            self._answer(200, [("Content-Type", "application/json")], json.dumps(window).encode())
            return
        status, headers, answer = self.limiting.ask(self.command, self.path, dict(self.headers), body)
        self.limiting.notice(self.path, answer)
        if self.path == "/dir" and self.limiting.renews_at:
            answer = json.dumps(json.loads(answer) | {"renewalInfo": f"https://{self.headers['Host']}/ari"}).encode()
        self._answer(status, headers, answer)

    def _fails(self) -> bool:
        """One in so many requests meets a 500, a 503, a page of HTML, or a connection that ends."""
        with self.limiting.lock:
            if self.path == "/dir" or self.limiting.chance.random() >= self.limiting.fails:
                return False
            way = self.limiting.chance.choice(["error", "busy", "garbage", "silence"])
            self.limiting.refused[way] += 1
        if way == "error":
            self._answer(500, [("Content-Type", "application/problem+json")], b'{"type": "about:blank"}')
        elif way == "busy":
            self._answer(503, [("Retry-After", "120")], b"")
        elif way == "garbage":
            self._answer(200, [("Content-Type", "text/html")], b"<html>Under construction</html>")
        else:
            self.close_connection = True
        return True

    def _answer(self, status: int, headers: list[Any], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _payload(body: bytes) -> dict[str, Any]:
    encoded = json.loads(body)["payload"]
    payload: dict[str, Any] = json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    return payload


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


@contextmanager
def limiting_before(
    behind: Pebble, clock: Callable[[], datetime], *, orders: int, fails: float = 0.0
) -> Iterator[tuple[Limiting, Pebble]]:
    """What limits, and the authority as its clients see it."""
    limiting = Limiting(behind, clock, orders=orders, fails=fails)
    server = _Server(("127.0.0.1", 0), type("Front", (_Front,), {"limiting": limiting}))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(behind.certificate, behind.key)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield limiting, Pebble(server.server_address[1], behind.bundle, behind.certificate, behind.key)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        limiting.close()
