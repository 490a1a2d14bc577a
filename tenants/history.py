"""What is kept of every change to a tenant's rows."""

from typing import Any

from pghistory.models import Event

from sites_core.history import every, indexes
from tenants.scope import TenantManager

__all__ = ["TAKEN_OUT", "TenantEvent", "by_tenant", "every", "indexes"]


# The label of a tenant's event that no trigger writes: a file with all that it has was made for somebody.
TAKEN_OUT = "takeout"


class TenantEvent(Event):
    """An event belongs to the tenant of the row that it is about, and is asked for within its scope like the row."""

    objects = TenantManager()  # type: ignore[assignment,misc]

    class Meta:
        abstract = True


def by_tenant(model: str, *also_by: str) -> dict[str, Any]:
    """What `pghistory.track` is told of a tenant's model. `also_by` are keys beside the tenant's by which one asks."""
    meta = {"indexes": indexes(model, "tenant", *also_by)}
    return {"model_name": f"{model}Event", "base_model": TenantEvent, "meta": meta}
