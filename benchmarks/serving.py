"""Ready and fresh pages of Masthead beside the floors below it and the peers around it, direct and through Traefik."""

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

from benchmarks import load, stage
from benchmarks.data import Size
from benchmarks.figures import Bar, Comparison, Figure, Report, times, unmeasured
from benchmarks.load import Target
from benchmarks.rounds import COLUMNS, Readings, Step, interleaved, measured
from benchmarks.servers import ROOT, Running, Servers
from benchmarks.stage import Stage
from operations.embedded.child import Service

NGINX = "nginx, a file a page"
FLOOR_SYNC, FLOOR_GTHREAD, FLOOR_GRANIAN = "no framework, sync", "no framework, gthread", "no framework, granian"
CACHED, CACHED_GRANIAN = "Masthead, gunicorn", "Masthead, granian"
FRESH, FRESH_GRANIAN = "Masthead uncached, gunicorn", "Masthead uncached, granian"
STOCK, STOCK_CACHED = "stock", "stock + cache"
OURS = {CACHED, CACHED_GRANIAN, FRESH, FRESH_GRANIAN}
CACHE_MB = 64
HELD = {CACHED, CACHED_GRANIAN}
NO_PAGE_HELD = "no page is held"


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured."""

    rounds: int = 5
    seconds: int = 2
    zipf_requests: int = 20_000
    zipf_rounds: int = 2


def contenders(servers: Servers) -> dict[str, Service]:
    return {
        NGINX: servers.floor("nginx"),
        FLOOR_GRANIAN: servers.floor("granian"),
        CACHED_GRANIAN: servers.masthead("granian", cache_mb=CACHE_MB),
        FLOOR_GTHREAD: servers.floor("gthread"),
        CACHED: servers.masthead("gunicorn", cache_mb=CACHE_MB),
        FLOOR_SYNC: servers.floor("sync"),
        STOCK_CACHED: servers.stock(cached=True),
        FRESH: servers.masthead("gunicorn", cache_mb=0),
        FRESH_GRANIAN: servers.masthead("granian", cache_mb=0),
        STOCK: servers.stock(cached=False),
    }


def prepare(on: Stage, size: Size) -> dict[str, list[Target]]:
    """The pages that are asked for, by kind; the peer's tables filled, the floors' pages written."""
    servers = on.servers(size)
    pages = {"home": stage.homes(size), "article": stage.articles(on, size, stage.HOT)}
    if not servers.pages.exists():
        environment = os.environ | {
            "DATABASE_URL": on.database(size), "DJANGO_SETTINGS_MODULE": "benchmarks.peers.settings",
        }  # fmt: skip
        subprocess.run([sys.executable, "-m", "benchmarks.peers.filling"], cwd=ROOT, env=environment, check=True)
        with servers.running(servers.masthead("gunicorn", cache_mb=0), pages["home"][0][0]) as fresh:
            for targets in pages.values():
                stage.keep_pages(fresh, targets, servers.pages)
    return pages


def direct(on: Stage, size: Size, extent: Extent, step: Step) -> Report:
    """On one core for each server and its databases, another for the load."""
    step("pages for the floors")
    pages = prepare(on, size)
    plans = {name: stage.plan(on, name, load.uniform(targets)) for name, targets in pages.items()}
    host = pages["home"][0][0]
    with ExitStack() as stack:
        servers = on.servers(size)
        running: dict[str, Running] = {}
        for name, service in contenders(servers).items():
            step(f"start and warm: {name}")
            running[name] = stack.enter_context(servers.running(service, host))
            for page, targets in pages.items():
                for _ in stage.bodies(running[name], targets[:20]):
                    pass
                if name in HELD or name == STOCK_CACHED:
                    measured(on, running[name], plans[page], load.LONGEST_SECONDS, len(targets))
        held = all(stage.holds_pages(running[name].port, pages["home"][0]) for name in HELD)
        if not held:
            running = {name: server for name, server in running.items() if name not in HELD}
        readings = interleaved(on, running, plans, rounds=extent.rounds, seconds=extent.seconds, step=step)
        memory = {name: server.memory_mb for name, server in running.items()}
    step("statements")
    return _direct_report(readings, memory, statements(on, size, pages), held=held)


def through_traefik(on: Stage, size: Size, extent: Extent, step: Step) -> Report:
    """Traefik shares the load's core, as an edge of its own: the servers keep theirs."""
    step("pages for the floors")
    pages = prepare(on, size)
    plans = {"home": stage.plan(on, "home", load.uniform(pages["home"]))}
    host = pages["home"][0][0]
    names = (NGINX, CACHED_GRANIAN, CACHED)
    with ExitStack() as stack:
        servers = on.servers(size)
        running: dict[str, Running] = {}
        behind: dict[str, Running] = {}
        for name in names:
            step(f"start and warm: {name}")
            behind[name] = stack.enter_context(servers.running(contenders(servers)[name], host))
            running[name] = stack.enter_context(servers.behind_traefik(behind[name], host))
            measured(on, running[name], plans["home"], load.LONGEST_SECONDS, len(pages["home"]))
        held = stage.holds_pages(running[CACHED].port, pages["home"][0])
        readings = interleaved(
            on, running, plans, rounds=extent.rounds, seconds=extent.seconds, step=step, behind=behind
        )
    against = "home through Traefik on {}, against nginx's file behind the same"
    figures = [
        _times(held, against.format(server), readings, ours, NGINX, "home", least)
        for server, ours, least in (("granian", CACHED_GRANIAN, 0.9), ("gunicorn", CACHED, 0.5))
    ]
    rows = [
        [name, *readings.cells(name, "home")[:4], f"{readings.middle(name, 'home', 'behind_ms'):.3f}"] for name in names
    ]
    columns = ["upstream", *COLUMNS[:3], "Traefik's CPU ms", "worker's CPU ms"]
    return Report(figures, [Comparison("Through Traefik, home", columns, rows)])


def zipf(on: Stage, size: Size, extent: Extent, step: Step) -> Report:
    """Every article's page by Zipf's law, with caches that begin empty."""
    step("pages for the floors")
    prepare(on, size)
    order = load.zipf(stage.articles(on, size), extent.zipf_requests)
    plan = stage.plan(on, "zipf", order)
    servers = on.servers(size)
    readings = Readings()
    names = (CACHED, CACHED_GRANIAN, STOCK_CACHED)
    held = True
    for number in range(1, extent.zipf_rounds + 1):
        for name in names:
            step(f"round {number} of {extent.zipf_rounds}: {name}")
            on.empty_redis()
            with servers.running(contenders(servers)[name], order[0][0]) as server:
                reading = measured(on, server, plan, load.LONGEST_SECONDS, len(order))
                readings.of.setdefault((name, "zipf"), []).append(reading)
                held = held and (name not in HELD or stage.holds_pages(server.port, order[0]))
    repeated = 1 - len(set(order)) / len(order)
    title = (
        f"Articles by Zipf from a cold start: {len(order):,} requests, {repeated:.0%} of them for a page asked before"
    )
    figures = [
        _times(held, f"articles by Zipf from a cold start on {server}, against stock + cache", readings, ours,
               STOCK_CACHED, "zipf", 4)
        for server, ours in (("gunicorn", CACHED), ("granian", CACHED_GRANIAN))
    ]  # fmt: skip
    rows = [[name, *readings.cells(name, "zipf")] for name in names]
    return Report(figures, [Comparison(title, ["", *COLUMNS], rows)])


def statements(on: Stage, size: Size, pages: dict[str, list[Target]]) -> dict[tuple[str, str], int]:
    """SQL statements of a request, by contender and page; a page that a cache holds is asked for again."""
    counts: dict[tuple[str, str], int] = {}
    for name, settings, application, cache_mb in (
        (CACHED, "settings.embedded", "settings.wsgi", CACHE_MB),
        (FRESH, "settings.embedded", "settings.wsgi", 0),
        (STOCK, "benchmarks.peers.settings", "benchmarks.peers.wsgi", 0),
        (STOCK_CACHED, "benchmarks.peers.cached", "benchmarks.peers.wsgi", 0),
    ):
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": settings, "DATABASE_URL": on.database(size), "PORT": "80", "SURFACES": "reader",
            "REDIS_URL": on.redis_url if name == STOCK_CACHED else "", "PAGE_CACHE_MB": str(cache_mb),
            "MASTHEAD_DATA": str(on.folder),
        }  # fmt: skip
        words = [word for targets in pages.values() for word in targets[0]]
        command = [sys.executable, "-m", "benchmarks.statements", application, *words]
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
        for page, count in zip(pages, json.loads(done.stdout.splitlines()[-1]), strict=True):
            counts[name, page] = count
    return counts | {
        (granian, page): counts[gunicorn, page]
        for granian, gunicorn in ((CACHED_GRANIAN, CACHED), (FRESH_GRANIAN, FRESH))
        for page in pages
    }


def _times(held: bool, what: str, readings: Readings, ours: str, theirs: str, page: str, least: float) -> Figure:
    if not held:
        return unmeasured(what, NO_PAGE_HELD, f"at least {least:g}x")
    return times(what, readings.rates(ours, page), readings.rates(theirs, page), least=least)


def _direct_report(
    readings: Readings, memory: dict[str, float], counts: dict[tuple[str, str], int], *, held: bool
) -> Report:
    figures = [
        _times(held, f"cached {page} on {server}, against {theirs}", readings, ours, theirs, page, least)
        for server, ours, theirs, least in (
            ("gunicorn", CACHED, FLOOR_GTHREAD, 0.8),
            ("granian", CACHED_GRANIAN, FLOOR_GRANIAN, 0.6),
            ("gunicorn", CACHED, STOCK_CACHED, 4.5),
            ("granian", CACHED_GRANIAN, STOCK_CACHED, 20),
        )
        for page in ("home", "article")
    ]
    figures += [
        times(
            f"uncached {page} on gunicorn, worker's CPU against stock's",
            readings.app_ms(FRESH, page),
            readings.app_ms(STOCK, page),
            most=most,
        )
        for page, most in (("home", 0.15), ("article", 0.4))
    ]
    comparisons = []
    for page in ("home", "article"):
        rows = [
            [name, *readings.cells(name, page), str(counts.get((name, page), "")), f"{memory[name]:.0f}"]
            for name in memory
        ]
        columns = ["", *COLUMNS, "SQL", "worker's MB"]
        comparisons.append(Comparison(f"Direct, {page}", columns, rows))
    bars = [Bar(name, median(readings.rates(name, "home")), name in OURS) for name in memory]
    return Report(figures, comparisons, bars)
