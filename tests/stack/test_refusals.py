"""What `manage.py up` refuses: one sentence and one exit code each, and nothing left behind."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from operations.embedded.refusals import Exit
from tests.operations.users import as_stranger
from tests.stack.program import READY, Program, command, environment, free_port, until

STUDIO = "studio.masthead.localhost"
as_root = pytest.mark.skipif(os.getuid() != 0, reason="needs root")


def up(*options: str, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command("up", *options),
        env=environment(**changes),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    assert "Traceback" not in done.stderr, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr


@pytest.mark.parametrize("port", ["0", "-1", "65536", "abc", "8000.0", "٨٠٠٠", ""])
def test_a_port_must_be_a_number_of_a_port(tmp_path: Path, port: str) -> None:
    done = up(f"--port={port}", MASTHEAD_DATA=str(tmp_path / "data"))
    assert "A port is a number from 1 to 65535" in sentence(done)
    assert done.returncode == Exit.UNUSABLE


@pytest.mark.parametrize(
    "domain", ["Masthead.localhost", "masthead.localhost.", "a b.test", "x`) || Host(`evil.test", "a..test", "-a.test"]
)
def test_the_platforms_domain_must_be_one(tmp_path: Path, domain: str) -> None:
    done = up(PLATFORM_DOMAIN=domain, MASTHEAD_DATA=str(tmp_path / "data"))
    assert f"PLATFORM_DOMAIN: “{domain}” is not a hostname in lower case" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == Exit.UNUSABLE


def test_a_variable_with_an_unusable_value_is_named() -> None:
    done = up(PORT="abc")
    assert "PORT" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode != 0


def test_a_file_cannot_be_the_data_folder(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    done = up(MASTHEAD_DATA=str(tmp_path / "data"))
    assert "cannot be the data folder" in sentence(done)
    assert done.returncode == Exit.UNUSABLE


def test_other_settings_than_the_embedded_ones_are_refused(tmp_path: Path) -> None:
    done = up(DJANGO_SETTINGS_MODULE="settings.test", DATABASE_URL="postgres://db/none")
    assert "settings.embedded, not settings.test" in sentence(done)
    assert done.returncode == Exit.UNUSABLE


def test_a_database_that_does_not_answer_is_named(tmp_path: Path) -> None:
    url = f"postgres://somebody:secret@127.0.0.1:{free_port()}/none"
    done = up("--port", str(free_port()), DATABASE_URL=url, MASTHEAD_DATA=str(tmp_path / "data"))
    assert "The PostgreSQL that DATABASE_URL names does not answer" in sentence(done)
    assert "secret" not in done.stdout + done.stderr
    assert done.returncode == Exit.FAILED


def test_without_permission_to_write_it_says_so(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    data = tmp_path / "ours" / "data"
    data.parent.mkdir(mode=0o500)
    if os.getuid() == 0:
        done = as_stranger(command("up"), owns=theirs, environment=environment(MASTHEAD_DATA=str(data)))
    else:
        done = up(MASTHEAD_DATA=str(data))
    assert "No permission to write" in sentence(done)
    assert done.returncode == Exit.NOT_WRITABLE


@as_root
def test_a_normal_user_may_not_have_a_port_of_root(tmp_path: Path) -> None:
    if int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text()) <= 80:
        pytest.skip("this machine gives every port to everyone")
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    done = as_stranger(
        command("up", "--port", "80"), owns=theirs, environment=environment(MASTHEAD_DATA=str(theirs / "data"))
    )
    assert "Port 80 is kept for root" in sentence(done)
    assert done.returncode == Exit.PORT_TAKEN


# A small file system that exists for the program alone and goes with it.
SMALL_DISK = ("unshare", "--mount", "sh", "-c", 'mount -t tmpfs -o "size=$1" none "$0" && shift && exec "$@"')


def small_disk(folder: Path, size: str) -> tuple[str, ...]:
    """What stands before a command that finds a disk of `size` at `folder`."""
    folder.mkdir()
    if subprocess.run([*SMALL_DISK, str(folder), size, "true"], check=False).returncode:
        pytest.skip("this machine mounts nothing")
    return (*SMALL_DISK, str(folder), size)


@as_root
def test_a_disk_without_room_to_begin_is_refused(tmp_path: Path) -> None:
    program = Program(tmp_path / "disk" / "data")
    program.launch(before=small_disk(tmp_path / "disk", "20m"))
    assert program.running.wait(timeout=60) == Exit.DISK_FULL
    assert "20 MB are free" in program.said()


@as_root
def test_a_disk_that_fills_up_ends_the_run_and_is_called_by_its_name(tmp_path: Path) -> None:
    program = Program(tmp_path / "disk" / "data")
    try:
        program.launch("--no-edge", before=small_disk(tmp_path / "disk", "256m"))
        until(lambda: READY in program.said() or program.running.poll() is not None, otherwise=program.said)
        disk = Path(f"/proc/{program.running.pid}/root{tmp_path}/disk")
        postgres = json.loads((disk / "data/run.json").read_text())["children"]["postgres"][0]
        fill(disk / "ballast")
        os.kill(postgres, signal.SIGKILL)
        assert program.running.wait(timeout=60) == Exit.DISK_FULL
        assert f"The disk of {program.data} is full" in program.said()
        assert "Traceback" not in program.said()
    finally:
        program.stop()


def fill(file: Path) -> None:
    """Write until the disk is full."""
    with file.open("wb", buffering=0) as ballast:
        for piece in (1 << 20, 1 << 12, 1):
            with contextlib.suppress(OSError):
                while True:
                    ballast.write(b"x" * piece)


def test_every_exit_code_is_explained_by_help() -> None:
    shown = up("--help").stdout
    for code in Exit:
        assert f"  {code:d}  {code.meaning}" in shown


def without(folder: Path, *programs: str) -> dict[str, str]:
    """Variables for a machine where no wheel brings `programs` and the PATH has none of them."""
    (folder / "sitecustomize.py").write_text(
        f"import pathlib\nis_file = pathlib.Path.is_file\n"
        f"pathlib.Path.is_file = lambda path: path.name not in {programs!r} and is_file(path)\n"
    )
    path = folder / "path"
    path.mkdir()
    setpriv = shutil.which("setpriv")
    if setpriv:
        (path / "setpriv").symlink_to(setpriv)
    return {"PYTHONPATH": str(folder), "PATH": str(path), "MASTHEAD_DATA": str(folder / "data")}


def test_without_postgresql_it_says_what_to_install(tmp_path: Path) -> None:
    done = up("--port", str(free_port()), **without(tmp_path, "postgres", "initdb"))
    assert "Install PostgreSQL 15 or newer" in sentence(done)
    assert done.returncode == Exit.MISSING


def test_without_redis_it_runs_on(tmp_path: Path) -> None:
    program = Program(tmp_path / "data")
    try:
        program.start(variables=without(tmp_path, "redis-server"))
        assert "Redis is not here: running without it" in program.said()
        assert program.get(STUDIO).status in {200, 302}
        assert set(program.children()) == {"postgres", "gunicorn", "traefik", "relay"}
    finally:
        program.stop()


def test_without_traefik_it_offers_to_go_without(tmp_path: Path) -> None:
    done = up("--port", str(free_port()), **without(tmp_path, "traefik"))
    assert "--no-edge" in sentence(done)
    assert done.returncode == Exit.MISSING


@as_root
@pytest.mark.parametrize("folder", ["data", "x" * 120])
def test_a_normal_user_gets_the_same(tmp_path: Path, folder: str) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    script = (
        'import subprocess, sys, time\n'
        'with subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, text=True) as up:\n'
        '    for line in up.stdout:\n'
        '        print(line, end="")\n'
        '        if "Ctrl-C stops" in line: up.terminate()\n'
        'sys.exit(up.returncode)\n'
    )  # fmt: skip
    done = as_stranger(
        [sys.executable, "-c", script, *command("up", "--port", str(free_port()))],
        owns=theirs,
        environment=environment(MASTHEAD_DATA=str(theirs / folder)),
    )
    assert f"http://{STUDIO}:" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0


def test_postgresql_of_the_path_serves_where_the_wheel_is_absent(tmp_path: Path) -> None:
    found = shutil.which("postgres")
    if found is None:
        pytest.skip("no PostgreSQL is installed on this machine")
    if not Path(found).resolve().with_name("initdb").exists():
        pytest.skip("its initdb is not installed")
    program = Program(tmp_path / "data")
    changes = without(tmp_path, "postgres", "initdb")
    changes["PATH"] += os.pathsep + str(Path(found).resolve().parent)
    try:
        program.start("--no-edge", variables=changes)
        assert program.get(STUDIO).status in {200, 302}
    finally:
        program.stop()
