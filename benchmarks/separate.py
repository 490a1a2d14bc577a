"""Parts that measure one process: in a process of its own, so that its memory and imports alone are counted."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.figures import Figure
from operations.embedded.postgres import running_cluster


def measured_apart(part: str, corpus: Path | None) -> list[Figure]:
    if part == "starting":
        from benchmarks import starting

        return starting.measure()
    # Durable, as a production database is; the tests' cluster is not.
    with (
        tempfile.TemporaryDirectory(prefix="masthead-bench-") as folder,
        running_cluster(Path(folder), durable=True) as database,
    ):
        return _in_process_of_its_own(part, database, corpus, Path(folder) / "media")


def _in_process_of_its_own(part: str, database: str, corpus: Path | None, media: Path) -> list[Figure]:
    command = [sys.executable, "-m", f"benchmarks.{part}", *([str(corpus)] if corpus else [])]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "settings.test", "DATABASE_URL": database, "MASTHEAD_BENCH_MEDIA": str(media),
    }  # fmt: skip
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    return [Figure(**row) for row in json.loads(done.stdout.splitlines()[-1])]
