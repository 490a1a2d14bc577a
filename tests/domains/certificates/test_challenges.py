"""What a certificate authority asks for is answered, for the host that it is of, and nothing else is touched."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from typing import Any

import pytest
from django.conf import settings as configured
from django.contrib.sites.models import Site
from django.db import OperationalError, connection
from django.utils import timezone

from domains.certificates.challenges import BELOW, answering
from domains.models import Challenge
from sites_core.models import Hostname
from tests.domains.certificates.conftest import nothing_else
from tests.domains.certificates.pebble import free_port

TOKEN = "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0"
ANSWER = f"{TOKEN}.9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI"


def ask(path: str, host: str = "shop.test", method: str = "GET", **environ: Any) -> tuple[int, bytes, dict[str, str]]:
    said: dict[str, Any] = {}

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        said.update(status=int(status[:3]), headers=dict(headers))

    asked = {"PATH_INFO": path, "REQUEST_METHOD": method, "HTTP_HOST": host, **environ}
    body = b"".join(answering(nothing_else)(asked, start))
    return said["status"], body, said["headers"]


@pytest.fixture
def challenge(db: None) -> Challenge:
    until = timezone.now() + timedelta(minutes=10)
    return Challenge.objects.create(token=TOKEN, name="shop.test", answer=ANSWER, until=until)


@pytest.mark.parametrize("host", ["shop.test", "SHOP.test", "shop.test.", "shop.test:80", "shop.test:5002"])
def test_the_answer_is_given_on_the_name_s_own_host(challenge: Challenge, host: str) -> None:
    status, body, headers = ask(f"{BELOW}{TOKEN}", host)
    assert (status, body) == (200, ANSWER.encode())
    assert headers["Content-Length"] == str(len(ANSWER))
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "host",
    ["www.shop.test", "lantern.test", "", "shop.test:99999", "shop.test,lantern.test", "a@shop.test", "shop.test/"],
)
def test_on_any_other_host_there_is_nothing(challenge: Challenge, host: str) -> None:
    assert ask(f"{BELOW}{TOKEN}", host)[0] == 404


def test_head_tells_the_same_without_a_body(challenge: Challenge) -> None:
    status, body, headers = ask(f"{BELOW}{TOKEN}", method="HEAD")
    assert (status, body, headers["Content-Length"]) == (200, b"", str(len(ANSWER)))


def test_a_challenge_that_is_over_is_gone(challenge: Challenge) -> None:
    Challenge.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert ask(f"{BELOW}{TOKEN}")[0] == 404


@pytest.mark.parametrize(
    "odd",
    [
        "",
        TOKEN[:15],
        f"{TOKEN}/",
        f"../{TOKEN}",
        f"{TOKEN}\n",
        f"{TOKEN}%00",
        f"{TOKEN} ",
        "é" * 20,
        "A" * 201,
        f"/{TOKEN}",
    ],
)
def test_an_odd_token_costs_no_statement(challenge: Challenge, odd: str, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert ask(f"{BELOW}{odd}")[0] == 404


def test_a_look_costs_one_statement(challenge: Challenge, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        ask(f"{BELOW}{TOKEN}")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/.well-known/acme-challenge"),
        ("GET", "/.well-known/security.txt"),
        ("POST", f"{BELOW}{TOKEN}"),
    ],
)
def test_everything_else_is_django_s(method: str, path: str) -> None:
    """No database is asked: this test may not use one."""
    assert ask(path, method=method)[1] == b"Django"


def test_a_database_that_is_away_is_no_refusal(challenge: Challenge, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object) -> None:
        raise OperationalError("gone")

    with connection.execute_wrapper(away):
        status, _, headers = ask(f"{BELOW}{TOKEN}")
    assert (status, headers["Retry-After"]) == (503, "2")


# --- The real servers ------------------------------------------------------------------------------------------------


def _database_url() -> str:
    known = connection.settings_dict
    at = f"{known['HOST'] or ''}{':' + str(known['PORT']) if known['PORT'] else ''}"
    who = f"{known['USER']}{':' + known['PASSWORD'] if known['PASSWORD'] else ''}"
    if known["HOST"].startswith("/"):
        at = known["HOST"].replace("/", "%2F")
    return f"postgres://{who}@{at}/{known['NAME']}"


@pytest.fixture(params=["gunicorn", "granian"])
def server(request: pytest.FixtureRequest, transactional_db: None, tmp_path: Any) -> Iterator[int]:
    """The platform's WSGI application, as it runs in production, on a port."""
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": _database_url(), "DJANGO_SETTINGS_MODULE": "settings.embedded", "BIND": f"127.0.0.1:{port}",
        "WORKERS": "2", "THREADS": "2", "SURFACES": "reader", "MASTHEAD_DATA": str(tmp_path), "PORT": "8000",
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", f"settings.{request.param}"],
        cwd=configured.ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)
        connection.close()


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "The server has ended."
        try:
            get(port, "nobody.test", "/")
        except (HTTPException, OSError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError("The server does not answer.")


def get(port: int, host: str, path: str) -> tuple[int, bytes]:
    client = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        client.request("GET", path, headers={"Host": host})
        answer = client.getresponse()
        return answer.status, answer.read()
    finally:
        client.close()


def test_both_servers_answer_before_redirects_and_for_hosts_that_nobody_serves(server: int) -> None:
    site = Site.objects.create(domain="shop.test", name="Shop")
    Hostname.objects.create(site=site, name="www.shop.test")
    until = timezone.now() + timedelta(minutes=10)
    for number, name in enumerate(["shop.test", "www.shop.test", "soon.test"]):
        Challenge.objects.create(token=f"{TOKEN}{number}", name=name, answer=f"answer {name}", until=until)
    time.sleep(1.1)  # the hostnames are known to every worker within a second
    assert get(server, "www.shop.test", "/")[0] == 308
    for number, name in enumerate(["shop.test", "www.shop.test", "soon.test"]):
        for _ in range(6):
            assert get(server, name, f"{BELOW}{TOKEN}{number}") == (200, f"answer {name}".encode())
    assert get(server, "shop.test", f"{BELOW}{TOKEN}1")[0] == 404
    assert get(server, "soon.test", "/")[0] == 404
