"""gunicorn as `up` starts it: on our socket, believing no header, leaving nothing in the home directory."""

import http.client
import json
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from operations.embedded import application
from operations.embedded.child import Child
from operations.embedded.ports import listen

# What the application server hands to WSGI, said aloud.
SAYING = """
import json, os

def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/json")])
    said = {name: value for name, value in environ.items() if isinstance(value, str)}
    return [json.dumps(said | {"pid": os.getpid()}).encode()]
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    checkout = tmp_path_factory.mktemp("checkout")
    (checkout / "settings").mkdir()
    (checkout / "settings/__init__.py").write_text("")
    (checkout / "settings/wsgi.py").write_text(SAYING)
    home = tmp_path_factory.mktemp("home")
    with listen(0) as listener:
        service = application.service(
            checkout=checkout, listener=listener, internal_host="internal.test", environment={"HOME": str(home)}
        )
        child = Child(service, checkout / "gunicorn.log")
        deadline = time.monotonic() + 30
        while not service.ready():
            assert time.monotonic() < deadline, (checkout / "gunicorn.log").read_text()
            time.sleep(0.05)
        yield listener.getsockname()[1]
        child.kill()
    assert list(home.iterdir()) == []


def ask(port: int, **headers: str) -> dict[str, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", "/page", headers={"Host": "techblog.test"} | headers)
        environ: dict[str, str] = json.loads(connection.getresponse().read())
    return environ


def test_no_header_becomes_a_variable_of_the_server(port: int) -> None:
    names = ("SCRIPT_NAME", "Script-Name", "PATH_INFO", "Path-Info", "REMOTE_USER", "Remote-User")
    for name in names:
        environ = ask(port, **{name: "/evil"})
        assert environ.get("SCRIPT_NAME", "") == ""
        assert environ["PATH_INFO"] == "/page"
        assert "REMOTE_USER" not in environ


def test_nobody_is_believed_about_the_scheme(port: int) -> None:
    for name, value in (("X-Forwarded-Proto", "https"), ("X-Forwarded-Protocol", "ssl"), ("X-Forwarded-Ssl", "on")):
        assert ask(port, **{name: value})["wsgi.url_scheme"] == "http"


def test_connections_are_kept(port: int) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        for _ in range(3):
            connection.request("GET", "/", headers={"Host": "techblog.test"})
            answer = connection.getresponse()
            answer.read()
            assert answer.getheader("Connection") == "keep-alive"
