"""`manage.py up --reader-server granian`: readers on granian, staff on gunicorn, and granian alone without an edge."""

import http.client
import os
import signal
from contextlib import closing
from pathlib import Path

import pytest

from operations.embedded.refusals import Exit
from tests.stack.program import Program, alive, until
from tests.stack.test_refusals import sentence, up

TECHBLOG, STUDIO, OPS = "techblog.localhost", "studio.masthead.localhost", "ops.masthead.localhost"


def test_it_says_which_servers_it_waits_for(masthead_with_granian: Program) -> None:
    said = masthead_with_granian.said()
    steps = [f"{step} … ready" for step in ("Application (gunicorn)", "Application (granian)", "Edge (Traefik)")]
    assert sorted(steps, key=said.index) == steps
    assert {"gunicorn", "granian", "traefik"} < set(masthead_with_granian.children())


def test_readers_and_staff_are_answered_each_by_their_own(masthead_with_granian: Program) -> None:
    program = masthead_with_granian
    assert "server: granian" in served_by(program, TECHBLOG)
    for host in (STUDIO, OPS, f"{STUDIO}.", STUDIO.upper()):
        assert program.get(host).status == 302, host
        assert "server: gunicorn" in served_by(program, host)
    # Neither knows the other's hosts.
    assert straight(program, "granian", STUDIO) == straight(program, "gunicorn", TECHBLOG) == 404


def straight(program: Program, server: str, host: str) -> int:
    """The status that an application server gives past the edge."""
    with closing(http.client.HTTPConnection("127.0.0.1", program.port_of(server), timeout=30)) as connection:
        connection.request("GET", "/", headers={"Host": f"{host}:{program.port}"})
        return connection.getresponse().status


def served_by(program: Program, host: str) -> str:
    return "\n".join(f"{name}: {value}".lower() for name, value in program.get(host).headers.items())


def test_killed_it_is_named_and_started_again_while_requests_wait(tmp_path: Path) -> None:
    program = Program(tmp_path / "data")
    try:
        program.start("--demo", "--reader-server", "granian")
        family = program.family()
        os.kill(program.children()["granian"], signal.SIGKILL)
        until(lambda: "granian died (killed by SIGKILL); starting it again." in program.said())
        # Not even refused: the socket is the program's own.
        assert program.get(TECHBLOG).status == 200
        until(lambda: "granian answers again" in program.said(), otherwise=program.said)
        program.running.send_signal(signal.SIGTERM)
        assert program.running.wait(timeout=5) == 0
        assert alive(family) == set()
    finally:
        program.stop()


def test_without_an_edge_it_serves_everything(tmp_path: Path) -> None:
    program = Program(tmp_path / "data")
    try:
        program.start("--demo", "--no-edge", variables={"READER_SERVER": "granian"})
        assert set(program.children()) == {"postgres", "redis", "granian", "relay"}
        assert [program.get(host).status for host in (TECHBLOG, STUDIO, OPS)] == [200, 302, 302]
    finally:
        program.stop()


@pytest.mark.parametrize("way", ["option", "variable"])
def test_another_server_is_refused(tmp_path: Path, way: str) -> None:
    options = ("--reader-server", "uvicorn") if way == "option" else ()
    variables = {} if way == "option" else {"READER_SERVER": "uvicorn"}
    done = up(*options, MASTHEAD_DATA=str(tmp_path / "data"), **variables)
    assert "Readers are served by gunicorn or granian, not by 'uvicorn'." in sentence(done)
    assert done.returncode == Exit.UNUSABLE
