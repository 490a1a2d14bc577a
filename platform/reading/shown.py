"""What a site shows, in the words of statements that are written by hand.

`placement` and `article` are what these call the rows of their tables; %(site)s and %(now)s are the values they need.
"""

_LIVE_NOW = """
    placement.status = 'published' AND placement.go_live <= %(now)s
    AND (placement.expires_at IS NULL OR placement.expires_at > %(now)s)
"""
# `Placement.objects.on(site).live(now)`.
LIVE = f"placement.site_id = %(site)s AND {_LIVE_NOW}"
# `Placement.objects.on(site).live(now).listed()`.
SHOWN = f"{LIVE} AND placement.listed"
# Those whose page is no 404: what is live, and what was recalled after readers could open it.
ANSWERED = f"({_LIVE_NOW} OR placement.status = 'recalled' AND placement.go_live <= %(now)s)"


def of(name: str, statement: str) -> str:
    """The same words of a row of publishing_placement that goes by another name."""
    return statement.replace("placement.", f"{name}.")


def each(table: str, name: str, key: str, *, column: str = "id") -> str:
    """A join with the one row of the key, if any.

    OFFSET 0 keeps the planner from joining whole tables: for a few rows, looking each up by its key is cheaper in
    execution, and much cheaper in planning. Columns that the statement does not name are not read.
    """
    return f"LEFT JOIN LATERAL (SELECT * FROM {table} WHERE {column} = {key} OFFSET 0) {name} ON true"  # noqa: S608
