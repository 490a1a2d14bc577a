"""From a publish to readers, under load: when every worker shows it, what else was disturbed, and what a rush costs."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks import cores, load, stage
from benchmarks.data import Size
from benchmarks.figures import Figure, Report, unmeasured
from benchmarks.load import CONNECTIONS, LONGEST_SECONDS, SCRIPT, parsed
from benchmarks.rounds import Step
from benchmarks.rushing import RUSH, rush
from benchmarks.servers import ROOT, Running, Servers
from benchmarks.serving import CACHE_MB, NO_PAGE_HELD
from benchmarks.stage import Stage
from operations.embedded.ports import HOST

WITHIN_SECONDS = 1.0
COLD_PAGES = 10


def measure(on: Stage, size: Size, publishes: int, step: Step) -> Report:
    report = Report()
    with ExitStack() as stack:
        servers = on.servers(size)
        home = stage.homes(size)[0]
        # Workers that can be asked one by one are servers of one worker each.
        workers: list[Running] = []
        for number, server in enumerate(("gunicorn", "gunicorn", "granian"), 1):
            step(f"start worker {number}")
            service = servers.masthead(server, cache_mb=CACHE_MB)
            workers.append(stack.enter_context(servers.running(service, home[0])))
        what = f"publish to visible in each of {len(workers)} workers, {publishes:,} publishes under load: p99"
        if all(stage.holds_pages(worker.port, home) for worker in workers):
            step(f"{publishes:,} publishes")
            report.figures += _publishes(on, size, workers, publishes, what)
        else:
            report.figures.append(unmeasured(what, NO_PAGE_HELD, f"at most {WITHIN_SECONDS:g} s"))
    step("a rush on a cold page")
    for server in ("gunicorn", "granian"):
        report.figures.append(_renders(on, servers, server, size))
    return report


def _publishes(on: Stage, size: Size, workers: Sequence[Running], publishes: int, what: str) -> list[Figure]:
    """Another process publishes and looks; meanwhile readers read from the first worker."""
    ports = [str(worker.port) for worker in workers]
    plan = stage.plan(on, "publishing", load.uniform(stage.homes(size)))
    environment = os.environ | {
        "DATABASE_URL": on.database(size), "DJANGO_SETTINGS_MODULE": "settings.embedded", "PORT": "80",
        "MASTHEAD_DATA": str(on.folder), "REDIS_URL": "",
    }  # fmt: skip
    command = [sys.executable, "-m", "benchmarks.deeds", str(publishes), *ports]
    readers = [
        "wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{LONGEST_SECONDS * 4}s",
        "--script", str(SCRIPT), f"http://{HOST}:{workers[0].port}/", "--", str(plan), "0",
    ]  # fmt: skip
    with cores.on(cores.LOAD), subprocess.Popen(readers, stdout=subprocess.PIPE, text=True) as reading:
        try:
            done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
        finally:
            reading.send_signal(2)
            output, _ = reading.communicate()
    outcome = parsed(output)
    said = json.loads(done.stdout.splitlines()[-1])
    seconds = sorted(said["seconds"])
    p99 = seconds[int(len(seconds) * 0.99)]
    untouched, held = said["untouched"], said["untouched_held"]
    return [
        Figure(what, f"{p99:.2f} s", f"at most {WITHIN_SECONDS:g} s", p99 <= WITHIN_SECONDS),
        Figure("… the median, and the latest", f"{seconds[len(seconds) // 2]:.2f} s, {seconds[-1]:.2f} s"),
        Figure("… readers meanwhile", f"{outcome.rate:,.0f} req/s, no error"),
        Figure("… stale pages a second after the last", str(said["stale"]), "0", said["stale"] == 0),
        Figure(
            "… pages of sites that no publish touched, from the cache", f"{held:,} of {untouched:,}", "all",
            held == untouched > 0,
        ),
    ]  # fmt: skip


def _renders(on: Stage, servers: Servers, server: str, size: Size) -> Figure:
    """Two workers and a Redis between them; each cold page is asked for by all at once."""
    renders = on.folder / f"renders-{server}"
    service = servers.masthead(
        server, cache_mb=CACHE_MB, workers=2, redis_url=on.redis_url, settings="benchmarks.counted",
        beside={"RENDERS": str(renders)},
    )  # fmt: skip
    cold = stage.articles(on, size, 1)[:COLD_PAGES]
    on.empty_redis()
    with servers.running(service, cold[0][0]) as running:
        counts = [_rendered(running, target, renders) for target in cold]
    what = f"{RUSH} simultaneous requests for one cold page on {server}, two workers: rendered"
    return Figure(what, f"{max(counts)} times at most, {len(cold)} pages", "once", max(counts) == 1)


def _rendered(server: Running, target: load.Target, renders: Path) -> int:
    before = renders.stat().st_size
    statuses = rush(server.port, target)
    if set(statuses) != {200}:
        raise server.failed(f"A rush on {target} was answered with {sorted(set(statuses))}")
    return renders.stat().st_size - before
