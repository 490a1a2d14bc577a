"""What a page costs when a site, or the platform around it, is ten or a hundred times as large."""

import http.client
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from statistics import median

from benchmarks import cores, data, stage
from benchmarks.data import Size
from benchmarks.figures import Comparison, Figure, Report, unmeasured
from benchmarks.load import Target
from benchmarks.prose import COMMON, RARE
from benchmarks.rounds import Step, grown
from benchmarks.servers import Running
from benchmarks.serving import CACHE_MB, NO_PAGE_HELD
from benchmarks.stage import Stage
from operations.embedded.ports import HOST

PAGE_SIZE = 20
DEEPEST = 500
KINDS = ("home", "article", "topic", "deep page", "search, common word", "search, rare word")
MOST, MOST_OF_SEARCH = 1.1, 2.0
BLOCKS = 5
# A block lasts a fifth of a second or so on either.
REQUESTS = {"uncached": 40, "cached": 300}


@dataclass(frozen=True, slots=True)
class Variant:
    """A site to ask for pages, among others in a database."""

    label: str
    size: Size
    host: str


def compared(sizes: Sequence[Size]) -> list[tuple[str, list[Variant]]]:
    """What is held against what; the first of each is what the others are held against."""
    usual = data.USUAL
    sites = [
        Variant(f"a site of {articles:,} articles", usual, host)
        for articles, host in data.growing_domains(usual).items()
    ]
    platforms = [Variant(str(size), size, data.domain(3)) for size in (data.TENTH, *sizes)]
    return [("articles of the site", sites), ("sites and articles around it", platforms)]


def measure(on: Stage, sizes: Sequence[Size], step: Step) -> Report:
    groups = compared(sizes)
    variants = [variant for _, members in groups for variant in members]
    step("databases")
    pages = {variant: _pages(on, variant) for variant in variants}
    costs: dict[tuple[str, str, Variant], list[float]] = {}
    held = True
    for mode, cache_mb in (("uncached", 0), ("cached", CACHE_MB)):
        with ExitStack() as stack:
            running: dict[Size, Running] = {}
            for size in {variant.size for variant in variants}:
                servers = on.servers(size)
                service = servers.masthead("gunicorn", cache_mb=cache_mb)
                running[size] = stack.enter_context(servers.running(service, data.domain(3)))
            if mode == "cached":
                held = all(stage.holds_pages(server.port, (data.domain(3), "/")) for server in running.values())
            if mode == "cached" and not held:
                continue
            for kind in KINDS:
                for number in range(BLOCKS + 1):
                    step(f"{mode} {kind}, block {number} of {BLOCKS}")
                    for variant in variants:
                        spent = _cost(on, running[variant.size], pages[variant][kind], REQUESTS[mode])
                        if number:  # the first fills caches
                            costs.setdefault((mode, kind, variant), []).append(spent)
    figures = [
        _figure(group, members, mode, kind, costs)
        for mode in REQUESTS
        if held or mode == "uncached"
        for group, members in groups
        for kind in KINDS
    ]
    if not held:
        figures.append(unmeasured("cost of a cached page as sites grow", NO_PAGE_HELD, f"at most {MOST}x"))
    return Report(figures, [_comparison(group, members, costs, held=held) for group, members in groups])


def _figure(
    group: str, members: Sequence[Variant], mode: str, kind: str, costs: dict[tuple[str, str, Variant], list[float]]
) -> Figure:
    """The worst of the larger ones; of each the median of the blocks."""
    base = costs[mode, kind, members[0]]
    ratios = {
        variant: sorted(one / other for one, other in zip(costs[mode, kind, variant], base, strict=True))
        for variant in members[1:]
    }
    worst = max(ratios.values(), key=median)
    limit = MOST_OF_SEARCH if kind.startswith("search") else MOST
    measured = ", ".join(f"{median(ratio):.2f}x" for ratio in ratios.values())
    spread = f"({worst[0]:.2f}–{worst[-1]:.2f})"
    return Figure(
        f"{mode} {kind}: cost as {group} grow", f"{measured} {spread}", f"at most {limit:g}x", median(worst) <= limit
    )


def _comparison(
    group: str, members: Sequence[Variant], costs: dict[tuple[str, str, Variant], list[float]], *, held: bool
) -> Comparison:
    modes = list(REQUESTS) if held else ["uncached"]
    rows = [
        [f"{mode} {kind}", *(f"{median(costs[mode, kind, variant]) * 1000:.3f}" for variant in members)]
        for mode in modes
        for kind in KINDS
    ]
    title = f"CPU of worker and database in milliseconds a request, by {group}"
    return Comparison(title, ["", *(variant.label for variant in members)], rows)


def _cost(on: Stage, server: Running, targets: Sequence[Target], requests: int) -> float:
    """Seconds of CPU a request, of the worker and of the database, for requests one after another."""
    with cores.on(cores.LOAD), closing(http.client.HTTPConnection(HOST, server.port, timeout=60)) as connection:
        before, databases = server.cpu_seconds(), on.database_seconds()
        for number in range(requests):
            host, path = targets[number % len(targets)]
            connection.request("GET", path, headers={"Host": host})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise server.failed(f"http://{host}{path} answered {answer.status}")
        return (server.cpu_seconds() - before + grown(databases, on.database_seconds())) / requests


def _pages(on: Stage, variant: Variant) -> dict[str, list[Target]]:
    """What is asked for, by kind: a few articles, else one page each."""
    host = variant.host
    with on.connect(variant.size) as connection:
        row = connection.execute("SELECT id FROM django_site WHERE domain = %s", [host]).fetchone()
        site = row[0] if row else 0
        listed = "FROM publishing_placement WHERE listed AND site_id = %s"
        order = "ORDER BY go_live DESC, id DESC"
        slugs = connection.execute(f"SELECT slug {listed} {order} LIMIT 20", [site]).fetchall()
        topic = connection.execute(
            f"""
            SELECT topic.slug FROM publishing_topic topic JOIN publishing_articletopic filed ON topic_id = topic.id
             WHERE article_id IN (SELECT article_id {listed})
             GROUP BY topic.id HAVING count(*) > {PAGE_SIZE} ORDER BY count(*) LIMIT 1
            """,
            [site],
        ).fetchone()
        (count,) = connection.execute(f"SELECT count(*) {listed}", [site]).fetchone()  # type: ignore[misc]
        deep = min(DEEPEST, count // PAGE_SIZE // 2)
        last = connection.execute(
            f"SELECT go_live, id {listed} {order} OFFSET {PAGE_SIZE * (deep - 1) - 1} LIMIT 1", [site]
        ).fetchone()
    if topic is None or last is None:
        raise RuntimeError(f"{host} has too few articles to be measured")
    from reading.cursors import Cursor

    return {
        "home": [(host, "/")],
        "article": [(host, f"/{slug}/") for (slug,) in slugs],
        "topic": [(host, f"/topics/{topic[0]}/")],
        "deep page": [(host, f"/?before={Cursor(*last)}")],
        "search, common word": [(host, f"/search/?q={COMMON}s")],
        "search, rare word": [(host, f"/search/?q={RARE}")],
    }
