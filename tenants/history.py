"""What is kept of every change to a tenant's rows."""

from typing import Any

from django.db import models
from pghistory.models import Event

from sites_core.history import every
from tenants.scope import TenantManager

__all__ = ["TenantEvent", "by_tenant", "every"]


class TenantEvent(Event):
    """An event belongs to the tenant of the row that it is about, and is asked for within its scope like the row."""

    objects = TenantManager()  # type: ignore[assignment,misc]

    class Meta:
        abstract = True


def by_tenant(model: str) -> dict[str, Any]:
    """What `pghistory.track` is told of a tenant's model. The tenant's latest are one range of one index."""
    latest = models.Index(fields=["tenant", "-pgh_created_at", "-pgh_id"], name=f"{model.lower()}event_log")
    return {"model_name": f"{model}Event", "base_model": TenantEvent, "meta": {"indexes": [latest]}}
