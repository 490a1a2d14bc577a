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


def by_site(model: str) -> dict[str, Any]:
    """What `pghistory.track` is told of a model that belongs to a site. The site's latest are one range of an index."""
    latest = models.Index(fields=["site", "-pgh_created_at", "-pgh_id"], name=f"{model.lower()}event_log")
    return {"model_name": f"{model}Event", "meta": {"indexes": [latest]}}
