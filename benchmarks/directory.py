"""The directory with 50,000 hostnames: how long it takes to build, what it weighs, what odd hosts cost."""

import gc
import time

from benchmarks.figures import Figure, at_most
from benchmarks.part import report, resident_mb

HOSTNAMES = 50_000
SPELLINGS = 100_000


def measure() -> list[Figure]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from sites_core.directory import directory
    from sites_core.hostnames import MalformedHost
    from sites_core.resolving import Moved, UnknownHost, resolve

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_site (domain, name) "
            "SELECT 'title' || n || '.example.com', 'Title ' || n FROM generate_series(1, %s) n",
            [HOSTNAMES],
        )
        cursor.execute("ANALYZE")
    connection.close()
    gc.collect()
    before, began = resident_mb(), time.perf_counter()
    directory.names()
    built = time.perf_counter() - began
    gc.collect()
    weight = resident_mb() - before

    before = resident_mb()
    outcomes = {"found": 0, "refused": 0}
    began = time.perf_counter()
    with CaptureQueriesContext(connection) as asked:
        for number in range(SPELLINGS):
            host = _odd(number)
            try:
                resolve(host)
                outcomes["found"] += 1
            except (MalformedHost, UnknownHost, Moved):
                outcomes["refused"] += 1
    spent = time.perf_counter() - began
    gc.collect()
    # The poll, once a second, is the only statement that may appear here.
    polls = sum("directoryversion" in query["sql"] for query in asked)
    return [
        at_most(f"directory of {HOSTNAMES:,} hostnames: built in", built, 1, "s"),
        at_most("… its memory in a worker", weight, 40, "MB"),
        at_most(f"{SPELLINGS:,} spellings and unknown hosts: memory grows by", resident_mb() - before, 1, "MB"),
        at_most("… SQL statements beside the poll", len(asked) - polls, 0, "statements"),
        Figure("… one look-up", f"{spent / SPELLINGS * 1e6:.1f} µs"),
    ]


def _odd(number: int) -> str:
    name = f"title{number % HOSTNAMES + 1}.example.com"
    forms = (
        name.upper(),
        f"{name}.",
        f"{name}:80",
        f"unknown{number}.example.com",
        f"{name}:{number}",
        f"x{number}..y",
    )
    return forms[number % len(forms)]


if __name__ == "__main__":
    report(measure)
