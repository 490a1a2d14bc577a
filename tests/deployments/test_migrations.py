"""Migrations, on a database of their own: forward, back to nothing, forward again."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from tests.deployments.test_settings import manage

OURS = ("domains", "publishing", "tenants", "events", "sites_core")
# What stands on one of these goes along with it.
GROUND = ("admin", "publishing", "tenants", "sites_core", "events")


@pytest.fixture
def empty_database(django_db_blocker) -> Iterator[str]:
    """The URL of a database in the run's own cluster."""
    known = connection.settings_dict
    name = f"{known['NAME']}_migrations"
    with django_db_blocker.unblock():
        parameters = connection.get_connection_params()
    address = {key: parameters[key] for key in ("host", "port", "user", "password") if parameters.get(key)}
    server = psycopg.connect(**address, dbname="postgres", autocommit=True)
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
    server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    host = str(address.get("host", "")).replace("/", "%2F")
    port = f":{address['port']}" if "port" in address else ""
    yield f"postgres://{address['user']}@{host}{port}/{name}"
    server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    server.close()


def test_every_migration_can_be_reversed(empty_database: str):
    environment = {"DJANGO_SETTINGS_MODULE": "settings.test", "DATABASE_URL": empty_database}

    def migrate(*target: str) -> None:
        done = manage("migrate", "-v0", *target, **environment)
        assert done.returncode == 0, done.stderr

    migrate()
    before = tables(empty_database)
    for app in GROUND:
        # The admin's log refers to our users.
        migrate(app, "zero")
    left = tables(empty_database)
    assert not [name for name in left if name.startswith(OURS)]
    assert functions(empty_database) == []
    migrate()
    assert tables(empty_database) == before


def rows(url: str, statement: str) -> list[str]:
    with psycopg.connect(url.replace("postgres://", "postgresql://")) as asked:
        return [row[0] for row in asked.execute(statement)]


def tables(url: str) -> list[str]:
    return rows(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")


def functions(url: str) -> list[str]:
    # pghistory and pgtrigger leave the functions of their triggers where they were.
    ours = "pronamespace = 'public'::regnamespace AND proname !~ '^(pgtrigger|_pgtrigger|_pgh)_'"
    return rows(url, f"SELECT proname::text FROM pg_proc WHERE {ours} ORDER BY 1")
