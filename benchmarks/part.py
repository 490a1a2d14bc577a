"""The frame of a part that runs in a process of its own: Django, an empty schema, figures as JSON on the last line."""

import dataclasses
import json
from collections.abc import Callable

import django
from django.core.management import call_command

from benchmarks.figures import Figure


def prepare() -> None:
    """Django with a migrated database."""
    django.setup()
    call_command("migrate", verbosity=0)


def report(measure: Callable[[], list[Figure]]) -> None:
    prepare()
    print(json.dumps([dataclasses.asdict(figure) for figure in measure()]))


def resident_mb() -> float:
    """This process's resident memory, in MB, as Linux counts it."""
    with open("/proc/self/statm") as statm:  # noqa: PTH123 -- not a file on disk
        return int(statm.read().split()[1]) * 4096 / 1e6
