"""`manage.py up --demo`: what a newcomer gets."""

import json
import subprocess
from pathlib import Path

from tests.stack.program import Program, addresses, command, environment, get, until

TECHBLOG, FINANCEBLOG = "techblog.localhost", "financeblog.localhost"
STUDIO, OPS, INTERNAL = (f"{surface}.masthead.localhost" for surface in ("studio", "ops", "internal"))


def test_two_brands_answer_through_the_edge(masthead: Program) -> None:
    pages = {host: masthead.get(host) for host in (TECHBLOG, FINANCEBLOG)}
    assert {page.status for page in pages.values()} == {200}
    assert "Techblog" in pages[TECHBLOG].body
    assert "Financeblog" in pages[FINANCEBLOG].body
    assert pages[TECHBLOG].body != pages[FINANCEBLOG].body


def test_it_says_what_it_waits_for_and_then_what_it_serves(masthead: Program) -> None:
    said = masthead.said()
    services = ["PostgreSQL", "Redis", "Migrations", "Demo", "Application (gunicorn)", "Relay", "Edge (Traefik)"]
    steps = [*(f"{service} … ready" for service in services), "First page (", "Ctrl-C stops everything."]
    assert sorted(steps, key=said.index) == steps
    for host in (TECHBLOG, FINANCEBLOG, STUDIO, OPS):
        assert f"http://{host}:{masthead.port}/" in said


def test_the_demos_log_ins_are_shown(masthead: Program) -> None:
    done = manage(masthead, "seed_demo", "--json")
    logins = json.loads(done.stdout)["logins"]
    assert logins
    for login in logins:
        assert login["email"] in masthead.said()
        assert login["password"] in masthead.said()


def test_studio_and_ops_answer(masthead: Program) -> None:
    assert masthead.get(STUDIO).status in {200, 302}
    assert masthead.get(OPS).status in {200, 302}


def test_the_internal_host_is_not_reachable_through_the_edge(masthead: Program) -> None:
    for path in ("/healthz", "/readyz"):
        assert masthead.get(INTERNAL, path).status == 404


def test_an_unknown_host_is_not_found(masthead: Program) -> None:
    assert masthead.get("nobody.knows.example").status == 404


def test_everything_listens_on_the_loopback_address_only(masthead: Program) -> None:
    listening = addresses(masthead.family() | {masthead.running.pid})
    assert f"127.0.0.1:{masthead.port}" in listening
    assert {address.rpartition(":")[0] for address in listening} == {"127.0.0.1"}


def test_another_command_speaks_to_the_same_services(masthead: Program) -> None:
    done = manage(masthead, "site", "list", "--json")
    assert {TECHBLOG, FINANCEBLOG} <= {site["domain"] for site in json.loads(done.stdout)}


def manage(program: Program, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*words), env=environment(MASTHEAD_DATA=str(program.data)), capture_output=True, text=True, check=True
    )


def test_a_site_that_is_added_is_served_without_a_restart(masthead: Program) -> None:
    added = "added.localhost"
    assert masthead.get(added).status == 404
    manage(masthead, "site", "add", added, "--name", "Added", "--tenant", "acme")
    until(lambda: masthead.get(added).status == 200)


def test_its_files_are_for_its_user_alone(masthead: Program) -> None:
    assert masthead.data.stat().st_mode & 0o077 == 0
    assert (masthead.data / "run.json").stat().st_mode & 0o077 == 0


def attempt(*options: str, data: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command("up", *options), env=environment(MASTHEAD_DATA=str(data)), capture_output=True, text=True, check=False
    )


def test_a_folder_in_use_is_refused_and_its_user_named(masthead: Program) -> None:
    second = attempt("--port", "1", data=masthead.data)
    assert second.returncode == 4
    assert f"in use by another run (process {masthead.running.pid})" in second.stderr
    assert masthead.get(TECHBLOG).status == 200


def test_a_port_that_is_taken_is_refused(masthead: Program, tmp_path: Path) -> None:
    for options in ((), ("--no-edge",)):
        second = attempt("--port", str(masthead.port), *options, data=tmp_path / "data")
        assert second.returncode == 3
        assert f"Port {masthead.port} is taken" in second.stderr
        assert not (tmp_path / "data/postgres").exists()


def test_with_servers_that_run_already_it_starts_none_of_its_own(masthead: Program, tmp_path: Path) -> None:
    facts = json.loads((masthead.data / "run.json").read_text())
    other = Program(tmp_path / "data")
    try:
        other.start("--no-edge", variables={name.upper(): facts[name] for name in ("database_url", "redis_url")})
        assert set(other.children()) == {"gunicorn", "relay"}
        assert get(other.port, FINANCEBLOG).status == 200
    finally:
        other.stop()
