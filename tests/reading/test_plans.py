"""What PostgreSQL does for a list, among thousands of articles."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from publishing.models import Topic
from reading import menus, months, shelves
from reading.cursors import Cursor
from tenants.scope import tenant_scope
from tests.cast import TECHBLOG, House, acme

pytestmark = pytest.mark.django_db

MANY = 4000


def crowded(owner: House) -> int:
    """A site with thousands of articles, written past the deeds, and the planner's statistics about them."""
    site_id = owner.sites[TECHBLOG].pk
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO publishing_article (tenant_id, kind, title, summary, body, body_format, html, text, word_count,
                                            language, source_digest)
            SELECT %s, 'article', 'Title ' || n, '', '', 'markdown', '', '', 100, '', '' FROM generate_series(1, %s) n
            """,
            [owner.tenant.pk, MANY],
        )
        cursor.execute(
            """
            INSERT INTO publishing_placement (tenant_id, article_id, site_id, status, go_live, slug, is_canonical,
                                              listed, title, summary)
            SELECT tenant_id, id, %s, 'published', now() - id * interval '1 hour', 't-' || id, true, true, '', ''
              FROM publishing_article
            """,
            [site_id],
        )
        cursor.execute("ANALYZE publishing_placement; ANALYZE publishing_article")
    return site_id


def plan_of(read: Callable[[], object]) -> list[dict[str, Any]]:
    """The nodes of the plan of the one statement that is sent, without those of subplans."""
    with CaptureQueriesContext(connection) as captured:
        read()
    (query,) = captured.captured_queries
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {query['sql']}")
        (answer,) = cursor.fetchone()
    plan = answer if isinstance(answer, list) else json.loads(answer)
    return list(nodes(plan[0]["Plan"]))


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        if below.get("Parent Relationship") != "SubPlan":
            yield from nodes(below)


def indexes_of_placements(plan: list[dict[str, Any]]) -> list[str | None]:
    return [node.get("Index Name") for node in plan if node.get("Relation Name") == "publishing_placement"]


@pytest.mark.parametrize("depth", [None, MANY // 2])
def test_home_is_one_range_of_one_index_without_a_sort(depth: int | None) -> None:
    site_id = crowded(acme())
    now = timezone.now()
    before = Cursor(now - timedelta(hours=depth), 1) if depth else None
    plan = plan_of(lambda: shelves.newest(site_id, now, before))
    assert indexes_of_placements(plan) == ["publishing_placement_list"]
    assert not any("Sort" in node["Node Type"] for node in plan)
    if before:
        (scan,) = (node for node in plan if node.get("Index Name") == "publishing_placement_list")
        assert "ROW(" in scan["Index Cond"]


def filed(owner: House, slug: str, *, oldest: int) -> int:
    """A topic of the oldest articles, by key."""
    with tenant_scope(owner.tenant), connection.cursor() as cursor:
        topic = Topic.objects.create(tenant=owner.tenant, slug=slug, name=slug)
        cursor.execute(
            "INSERT INTO publishing_articletopic (tenant_id, article_id, topic_id, position) "
            "SELECT tenant_id, article_id, %s, 0 FROM publishing_placement ORDER BY go_live LIMIT %s",
            [topic.pk, oldest],
        )
        cursor.execute("ANALYZE publishing_articletopic")
    return topic.pk


def test_a_topic_is_read_from_its_own_articles_where_they_are_few_and_from_the_list_where_they_are_many() -> None:
    owner = acme()
    site_id = crowded(owner)
    common, rare = filed(owner, "common", oldest=MANY), filed(owner, "rare", oldest=30)
    few = plan_of(lambda: shelves.of_topic(site_id, timezone.now(), None, rare))
    many = plan_of(lambda: shelves.of_topic(site_id, timezone.now(), None, common))
    assert indexes_of_placements(few) == ["publishing_placement_article_site_unique"]
    assert indexes_of_placements(many) == ["publishing_placement_list"]


def test_the_months_of_an_archive_are_found_without_reading_its_articles() -> None:
    site_id = crowded(acme())
    plan = plan_of(lambda: months.years_of(site_id, timezone.now()))
    assert not any(node["Node Type"] in ("Seq Scan", "Sort", "HashAggregate") for node in plan)


def test_the_menu_does_not_read_the_articles_of_its_site() -> None:
    site_id = crowded(acme())
    plan = plan_of(lambda: menus.menu_of(site_id, timezone.now()))
    assert indexes_of_placements(plan) == ["publishing_placement_pages"]
