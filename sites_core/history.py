"""What is kept of every change to a row: who made it, when, and the row as it was then.

Database triggers write these events (django-pghistory), so that bulk updates and plain SQL count like a save.
"""

from typing import Any

import pghistory
from django.db import models


def every() -> tuple[pghistory.RowEvent, ...]:
    """An event for each insert, update and delete; that of a deleted row is the row as it was.

    New ones for each model: the library writes into them what the model's fields are.
    """
    return pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent()


def indexes(model: str, *of: str) -> list[models.Index]:
    """Of events: the latest of each of these (a tenant, a site) are one range of one index; those of one row, by which
    one knows what it said before, of another; and those that one request caused, of a third."""
    name = f"{model.lower()}event"
    latest = [models.Index(fields=[one, "-pgh_created_at", "-pgh_id"], name=f"{name}_{one}") for one in of]
    caused = models.Index(fields=["pgh_context"], condition=~models.Q(pgh_context=None), name=f"{name}_deed")
    return [*latest, models.Index(fields=["pgh_obj", "-pgh_id"], name=f"{name}_row"), caused]


def by_site(model: str) -> dict[str, Any]:
    """What `pghistory.track` is told of a model that belongs to a site."""
    return {"model_name": f"{model}Event", "meta": {"indexes": indexes(model, "site")}}
