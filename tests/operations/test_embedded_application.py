"""The application servers as `up` starts them: on our socket, believing no header, leaving nothing at home."""

import http.client
import json
import os
import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from operations.embedded import application
from operations.embedded.application import GRANIAN, GUNICORN, Share, shares
from operations.embedded.child import Child
from operations.embedded.ports import listen
from operations.embedded.processes import born
from tests.stack.program import alive, children_of, until

# What the application server hands to WSGI, said aloud.
SAYING = """
import json, os
from django.conf import settings

settings.configure()

def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/json")])
    said = {name: value for name, value in environ.items() if isinstance(value, str)}
    return [json.dumps(said | {"pid": os.getpid()}).encode()]
"""


# Settings that have read a secret.
BASE = """
from environs import Env

env = Env()
env.str("SECRET_KEY")
"""


def checkout(folder: Path) -> Path:
    """A checkout with the servers' own configuration and an application that says what it is handed."""
    (folder / "settings").mkdir()
    for name in ("serving", "gunicorn", "granian"):
        shutil.copy(settings.ROOT / "settings" / f"{name}.py", folder / "settings")
    for name, text in (("__init__", ""), ("base", BASE), ("wsgi", SAYING)):
        (folder / "settings" / f"{name}.py").write_text(text)
    (folder / "hosts.py").write_text("host_patterns = []")
    return folder


class Serving:
    """A server that runs as `child` and takes requests from `listener`."""

    def __init__(self, name: str, listener: socket.socket, child: Child) -> None:
        self.name, self.listener, self.child = name, listener, child
        self.port: int = listener.getsockname()[1]

    def ask(self, path: str = "/page", **headers: str) -> dict[str, str]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            connection.request("GET", path, headers={"Host": "techblog.test"} | headers)
            environ: dict[str, str] = json.loads(connection.getresponse().read())
        return environ


@contextmanager
def started(server: str, folder: Path, home: Path) -> Iterator[Serving]:
    """A server with two workers, as soon as it answers."""
    environment = {"HOME": str(home), "SECRET_KEY": "said to nobody", "HTTP_PROXY": "http://proxy.test", "WORKERS": "2"}
    with listen(0) as listener:
        service = application.service(
            Share(server, frozenset({"reader"})),
            checkout=checkout(folder), listener=listener, internal_host="internal.test", environment=environment,
        )  # fmt: skip
        child = Child(service, folder / "server.log")
        try:
            until(service.ready, otherwise=(folder / "server.log").read_text)
            until(lambda: len(children_of(child.pid)) == 2)
            yield Serving(server, listener, child)
        finally:
            child.kill()


@pytest.fixture(scope="module", params=application.SERVERS)
def serving(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    home = tmp_path_factory.mktemp("home")
    with started(request.param, tmp_path_factory.mktemp("checkout"), home) as serving:
        yield serving
    assert list(home.iterdir()) == []


def test_no_header_becomes_a_variable_of_the_server(serving: Serving) -> None:
    names = ("SCRIPT_NAME", "Script-Name", "PATH_INFO", "Path-Info", "REMOTE_USER", "Remote-User")
    for name in names:
        environ = serving.ask(**{name: "/evil"})
        assert environ.get("SCRIPT_NAME", "") == ""
        assert environ["PATH_INFO"] == "/page"
        assert "REMOTE_USER" not in environ


def test_nobody_is_believed_about_the_scheme(serving: Serving) -> None:
    for name, value in (("X-Forwarded-Proto", "https"), ("X-Forwarded-Protocol", "ssl"), ("X-Forwarded-Ssl", "on")):
        assert serving.ask(**{name: value})["wsgi.url_scheme"] == "http"


def test_two_hosts_are_never_one_of_them(serving: Serving) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", serving.port, timeout=10)) as connection:
        connection.putrequest("GET", "/", skip_host=True)
        connection.putheader("Host", "techblog.test")
        connection.putheader("Host", "evil.test")
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read()
    # granian joins them by a comma, which the gate takes for no hostname.
    assert answer.status == 400 or json.loads(body)["HTTP_HOST"] == "techblog.test,evil.test"


def test_what_the_settings_have_read_is_in_no_request(serving: Serving) -> None:
    said = serving.ask()
    assert "said to nobody" not in said.values()
    assert "HTTP_PROXY" not in said


def test_connections_are_kept(serving: Serving) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", serving.port, timeout=10)) as connection:
        connection.connect()
        first = connection.sock
        for _ in range(3):
            connection.request("GET", "/", headers={"Host": "techblog.test"})
            connection.getresponse().read()
            assert connection.sock is first


@pytest.mark.parametrize("serving", [GRANIAN], indirect=True)
def test_granians_answers_do_not_wait_for_the_client_to_confirm_the_one_before(serving: Serving) -> None:
    # Connections have it from the socket that they come from; without it answers take up to 40 ms.
    assert serving.listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_head_longer_than_the_edge_lets_through_is_refused(serving: Serving) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", serving.port, timeout=10)) as connection:
        connection.request("GET", "/", headers={"Host": "techblog.test", "X-Long": "x" * 100_000})
        assert connection.getresponse().status == 431


def test_a_worker_that_is_killed_is_replaced_and_nobody_is_refused(serving: Serving) -> None:
    before = children_of(serving.child.pid)
    os.kill(int(serving.ask()["pid"]), signal.SIGKILL)
    until(lambda: len(children_of(serving.child.pid) - before) == 1)
    assert serving.ask()["PATH_INFO"] == "/page"
    assert born(serving.child.pid)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ties them")
@pytest.mark.parametrize("server", application.SERVERS)
def test_no_worker_outlives_its_server(tmp_path: Path, server: str) -> None:
    with started(server, tmp_path, tmp_path) as serving:
        workers = children_of(serving.child.pid)
        os.kill(serving.child.pid, signal.SIGKILL)
        # Not asked for its state, which would end them.
        until(lambda: not alive(workers))


@pytest.mark.parametrize(
    ("surfaces", "reader_server", "with_edge", "expected"),
    [
        ("reader studio ops internal", GUNICORN, True, [(GUNICORN, "ops reader studio")]),
        ("reader studio ops internal", GUNICORN, False, [(GUNICORN, "ops reader studio")]),
        ("reader studio ops internal", GRANIAN, True, [(GUNICORN, "ops studio"), (GRANIAN, "reader")]),
        ("reader studio ops internal", GRANIAN, False, [(GRANIAN, "ops reader studio")]),
        ("reader internal", GRANIAN, True, [(GRANIAN, "reader")]),
        ("studio internal", GRANIAN, True, [(GUNICORN, "studio")]),
    ],
)
def test_who_serves_what(
    surfaces: str,
    reader_server: str,
    with_edge: bool,
    expected: list[tuple[str, str]],
) -> None:
    found = shares(frozenset(surfaces.split()), reader_server=reader_server, with_edge=with_edge)
    assert [(share.server, " ".join(sorted(share.surfaces))) for share in found] == expected
