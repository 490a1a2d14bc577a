"""The data folder: one run at a time, clear refusals, and nothing left over from a run that was killed."""

import errno
import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from operations.embedded import folder as folders
from operations.embedded.folder import Folder, explained, held
from operations.embedded.processes import born, end
from operations.embedded.refusals import Exit, Refused


def test_a_folder_that_is_in_use_is_refused_and_its_user_named(tmp_path: Path) -> None:
    with held(tmp_path / "data"):
        with pytest.raises(Refused, match=rf"in use by another run \(process {os.getpid()}\)") as refusal:
            held(tmp_path / "data").__enter__()
        assert refusal.value.code == Exit.IN_USE
    with held(tmp_path / "data"):
        pass


def test_it_is_for_its_owner_alone(tmp_path: Path) -> None:
    with held(tmp_path / "data") as folder:
        folder.publish({"database_url": "postgres://"})
        modes = [path.stat().st_mode & 0o077 for path in (folder.path, folder.run_file, folder.path / "lock")]
    assert modes == [0, 0, 0]


def test_run_json_says_what_was_published_and_goes_with_the_run(tmp_path: Path) -> None:
    with held(tmp_path) as folder:
        folder.publish({"database_url": "postgres://", "redis_url": None, "public_port": 8000})
        assert json.loads(folder.run_file.read_text())["public_port"] == 8000
    assert not folder.run_file.exists()


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/none")):
        with pytest.raises(Refused, match="cannot be the data folder") as refusal:
            held(path).__enter__()
        assert refusal.value.code == Exit.UNUSABLE


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [
        (errno.ENOSPC, Exit.DISK_FULL, "The disk of .* is full"),
        (errno.EDQUOT, Exit.DISK_FULL, "The disk of .* is full"),
        (errno.EACCES, Exit.NOT_WRITABLE, "No permission to write"),
        (errno.EROFS, Exit.NOT_WRITABLE, "No permission to write"),
    ],
)
def test_what_the_file_system_refuses_becomes_a_sentence(tmp_path: Path, number: int, code: Exit, words: str) -> None:
    with pytest.raises(Refused, match=words) as refusal, explained(tmp_path):
        raise OSError(number, os.strerror(number), str(tmp_path / "log"))
    assert refusal.value.code == code


def test_what_happens_outside_the_folder_is_not_explained_by_it(tmp_path: Path) -> None:
    with pytest.raises(PermissionError), explained(tmp_path):
        raise PermissionError(errno.EACCES, "denied", "/usr/bin/traefik")


def test_an_empty_folder_needs_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "ROOM", 10**12)
    with pytest.raises(Refused, match=r"\d+ MB are free") as refusal:
        held(tmp_path).__enter__()
    assert refusal.value.code == Exit.DISK_FULL


def test_the_children_of_a_killed_run_are_ended(tmp_path: Path) -> None:
    with subprocess.Popen(["/bin/sleep", "600"]) as child:
        Folder(tmp_path).publish({"children": {"postgres": [child.pid, born(child.pid)]}})
        with held(tmp_path):
            assert child.wait() == -signal.SIGINT


def test_another_process_that_has_a_childs_number_by_now_is_left_alone(tmp_path: Path) -> None:
    with subprocess.Popen(["/bin/sleep", "600"]) as stranger:
        Folder(tmp_path).publish({"children": {"postgres": [stranger.pid, "another time"]}})
        with held(tmp_path):
            assert stranger.poll() is None
        stranger.kill()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"children": 7}', '{"children": {"redis": ["a", 1]}}'])
def test_a_damaged_run_json_is_no_hindrance(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text)
    with held(tmp_path) as folder:
        assert folder.path == tmp_path


def test_a_process_that_ignores_the_polite_signal_is_ended_by_force(tmp_path: Path) -> None:
    with subprocess.Popen(["/bin/sh", "-c", "trap '' TERM; echo deaf; while :; do sleep 1; done"], stdout=-1) as child:
        assert child.stdout
        assert child.stdout.readline() == b"deaf\n"
        mark = born(child.pid)
        assert mark
        end(child.pid, mark, politely=signal.SIGTERM, patience=0.2)
        assert child.wait() == -signal.SIGKILL
