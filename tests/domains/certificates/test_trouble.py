"""An authority that lies, is slow or is nobody that we trust; a hook that fails: nothing comes of it but a sentence."""

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.contrib.sites.models import Site

from domains.certificates import network
from domains.certificates.issuing import issue
from domains.certificates.ordering import order
from domains.models import Account, Certificate, Order
from tests.domains.certificates.pebble import Pebble, needs_pebble

pytestmark = [needs_pebble, pytest.mark.django_db]


def ordered(name: str) -> Order:
    Site.objects.create(domain=name, name=name)
    waiting = order(name=name)
    assert waiting is not None
    return waiting


class Liar(BaseHTTPRequestHandler):
    """An authority's front that says the same to everything."""

    said = b"<html>Under construction</html>"
    pause = 0.0

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        time.sleep(self.pause)
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.said)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(self.said)

    do_HEAD = do_POST = do_GET  # noqa: N815 -- as the server calls them


@contextmanager
def lying(pebble: Pebble, **ways: object) -> Iterator[Pebble]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Way", (Liar,), ways))
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pebble.certificate, pebble.key)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Pebble(server.server_address[1], pebble.bundle, pebble.certificate, pebble.key)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize(
    "ways",
    [
        {},
        {"said": b""},
        {"said": b"[]"},
        {"said": b'{"newNonce": 5, "newAccount": {}, "newOrder": null}'},
        {"said": b'{"newNonce": "http://127.0.0.1:1/", "newAccount": "http://127.0.0.1:1/"}'},
        {"said": b" " * 600_000},
        {"pause": 1.5},
    ],
    ids=["html", "nothing", "list", "nonsense", "without-tls", "endless", "slow"],
)
def test_an_authority_that_lies_is_put_off_and_no_name_is_blamed(
    pebble: Pebble, ordering_from, monkeypatch: pytest.MonkeyPatch, ways: dict[str, object]
) -> None:
    monkeypatch.setattr(network, "TIMEOUT_SECONDS", 0.5)
    with lying(pebble, **ways) as liar:
        ordering_from(liar)
        assert not issue(ordered("shop.test").pk)
    waiting = Order.objects.get(state="waiting")
    assert waiting.attempts == 0
    assert "authority" in waiting.problem
    assert not Account.objects.exists()
    assert not Certificate.objects.exists()


def test_an_authority_that_nobody_vouches_for_is_not_spoken_to(pebble: Pebble, ordering_from, settings) -> None:
    ordering_from(pebble)
    settings.ACME_CA_BUNDLE = ""
    assert not issue(ordered("shop.test").pk)
    assert not Account.objects.exists()


def test_a_hook_that_fails_is_told_in_its_own_words(authority: Pebble, settings, tmp_path: Path) -> None:
    hook = tmp_path / "hook"
    hook.write_text("#!/bin/sh\necho The zone is locked. >&2\nexit 3\n")
    hook.chmod(0o700)
    settings.ACME_DNS_HOOK = str(hook)
    waiting = order(name="bakery.sites.test")
    assert waiting is not None
    assert not issue(waiting.pk)
    waiting.refresh_from_db()
    assert "The zone is locked." in waiting.problem
