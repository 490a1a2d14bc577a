"""The supervisor: who dies is named and started again; who dies three times ends the whole; nothing outlives it."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from operations.embedded import supervisor as supervising
from operations.embedded.child import Service
from operations.embedded.folder import Folder, held
from operations.embedded.interruptions import Interruptions, noticed
from operations.embedded.processes import born
from operations.embedded.refusals import Exit, Refused, Stopped
from operations.embedded.supervisor import Supervisor
from operations.embedded.voice import Voice

SLEEPER = "trap 'exit 0' TERM; while :; do sleep 0.05; done"
DEAF = "trap '' TERM; while :; do sleep 0.05; done"


class Stage:
    """A supervisor and what it said."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.said = io.StringIO()
        self.interruptions = Interruptions()
        self.supervisor = Supervisor(folder, Voice(self.said), self.interruptions)

    def pid(self, name: str) -> int:
        """The process of the service `name`, as run.json has it."""
        pid: int = json.loads(self.folder.run_file.read_text())["children"][name][0]
        return pid

    def breathe_until(self, happened: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 30
        while not happened():
            assert time.monotonic() < deadline, self.said.getvalue()
            self.supervisor._breathe()


def script(name: str, text: str, *, ready: Callable[[], bool] = lambda: True, keeps_data: bool = False) -> Service:
    return Service(name=name, command=["/bin/sh", "-c", text], ready=ready, keeps_data=keeps_data)


def alive(pid: int) -> bool:
    return born(pid) is not None


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with held(tmp_path) as folder:
        stage = Stage(folder)
        yield stage
        stage.supervisor.stop()


def test_a_child_that_dies_is_named_and_started_again(stage: Stage) -> None:
    stage.supervisor.start(script("redis", SLEEPER))
    first = stage.pid("redis")
    os.kill(first, signal.SIGKILL)
    stage.breathe_until(lambda: "answers again" in stage.said.getvalue())
    assert "redis died (killed by SIGKILL); starting it again." in stage.said.getvalue()
    assert stage.pid("redis") != first
    assert alive(stage.pid("redis"))


def test_one_that_dies_three_times_in_a_minute_ends_the_whole_with_its_last_words(stage: Stage) -> None:
    with pytest.raises(Refused, match="traefik died 3 times in a minute, the last time with exit code 7") as refusal:
        stage.supervisor.start(script("traefik", "echo no such colour; exit 7", ready=lambda: False))
    assert refusal.value.code == Exit.DIED
    assert str(refusal.value).count("no such colour") == 3
    assert str(stage.folder.log("traefik")) in str(refusal.value)


def test_deaths_of_different_children_do_not_add_up(stage: Stage) -> None:
    for name in ("postgres", "redis"):
        stage.supervisor.start(script(name, SLEEPER))
    for name in ("postgres", "redis") * 2:
        os.kill(stage.pid(name), signal.SIGKILL)
        died = stage.said.getvalue().count("answers again")
        stage.breathe_until(lambda died=died: stage.said.getvalue().count("answers again") > died)  # type: ignore[misc]
    assert alive(stage.pid("postgres"))
    assert alive(stage.pid("redis"))


def test_deaths_longer_than_a_minute_ago_are_forgotten(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervising, "PERIOD", 0.0)
    stage.supervisor.start(script("redis", SLEEPER))
    for count in range(1, 5):
        os.kill(stage.pid("redis"), signal.SIGKILL)
        stage.breathe_until(lambda count=count: stage.said.getvalue().count("again,") == count)  # type: ignore[misc]


def test_a_full_disk_is_called_by_its_name(stage: Stage) -> None:
    words = "PANIC: could not write to file: No space left on device"
    with pytest.raises(Refused, match=r"The disk of .* is full") as refusal:
        stage.supervisor.start(script("postgres", f"echo '{words}'; exit 1", ready=lambda: False))
    assert refusal.value.code == Exit.DISK_FULL


def test_what_never_answers_is_given_up(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervising, "PATIENCE", 0.3)
    with pytest.raises(Refused, match="gunicorn does not answer") as refusal:
        stage.supervisor.start(script("gunicorn", f"echo importing; {SLEEPER}", ready=lambda: False))
    assert refusal.value.code == Exit.FAILED
    assert "importing" in str(refusal.value)


def test_a_command_that_fails_is_reported_with_its_last_words(stage: Stage) -> None:
    with pytest.raises(Refused, match=r"manage.py migrate failed \(exit code 3\)") as refusal:
        stage.supervisor.run(script("migrate", "echo no such column; exit 3"))
    assert "no such column" in str(refusal.value)


def test_services_are_watched_while_a_command_runs(stage: Stage) -> None:
    stage.supervisor.start(script("postgres", SLEEPER))
    os.kill(stage.pid("postgres"), signal.SIGKILL)
    stage.supervisor.run(script("migrate", "sleep 1"))
    assert "postgres died" in stage.said.getvalue()


def test_stopping_ends_every_child_and_what_they_started(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervising, "STOP", 0.3)
    grandchild = stage.folder.path / "grandchild"
    stage.supervisor.start(script("redis", SLEEPER, keeps_data=True))
    stage.supervisor.start(script("traefik", DEAF))
    stage.supervisor.start(
        script("gunicorn", f"sleep 600 & echo $! > {grandchild}; {SLEEPER}", ready=grandchild.exists)
    )
    pids = [stage.pid(name) for name in ("redis", "traefik", "gunicorn")]
    stage.breathe_until(lambda: grandchild.read_text().endswith("\n"))
    pids.append(int(grandchild.read_text()))
    assert all(alive(pid) for pid in pids)
    assert stage.supervisor.stop()
    assert [pid for pid in pids if alive(pid)] == []


def test_what_still_runs_is_not_said_to_be_gone(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervising, "LAST_MOMENT", 0.2)
    runaway = stage.folder.path / "runaway"
    stage.supervisor.run(script("migrate", f"setsid sh -c 'echo $$ > {runaway}; exec sleep 600' & sleep 0.2"))
    stage.breathe_until(lambda: runaway.exists() and runaway.read_text().endswith("\n"))
    assert not stage.supervisor.stop()
    os.kill(int(runaway.read_text()), signal.SIGKILL)
    assert stage.supervisor._lifeline.all_gone(patience=30)


def test_what_keeps_data_ends_after_what_uses_it(stage: Stage) -> None:
    order = stage.folder.path / "order"
    for name, keeps_data in (("postgres", True), ("gunicorn", False)):
        stage.supervisor.start(
            script(
                name,
                f"trap 'sleep 0.2; echo {name} >> {order}; exit' TERM; echo up; while :; do sleep 0.05; done",
                ready=lambda name=name: stage.folder.log(name).read_text() == "up\n",  # type: ignore[misc]
                keeps_data=keeps_data,
            )
        )
    stage.supervisor.stop()
    assert order.read_text().split() == ["gunicorn", "postgres"]


def test_a_second_ctrl_c_does_not_wait(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervising, "STOP", 3600.0)
    stage.supervisor.start(script("traefik", DEAF))
    pid = stage.pid("traefik")
    for _ in range(2):
        stage.interruptions.notice(signal.SIGINT, None)
    stage.supervisor.stop()
    assert not alive(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next run ends what the last one recorded")
def test_a_child_does_not_outlive_a_parent_that_is_killed(tmp_path: Path) -> None:
    text = (
        "import pathlib, sys, time\n"
        "from operations.embedded.child import Child, Service\n"
        "service = Service(name='x', command=['/bin/sh', '-c', 'echo up; exec sleep 600'], ready=bool)\n"
        "print(Child(service, pathlib.Path(sys.argv[1])).pid, flush=True); time.sleep(600)\n"
    )
    log = tmp_path / "log"
    with subprocess.Popen([sys.executable, "-c", text, str(log)], stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        while log.read_text() != "up\n":
            time.sleep(0.02)
        assert alive(pid)
        parent.kill()
    deadline = time.monotonic() + 30
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not alive(pid)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_noticed_where_it_is_safe(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with noticed() as interruptions:
        os.kill(os.getpid(), number)
        with pytest.raises(Stopped):
            interruptions.pause()
    assert signal.getsignal(number) is before


class Gone(io.StringIO):
    """A terminal that was closed."""

    def write(self, text: str) -> int:
        raise BrokenPipeError


def test_a_terminal_that_went_away_does_not_matter() -> None:
    voice = Voice(Gone())
    with voice.step("PostgreSQL"):
        voice.line("still going")


def test_a_step_keeps_its_line_when_something_else_is_said() -> None:
    said = io.StringIO()
    voice = Voice(said)
    with voice.step("Redis"):
        voice.line("postgres died (exit code 1); starting it again.")
    assert [line.split(" ready")[0] for line in said.getvalue().splitlines()] == [
        "Redis … ",
        "postgres died (exit code 1); starting it again.",
        "Redis …",
    ]
