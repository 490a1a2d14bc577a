"""Statements whose text never changes: building one out of querysets costs more than PostgreSQL takes to answer it.

They are sent by Django's cursor with their values in them, not prepared: a page's statement costs PostgreSQL no less
prepared, and a pooler that works by the transaction knows nothing of it.
"""

from datetime import datetime
from typing import Any

from django.db import connection

Rows = list[tuple[Any, ...]]
Value = int | str | datetime


def rows_of(site_id: int, statement: str, **values: Value) -> Rows:
    """What the statement tells of one site, which it must name as %(site)s: there is no other scope around it."""
    with connection.cursor() as cursor:
        cursor.execute(statement, {"site": site_id, **values})
        rows: Rows = cursor.fetchall()
    return rows
