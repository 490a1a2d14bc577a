"""How a run ends: asked, killed, or by one of its services; and that the next one starts all the same."""

import os
import signal
from pathlib import Path

import pytest

from tests.stack.program import Program, alive, until

TECHBLOG, STUDIO = "techblog.localhost", "studio.masthead.localhost"
SERVICES = ["gunicorn", "redis", "traefik", "relay", "postgres"]


def started(program: Program) -> Program:
    if program.process is None or program.process.poll() is not None:
        program.start("--demo")
    return program


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_that_is_killed_is_named_and_started_again(mortal: Program, name: str) -> None:
    first = started(mortal).children()[name]
    os.kill(first, signal.SIGKILL)
    until(lambda: f"{name} answers again" in mortal.said(), otherwise=mortal.said)
    assert f"{name} died (killed by SIGKILL); starting it again." in mortal.said()
    assert mortal.children()[name] != first
    until(lambda: mortal.get(TECHBLOG).status == 200, otherwise=mortal.said)


def test_a_restarted_database_costs_no_reader_a_page(mortal: Program) -> None:
    started(mortal)
    statuses = [mortal.get(TECHBLOG, f"/?warm={number}").status for number in range(24)]
    said = mortal.said().count("postgres answers again")
    os.kill(mortal.children()["postgres"], signal.SIGINT)
    until(lambda: mortal.said().count("postgres answers again") > said, otherwise=mortal.said)
    statuses += [mortal.get(TECHBLOG, f"/?after={number}").status for number in range(48)]
    assert set(statuses) == {200}


def test_killed_outright_with_all_its_children_it_recovers(mortal: Program) -> None:
    family = started(mortal).family()
    for pid in {mortal.running.pid, *mortal.children().values()}:
        os.kill(pid, signal.SIGKILL)
    mortal.running.wait()
    until(lambda: not alive(family))
    mortal.start("--demo")
    assert mortal.get(TECHBLOG).status == 200


def test_killed_alone_it_takes_its_children_along_and_the_next_run_recovers_the_same(mortal: Program) -> None:
    family = started(mortal).family()
    sites = listed(mortal)
    assert sites
    assert len(family) > len(SERVICES)
    mortal.running.kill()
    mortal.running.wait()
    mortal.start("--demo")
    assert alive(family) == set()
    assert listed(mortal) == sites
    assert mortal.get(TECHBLOG).status == 200


def listed(program: Program) -> list[str]:
    """The lines of its table that hold an address."""
    return [line for line in program.said().splitlines() if "http://" in line]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_end_it_stops_every_child_within_five_seconds(mortal: Program, number: signal.Signals) -> None:
    family = started(mortal).family()
    assert len(alive(family)) > len(SERVICES)
    mortal.running.send_signal(number)
    assert mortal.running.wait(timeout=5) == 0
    assert alive(family) == set()
    assert "nothing is left running" in mortal.said()
    assert not (mortal.data / "run.json").exists()


def test_a_second_ctrl_c_leaves_nothing_either(mortal: Program) -> None:
    family = started(mortal).family()
    for _ in range(2):
        mortal.running.send_signal(signal.SIGINT)
    assert mortal.running.wait(timeout=5) == 0
    assert alive(family) == set()


@pytest.mark.parametrize("step", ["PostgreSQL", "Migrations", "Application"])
def test_it_can_be_stopped_while_it_starts(tmp_path: Path, step: str) -> None:
    program = Program(tmp_path / "data")
    program.launch()
    until(lambda: step in program.said() or program.running.poll() is not None, otherwise=program.said)
    family = program.family()
    program.running.send_signal(signal.SIGINT)
    assert program.running.wait(timeout=5) == 0, program.said()
    assert alive(family) == set()


def test_three_deaths_in_a_minute_end_the_whole(mortal: Program) -> None:
    family = started(mortal).family()
    for count in (1, 2):
        os.kill(mortal.children()["redis"], signal.SIGKILL)
        until(lambda count=count: mortal.said().count("redis answers again") == count, otherwise=mortal.said)  # type: ignore[misc]
    family |= mortal.family()
    os.kill(mortal.children()["redis"], signal.SIGKILL)
    assert mortal.running.wait(timeout=30) == 9
    assert "redis died 3 times in a minute" in mortal.said()
    assert f"The last lines of {mortal.data / 'log' / 'redis.log'}" in mortal.said()
    assert alive(family) == set()


def test_without_an_edge_gunicorn_itself_serves_the_port(tmp_path: Path) -> None:
    program = Program(tmp_path / "data")
    try:
        program.start("--no-edge")
        assert set(program.children()) == {"postgres", "redis", "relay", "gunicorn"}
        os.kill(program.children()["gunicorn"], signal.SIGKILL)
        until(lambda: "gunicorn died" in program.said())
        # Not even refused: the port is the program's own, and a request waits in it for the new gunicorn.
        assert program.get(STUDIO).status in {200, 302}
    finally:
        program.stop()
