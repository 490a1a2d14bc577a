"""Publishes articles and watches workers show it.

python -m benchmarks.deeds COUNT PORT [PORT …]     with Masthead's settings; each port is a worker

Articles are revised by the deed that editors use, a batch of sites at a time; then each worker is asked for each site's
home page until it shows the new title. Prints JSON: the seconds from commit to the answer that showed it, one for each
publish and worker; how many pages were stale in the end; how many pages of untouched sites were asked for, and how many
of them came from the page cache.
"""

import http.client
import json
import random
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain

import django

from benchmarks.prose import SEED
from operations.embedded.ports import HOST

BATCH = 8
# How many homes of sites that a batch did not touch are asked for after it.
OTHERS = 10
GIVEN_UP_SECONDS = 10.0


@dataclass
class Watch:
    """What was met so far."""

    seconds: list[float] = field(default_factory=list)
    stale: int = 0
    untouched: int = 0
    untouched_held: int = 0


class Worker:
    """A connection to one worker."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection(HOST, port, timeout=30)

    def home(self, host: str) -> tuple[bytes, str]:
        """The body and the Cache-Status of a site's home page."""
        self.connection.request("GET", "/", headers={"Host": host})
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"http://{host}/ answered {answer.status}")
        return body, answer.headers.get("Cache-Status", "")


@dataclass(frozen=True, slots=True)
class Newest:
    """The article on top of a site's home page, and every site that it is on."""

    article_id: int
    tenant_id: int
    title: str
    host: str
    sites: frozenset[str]


def newest() -> list[Newest]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT newest.article_id, newest.tenant_id, article.title, newest.domain, array_agg(site.domain) FROM (
                SELECT DISTINCT ON (site_id) site_id, article_id, tenant_id, domain
                  FROM publishing_placement JOIN django_site ON django_site.id = site_id
                 WHERE listed AND status = 'published' ORDER BY site_id, go_live DESC, publishing_placement.id DESC
            ) newest JOIN publishing_article article ON article.id = newest.article_id
              JOIN publishing_placement placed ON placed.article_id = newest.article_id
              JOIN django_site site ON site.id = placed.site_id
             GROUP BY 1, 2, 3, 4 ORDER BY 1
            """
        )
        return [
            Newest(article, tenant, title, host, frozenset(sites))
            for article, tenant, title, host, sites in cursor.fetchall()
        ]


def publish(one: Newest, number: int) -> tuple[bytes, float]:
    """Give the article a new title; the title, and when it was committed."""
    from publishing.models import Article
    from publishing.writing import revise
    from tenants.models import Tenant
    from tenants.scope import tenant_scope

    title = f"{one.title}, printing {number}"
    with tenant_scope(Tenant(pk=one.tenant_id)):
        revise(article=Article.objects.get(pk=one.article_id), title=title)
    return f"printing {number}<".encode(), time.perf_counter()


def watch(count: int, workers: list[Worker]) -> Watch:
    chance, known, met = random.Random(SEED), newest(), Watch()
    shown: dict[str, bytes] = {}
    for one in known:
        for worker in workers:
            worker.home(one.host)
    for first in range(0, count, BATCH):
        batch = _apart(chance.sample(known, len(known)), min(BATCH, count - first))
        marks: dict[str, tuple[bytes, float]] = {}
        for number, one in enumerate(batch, first + 1):
            mark, committed = publish(one, number)
            shown |= {other.host: mark for other in known if other.article_id == one.article_id}
            marks[one.host] = mark, committed
        with ThreadPoolExecutor(len(workers)) as watching:
            met.seconds += chain.from_iterable(watching.map(_shown, workers, [marks] * len(workers)))
        touched = {host for one in batch for host in one.sites}
        for host in touched:
            for worker in workers:
                worker.home(host)  # made anew now, so that a later batch finds it held
        others = [one.host for one in known if one.host not in touched]
        for host in chance.sample(others, min(OTHERS, len(others))):
            for worker in workers:
                met.untouched += 1
                met.untouched_held += "hit" in worker.home(host)[1]
    time.sleep(1)
    met.stale = sum(mark not in worker.home(host)[0] for host, mark in shown.items() for worker in workers)
    return met


def _apart(articles: list[Newest], count: int) -> list[Newest]:
    """So many articles of which no two are on top of, or beneath, one home page: each publish is looked for alone."""
    taken: set[str] = set()
    chosen: list[Newest] = []
    for one in articles:
        if len(chosen) < count and not taken & one.sites:
            chosen.append(one)
            taken |= one.sites
    return chosen


def _shown(worker: Worker, marks: Mapping[str, tuple[bytes, float]]) -> list[float]:
    """Seconds from each commit to the first answer of this worker that shows what was published."""
    waiting, seconds = dict(marks), []
    while waiting:
        for host, (mark, committed) in list(waiting.items()):
            body, _ = worker.home(host)
            passed = time.perf_counter() - committed
            if mark in body or passed > GIVEN_UP_SECONDS:
                seconds.append(passed)
                del waiting[host]
        time.sleep(0.005)
    return seconds


if __name__ == "__main__":
    django.setup()
    how_many, *ports = map(int, sys.argv[1:])
    found = watch(how_many, [Worker(port) for port in ports])
    print(
        json.dumps(
            {
                "seconds": found.seconds,
                "stale": found.stale,
                "untouched": found.untouched,
                "untouched_held": found.untouched_held,
            }
        )
    )
