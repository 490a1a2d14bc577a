"""What the benchmarks load in bulk is what Masthead would have made of it, row by row."""

from typing import Any

import pytest
from django.db import connection

from benchmarks import data
from benchmarks.data import Size

TINY = Size(sites=12, articles=40, growing=(30,))
# What was written, in the order in which it can be written again; each key is kept.
WRITTEN = (
    "tenants_tenant", "django_site", "tenants_ownership", "publishing_section", "publishing_topic",
    "publishing_byline", "publishing_article", "publishing_articletopic", "publishing_articlebyline",
    "publishing_placement",
)  # fmt: skip
# What triggers make of it, without what counts or stamps how often they ran.
DERIVED = {
    "sites_core_hostname": "site_id, name, state",
    "sites_core_sitestate": "site_id, retired_at",
    "sites_core_brand": "site_id, theme, accent, language, time_zone",
    "publishing_searchentry": "placement_id, vector",
    "publishing_topicplacement": "placement_id, topic_id, site_id, tenant_id, go_live",
    "publishing_bylineplacement": "placement_id, byline_id, site_id, tenant_id, go_live",
}


@pytest.fixture
def loaded(transactional_db) -> None:
    connection.ensure_connection()
    with connection.connection.transaction():
        data.load(connection.connection, TINY)


def rows(table: str, columns: str = "*") -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table} ORDER BY {columns if columns != '*' else 1}")
        return list(cursor.fetchall())


def stored(table: str) -> list[str]:
    """The columns that are written; the database itself makes the others."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(column_name) FROM information_schema.columns"
            " WHERE table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [table],
        )
        return [name for (name,) in cursor.fetchall()]


def test_bulk_loading_writes_what_the_triggers_write(loaded: None):
    in_bulk = {table: rows(table, columns) for table, columns in DERIVED.items()}
    assert all(in_bulk.values())
    with connection.cursor() as cursor:
        for table in WRITTEN:
            cursor.execute(f"CREATE TEMPORARY TABLE again_{table} AS SELECT * FROM {table}")
        cursor.execute("TRUNCATE django_site, tenants_tenant, publishing_article CASCADE")
        for table in WRITTEN:
            columns = ", ".join(stored(table))
            cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM again_{table}")
            cursor.execute(f"DROP TABLE again_{table}")
    for table, columns in DERIVED.items():
        assert rows(table, columns) == in_bulk[table], table


def test_the_same_rows_with_every_run(loaded: None):
    first = {table: rows(table) for table in WRITTEN}
    with connection.connection.transaction():
        data.load(connection.connection, TINY)
    assert {table: rows(table) for table in WRITTEN} == first


def test_there_is_as_much_as_was_asked_for(loaded: None):
    assert len(rows("django_site")) == TINY.sites + len(TINY.growing)
    (counted,) = rows("publishing_article WHERE kind = 'article'", "count(*)")
    assert counted == (TINY.articles + sum(TINY.growing),)
    per_site = dict(rows("publishing_placement JOIN django_site site ON site.id = site_id WHERE listed GROUP BY domain",
                         "domain, count(*)"))  # fmt: skip
    assert per_site[data.growing_domains(TINY)[30]] == 30


def test_a_row_written_afterwards_gets_a_key_of_its_own(loaded: None):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_site (domain, name) VALUES ('new.test', 'New') RETURNING id")
        assert cursor.fetchone() == (TINY.sites + len(TINY.growing) + 1,)
