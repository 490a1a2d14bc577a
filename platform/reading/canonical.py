"""Where an article has its one canonical page, told from what readers can open at the moment."""

from datetime import datetime

from django.db.models import OuterRef

from publishing.models import Placement
from publishing.models.placements import PlacementQuerySet


def canonical_place(now: datetime) -> PlacementQuerySet:
    """For a subquery about a placement: the placement of its article that is its canonical page, or none.

    The elected one, while it is live on a site that is served; else the one of those that went live first. An
    election sees neither a moment that passes nor a site that retires.
    """
    places: PlacementQuerySet = Placement.objects.filter(article=OuterRef("article")).live(now)
    return places.filter(site__state__retired_at=None).order_by("-is_canonical", "go_live", "id")[:1]
