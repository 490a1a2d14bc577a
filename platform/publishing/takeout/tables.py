# ruff: noqa: S608 -- the names in the statements are those of models
"""Which tables hold something of a tenant, told by the models: a table that a later release adds is among them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.sites.models import Site
from django.db import connection, models
from pghistory.models import Event

from tenants.models import Tenant


@dataclass(frozen=True)
class Rows:
    """The rows of a table in which a column has one of these keys.

    `stays`: they are the platform's, and outlive whom they name; they only forget the name.
    """

    table: str
    column: str
    keys: list[int]
    stays: bool = False

    def __str__(self) -> str:
        return f"{self.table}.{self.column}"

    def count(self) -> int:
        return int(_asked(f'SELECT count(*) FROM "{self.table}" WHERE "{self.column}" = ANY(%s)', self.keys)[0][0])

    def delete(self) -> None:
        with connection.cursor() as cursor:
            deed = f'UPDATE "{self.table}" SET "{self.column}" = NULL' if self.stays else f'DELETE FROM "{self.table}"'
            cursor.execute(f'{deed} WHERE "{self.column}" = ANY(%s)', [self.keys])


def rows_of(tenant_id: int, sites: Sequence[int]) -> list[Rows]:
    """Whatever names the tenant or one of its sites, by these primary keys; the tenant itself comes last."""
    found: list[Rows] = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy or issubclass(model, Event):
            continue
        for one in model._meta.concrete_fields:
            if isinstance(one, models.ForeignKey) and one.related_model is Tenant:
                stays = one.remote_field.on_delete is models.SET_NULL
                found.append(Rows(model._meta.db_table, one.column, [tenant_id], stays))
            elif isinstance(one, models.ForeignKey) and one.related_model is Site:
                found.append(Rows(model._meta.db_table, one.column, list(sites)))
    return [*found, Rows("django_site", "id", list(sites)), Rows("tenants_tenant", "id", [tenant_id])]


def events_of(tenant_id: int, sites: Sequence[int]) -> list[Rows]:
    """What the database kept of changes to them."""
    found: list[Rows] = []
    for model in apps.get_models():
        if not issubclass(model, Event) or model._meta.proxy or not model._meta.managed:
            continue
        names = {one.name for one in model._meta.concrete_fields}
        if "tenant" in names:
            found.append(Rows(model._meta.db_table, "tenant_id", [tenant_id]))
        elif "site" in names:
            found.append(Rows(model._meta.db_table, "site_id", list(sites)))
        elif (tracked := getattr(model, "pgh_tracked_model", None)) is Tenant:
            found.append(Rows(model._meta.db_table, "pgh_obj_id", [tenant_id]))
        elif tracked and issubclass(tracked, Site):
            found.append(Rows(model._meta.db_table, "pgh_obj_id", list(sites)))
    return found


def rows_with_context(rows: Rows) -> Iterator[tuple[int | None, dict[str, object]]]:
    """Of events: the primary key of the user who caused each, if one did, and its columns by name; the oldest first."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"""SELECT (context.metadata->>'user')::bigint AS "by", event.* FROM "{rows.table}" event
                LEFT JOIN pghistory_context context ON context.id = event.pgh_context_id
                WHERE event."{rows.column}" = ANY(%s) ORDER BY event.pgh_id""",
            [rows.keys],
        )
        names = [one.name for one in cursor.description][1:]
        for by, *values in cursor:
            yield by, dict(zip(names, values, strict=True))


def contexts_of(events: Sequence[Rows]) -> set[str]:
    """Who did it, and where: the keys of pghistory's rows about the requests that these events came from."""
    return {
        str(key)
        for one in events
        for (key,) in _asked(
            f'SELECT DISTINCT pgh_context_id FROM "{one.table}" WHERE "{one.column}" = ANY(%s)', one.keys
        )
        if key
    }


def forget_contexts(keys: set[str], events: Sequence[Rows]) -> None:
    """Delete those of these contexts to which no event refers any more, another tenant's neither."""
    still = " UNION ALL ".join(f'SELECT 1 FROM "{one.table}" WHERE pgh_context_id = context.id' for one in events)
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM pghistory_context context WHERE id = ANY(%s::uuid[]) AND NOT EXISTS ({still})", [list(keys)]
        )


def _asked(statement: str, keys: list[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [keys])
        return list(cursor.fetchall())
