"""What a reader's worker weighs after many requests over very many hosts: what it may hold, and no more."""

from dataclasses import dataclass

from benchmarks import cores, load, stage
from benchmarks.data import Size
from benchmarks.figures import Figure, Report
from benchmarks.rounds import Step
from benchmarks.stage import Stage

# Every host has a home page, few have articles: hosts are what may pile up.
HOSTS = Size(50_000, 5_000)
# Beside the pages: menus, prepared statements, and what Python's allocator rounds up.
BESIDE_MB = 24
FLAT_MB = 4
PARTS = 8


@dataclass(frozen=True, slots=True)
class Extent:
    requests: int = 24_000
    cache_mb: int = 8


SOAK = Extent(1_000_000, 64)


def measure(on: Stage, extent: Extent, step: Step) -> Report:
    """The worker's own memory, in parts of the run: once it holds what it may, it must not grow further."""
    step(f"a database of {HOSTS.sites:,} sites")
    order = load.uniform(stage.homes(HOSTS))
    each = extent.requests // PARTS
    plans = [
        stage.plan(on, f"hosts-{part}", [order[(part * each + n) % len(order)] for n in range(each)])
        for part in range(PARTS)
    ]
    servers = on.servers(HOSTS)
    service = servers.masthead("gunicorn", cache_mb=extent.cache_mb)
    with servers.running(service, order[0][0]) as server:
        for _ in stage.bodies(server, order[:20]):
            pass
        weights = [cores.private_mb(server.pids[-1])]
        for number, plan in enumerate(plans, 1):
            step(f"requests: part {number} of {PARTS}")
            load.run(server.port, plan, count=each)
            weights.append(cores.private_mb(server.pids[-1]))
    grown, later = weights[-1] - weights[0], weights[-1] - weights[PARTS // 2]
    limit = extent.cache_mb + BESIDE_MB
    asked = min(extent.requests, HOSTS.sites)
    what = (
        f"worker's memory after {extent.requests:,} requests to {asked:,} of {HOSTS.sites:,} hosts, "
        f"bound {extent.cache_mb} MB"
    )
    return Report(
        [
            Figure(f"{what}: grown by", f"{grown:.1f} MB", f"at most {limit} MB", grown <= limit),
            Figure("… of it in the second half", f"{later:.1f} MB", f"at most {FLAT_MB} MB", later <= FLAT_MB),
            Figure("… at the end, of its own", f"{weights[-1]:.0f} MB"),
        ]
    )
