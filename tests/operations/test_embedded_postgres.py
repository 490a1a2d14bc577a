"""The embedded PostgreSQL: starts in any folder, as any user, after any end; leaves nothing behind."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from operations.embedded import postgres, programs
from operations.embedded.postgres import Cluster, running_cluster
from operations.embedded.processes import born
from operations.embedded.refusals import Exit, Refused
from tests.operations.users import as_stranger

ODD = 'lo,ng "name" %20 ' + "x" * 100


def ask(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row
    return row[0]


def test_it_answers_in_utf_8_and_knows_the_cases_of_every_alphabet(tmp_path: Path) -> None:
    with running_cluster(tmp_path, durable=False) as url:
        assert ask(url, "SELECT lower('ÉCOLE ΣΊΣΥΦΟΣ')") == "école σίσυφοσ"
        assert ask(url, "SHOW server_encoding") == "UTF8"


def test_only_a_throw_away_cluster_trades_safety_for_speed(tmp_path: Path) -> None:
    for durable, expected in ((False, "off"), (True, "on")):
        with running_cluster(tmp_path, durable=durable) as url:
            assert [ask(url, f"SHOW {name}") for name in postgres.FORGETFUL] == [expected] * 3


def test_it_listens_on_no_port(tmp_path: Path) -> None:
    with running_cluster(tmp_path, durable=False) as url:
        assert ask(url, "SHOW listen_addresses") == ""


def test_a_folder_with_a_long_and_odd_name_serves_as_well(tmp_path: Path) -> None:
    folder = tmp_path / ODD
    folder.mkdir()
    with running_cluster(folder, durable=False) as url:
        assert ask(url, "SELECT current_database()") == "masthead"


def test_a_path_with_a_comma_is_still_one_path(tmp_path: Path) -> None:
    folder = tmp_path / 'a,"b'
    folder.mkdir()
    with running_cluster(folder, durable=False) as url:
        assert ask(url, "SELECT 1") == 1


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    folder = tmp_path / ODD
    folder.mkdir()
    with running_cluster(folder, durable=False) as url:
        server = int((folder / "postgres/postmaster.pid").read_text().split()[0])
        sockets = Path(str(ask(url, "SHOW unix_socket_directories")).strip('"'))
        assert born(server)
        assert sockets.exists()
    assert not born(server)
    assert not sockets.parent.exists()
    assert not list(folder.iterdir())


def test_nobody_else_may_enter_the_folder_of_its_socket(tmp_path: Path) -> None:
    with running_cluster(tmp_path, durable=False):
        assert Cluster(tmp_path).sockets.parent.stat().st_mode & 0o077 == 0


def test_a_creation_that_was_interrupted_starts_anew(tmp_path: Path) -> None:
    half = tmp_path / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("half-written")
    with running_cluster(tmp_path, durable=False) as url:
        assert ask(url, "SELECT 1") == 1


@pytest.mark.parametrize("dead", [False, True])
def test_a_note_of_a_server_whose_number_another_process_has_is_no_hindrance(tmp_path: Path, dead: bool) -> None:
    cluster = Cluster(tmp_path, durable=False)
    cluster.create()
    with subprocess.Popen(as_the_owner_of(cluster.data, "sleep", "600")) as stranger:
        if dead:  # and not collected: it keeps its number
            stranger.send_signal(signal.SIGKILL)
        (cluster.data / "postmaster.pid").write_text(f"{stranger.pid}\n{cluster.data}\n")
        with running_cluster(tmp_path, durable=False) as url:
            assert ask(url, "SELECT 1") == 1
        stranger.kill()


def as_the_owner_of(folder: Path, *command: str) -> list[str]:
    return [*(str(word) for word in postgres._as_nobody(folder.stat().st_uid)), *command]


def test_no_server_starts_while_a_process_of_an_earlier_one_still_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "STRAGGLERS", 0.2)
    cluster = Cluster(tmp_path, durable=False)
    with running_cluster(tmp_path, durable=False) as url, psycopg.connect(url) as connection:
        straggler = connection.info.backend_pid
        os.kill(straggler, signal.SIGSTOP)
        os.kill(int((cluster.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        with pytest.raises(Refused, match="still busy"), cluster.service().prepare():
            pass
        os.kill(straggler, signal.SIGKILL)
        monkeypatch.setattr(postgres, "STRAGGLERS", 30.0)
        with cluster.service().prepare() as inherited:
            assert len(inherited) == 1
        connection.close()


def test_files_of_another_version_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres/PG_VERSION").write_text("11\n")
    with pytest.raises(Refused, match="was made by PostgreSQL 11") as refusal:
        Cluster(tmp_path).create()
    assert refusal.value.code == Exit.UNUSABLE


def test_where_there_is_no_postgresql_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "find", lambda name: None)
    with pytest.raises(Refused, match=r"Install PostgreSQL 15 or newer .* or point DATABASE_URL at") as refusal:
        Cluster(tmp_path).create()
    assert refusal.value.code == Exit.MISSING


@pytest.mark.skipif(os.getuid() != 0, reason="only root needs setpriv")
def test_root_without_setpriv_is_told_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "find", lambda name: None if name == "setpriv" else programs.find(name))
    with pytest.raises(Refused, match="setpriv") as refusal:
        Cluster(tmp_path).create()
    assert refusal.value.code == Exit.MISSING


@pytest.mark.skipif(os.getuid() != 0, reason="a normal user's own folders are open to that user")
def test_programs_and_data_may_lie_where_only_root_may_enter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = programs.find("postgres")
    assert server
    installed = server.parents[2]
    for found in installed.parent.glob(f"{installed.name}*"):  # its libraries lie beside it
        shutil.copytree(found, tmp_path / found.name, copy_function=hard_link)
    tmp_path.chmod(0o700)
    moved = tmp_path / server.parent.relative_to(installed.parent)
    monkeypatch.setattr(postgres, "find", lambda name: programs.find(name) if name == "setpriv" else moved / name)
    with running_cluster(tmp_path, durable=False) as url:
        process = Path("/proc") / (tmp_path / "postgres/postmaster.pid").read_text().split()[0]
        capabilities = [line.split()[1] for line in (process / "status").read_text().splitlines() if "CapEff" in line]
        assert ask(url, "SELECT 1") == 1
    assert tmp_path.stat().st_mode & 0o777 == 0o700
    assert [int(each, 16) for each in capabilities] == [1 << 1]  # CAP_DAC_OVERRIDE alone


def hard_link(source: str, target: str) -> str:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)
    return target


@pytest.mark.skipif(os.getuid() != 0, reason="the other tests run as this normal user already")
def test_a_normal_user_can_run_it_too(tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    script = (
        "import sys, pathlib\n"
        "from operations.embedded.postgres import running_cluster\n"
        "with running_cluster(pathlib.Path(sys.argv[1]), durable=False) as url: print(url)\n"
    )
    done = as_stranger([sys.executable, "-c", script, str(folder)], owns=folder)
    assert done.stdout.startswith("postgres://masthead@"), done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next run ends what the last one recorded")
def test_the_server_dies_with_a_process_that_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys, time, pathlib\n"
        "from operations.embedded.postgres import running_cluster\n"
        "with running_cluster(pathlib.Path(sys.argv[1]), durable=False): print('up', flush=True); time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == b"up\n"
        server = int((tmp_path / "postgres/postmaster.pid").read_text().split()[0])
        assert born(server)
        parent.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 30
    while born(server) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not born(server)
