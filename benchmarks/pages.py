"""What the reader's pages ask of the database: statements for 1 and for 50 items, time with 100,000 articles."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING
from unittest.mock import Mock, patch

from benchmarks.figures import Figure, at_most
from benchmarks.part import report

if TYPE_CHECKING:
    # Known only after django.setup().
    from django.contrib.sites.models import Site
    from django.test import Client

    from tenants.models import Tenant

ARTICLES = 100_000
HOST = "techblog.test"


def measure() -> list[Figure]:
    from django.test import Client

    from tenants.scope import tenant_scope
    from tests.cast import acme

    house = acme()
    site = house.sites[HOST]
    client = Client(headers={"host": HOST})
    counts: dict[str, list[int]] = {}
    with tenant_scope(house.tenant):
        for number in range(50):
            _article(house.tenant, site, number)
            if number in (0, 49):
                for name, path in {"home": "/", "article": "/story-0/", "topic": "/topics/topic/"}.items():
                    counts.setdefault(name, []).append(len(_statements(client, path)))
    figures = [
        Figure(
            f"{name} uncached: SQL statements for 1 and for 50 items",
            " and ".join(map(str, pair)),
            "at most 3, the same",
            max(pair) <= 3 and len(set(pair)) == 1,
        )
        for name, pair in counts.items()
    ]
    _fill(site.pk, house.tenant.pk)
    worst = max(_milliseconds(statement) for statement in _statements(client, "/"))
    return [*figures, at_most(f"home's slowest statement in PostgreSQL, {ARTICLES:,} articles", worst, 2, "ms")]


def _article(tenant: "Tenant", site: "Site", number: int) -> None:
    from django.utils import timezone

    from publishing.models import Topic
    from publishing.placing import place
    from publishing.writing import write

    topic, _ = Topic.objects.get_or_create(tenant=tenant, slug="topic", defaults={"name": "Topic"})
    article = write(tenant=tenant, title=f"Story {number}", body="Words. " * 400, topics=[topic])
    place(article=article, site=site, go_live=timezone.now() - timedelta(minutes=number + 1))


def _statements(client: "Client", path: str) -> list[str]:
    """What the page asks, with its values in it; Django's log has no text for what is prepared."""
    import psycopg
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from reading import asking

    client.get(path)  # fills the directory
    rows = Mock(wraps=asking._rows)  # noqa: SLF001 -- where every statement of the reader's passes
    with CaptureQueriesContext(connection) as asked, patch.object(asking, "_rows", rows):
        answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    if len(asked) != rows.call_count:
        raise RuntimeError(f"{path} asked {len(asked)} statements, {rows.call_count} of them the reader's")
    return [psycopg.ClientCursor(connection.connection).mogrify(*call.args) for call in rows.call_args_list]


def _fill(site_id: int, tenant_id: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        # The triggers are not what is measured here: search words for 100,000 bodies would take minutes.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            """
            INSERT INTO publishing_article (tenant_id, kind, title, summary, body, body_format, html, text, word_count,
                                            language, source_digest)
            SELECT %s, 'article', 'Title ' || n, 'Summary', '', 'markdown', repeat('<p>words</p>', 300), '', 300, '', ''
              FROM generate_series(1, %s) n
            """,
            [tenant_id, ARTICLES],
        )
        cursor.execute(
            """
            INSERT INTO publishing_placement (tenant_id, article_id, site_id, status, go_live, slug, is_canonical,
                                              listed, title, summary)
            SELECT tenant_id, id, %s, 'published', now() - id * interval '1 minute', 'bulk-' || id, true, true, '', ''
              FROM publishing_article WHERE title LIKE 'Title %%'
            """,
            [site_id],
        )
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")


def _milliseconds(statement: str) -> float:
    """PostgreSQL's own execution time, the median of five."""
    from django.db import connection

    times = []
    with connection.cursor() as cursor:
        for _ in range(5):
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {statement}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
            times.append(float(re.search(r"Execution Time: ([0-9.]+) ms", plan)[1]))  # type: ignore[index]
    return sorted(times)[2]


if __name__ == "__main__":
    report(measure)
