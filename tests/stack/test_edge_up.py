"""`manage.py up --tls`: HTTPS on this machine, by a certificate authority that really asks."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from operations.embedded.asking import status_of
from operations.embedded.run import TLS_APART
from tests.stack.program import Program, addresses, command, environment, get, until

TECHBLOG, STUDIO, OPS = "techblog.localhost", "studio.masthead.localhost", "ops.masthead.localhost"
needs_pebble = pytest.mark.skipif(shutil.which("pebble") is None, reason="Pebble is not installed")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    program = Program(tmp_path_factory.mktemp("tls") / "data")
    program.start("--demo", "--tls")
    yield program
    program.stop()


def served(program: Program, host: str) -> int | None:
    """The status over HTTPS, the certificate checked against what `up` says is to be trusted."""
    port = program.port + TLS_APART
    return status_of(port=port, host=f"{host}:{port}", trusting=program.data / "pebble" / "roots.pem")


def answers(program: Program, host: str) -> bool:
    return served(program, host) in {200, 302}


@needs_pebble
def test_sites_and_staffs_fronts_are_served_with_certificates_of_the_authority(program: Program) -> None:
    for host in (TECHBLOG, STUDIO, OPS):
        until(partial(answers, program, host))
    assert served(program, "nobody.localhost") is None


@needs_pebble
def test_it_says_where_and_how_to_trust_it(program: Program) -> None:
    tls_port, roots = program.port + TLS_APART, program.data / "pebble" / "roots.pem"
    assert f"https://{TECHBLOG}:{tls_port}/" in program.said()
    assert f"https://{STUDIO}:{tls_port}/" in program.said()
    assert f"curl --cacert {roots}" in program.said()
    assert f"http://{TECHBLOG}" not in program.said()


@needs_pebble
def test_plain_http_redirects_there(program: Program) -> None:
    answer = get(program.port, TECHBLOG, "/a/?x=1")
    assert answer.status == 301
    assert answer.headers["Location"] == f"https://{TECHBLOG}:{program.port + TLS_APART}/a/?x=1"


@needs_pebble
def test_a_site_that_is_added_is_served_by_https_and_one_that_is_deleted_is_refused(program: Program) -> None:
    added = "added-with-tls.localhost"
    done = subprocess.run(
        command("site", "add", added, "--name", "Added", "--tenant", "acme"),
        env=environment(MASTHEAD_DATA=str(program.data)), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert f"https://{added}:{program.port + TLS_APART}/" in done.stdout
    until(lambda: served(program, added) == 200)
    until(lambda: list((program.data / "edge" / "certificates").glob(f"{added}-*.key")) != [])


@needs_pebble
def test_everything_listens_on_the_loopback_address_only(program: Program) -> None:
    listening = addresses(program.family())
    assert f"127.0.0.1:{program.port + TLS_APART}" in listening
    assert {address.rpartition(":")[0] for address in listening} == {"127.0.0.1"}


@needs_pebble
def test_its_keys_and_its_token_are_for_its_user_alone(program: Program) -> None:
    kept = [program.data / "traefik.yml", program.data / "run.json", program.data / "pebble" / "pebble-itself.key"]
    kept += (program.data / "edge" / "certificates").glob("*.key")
    assert {path.stat().st_mode & 0o077 for path in kept} == {0}
    token = json.loads((program.data / "run.json").read_text())["edge_token"]
    for pid in program.family():
        assert token not in Path(f"/proc/{pid}/cmdline").read_text()


def attempt(*options: str, tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command("up", "--tls", *options), env=environment(MASTHEAD_DATA=str(tmp_path / "data"), **variables),
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_without_pebble_it_is_refused_with_a_sentence(tmp_path: Path) -> None:
    refused = attempt(tmp_path=tmp_path, PATH="/nonexistent")
    assert refused.returncode == 7
    assert "Pebble" in refused.stderr
    assert "install it" in refused.stderr
    assert not (tmp_path / "data" / "postgres").exists()


def test_without_an_edge_or_room_for_its_port_it_is_refused(tmp_path: Path) -> None:
    assert attempt("--no-edge", tmp_path=tmp_path).returncode == 2
    assert attempt("--port", "65500", tmp_path=tmp_path).returncode == 2
