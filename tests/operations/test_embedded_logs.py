"""The logs of the children: bounded, whole lines kept, the last ones for people."""

import subprocess
from pathlib import Path

from operations.embedded.logs import bound, tail


def test_a_log_that_grew_too_large_is_moved_aside_while_its_writer_goes_on(tmp_path: Path) -> None:
    log = tmp_path / "redis.log"
    with log.open("ab") as out, subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE, stdout=out) as writer:
        assert writer.stdin
        writer.stdin.write(b"old" * 100)
        writer.stdin.flush()
        while log.stat().st_size < 300:
            pass
        bound(log, limit=200)
        assert log.stat().st_size == 0
        writer.stdin.write(b"new")
    assert log.read_bytes() == b"new"
    assert (tmp_path / "redis.log.1").read_bytes() == b"old" * 100


def test_a_small_log_and_none_are_left_alone(tmp_path: Path) -> None:
    log = tmp_path / "redis.log"
    bound(log)
    assert not log.exists()
    log.write_text("short")
    bound(log)
    assert log.read_text() == "short"


def test_the_tail_is_the_last_lines_whatever_they_hold(tmp_path: Path) -> None:
    log = tmp_path / "postgres.log"
    assert tail(log) == ""
    log.write_bytes(b"".join(b"line %d \xff\n" % number for number in range(100_000)))
    assert tail(log, lines=2) == "    line 99998 \ufffd\n    line 99999 \ufffd"
