"""Whose site it is: the tenant's pictures are shown on its own sites and on no other's."""

from reading.asking import rows_of

_OWNER = "SELECT tenant_id FROM tenants_ownership WHERE site_id = %(site)s"


def owner_of(site_id: int) -> int | None:
    """The primary key of the tenant that owns the site; None where nobody does."""
    rows = rows_of(site_id, _OWNER)
    return rows[0][0] if rows else None
