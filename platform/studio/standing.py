"""How a placement stands at a moment, in an editor's words."""

from datetime import datetime
from enum import StrEnum

from publishing.models import Placement


class Standing(StrEnum):
    LIVE = "live"
    SCHEDULED = "scheduled"
    EXPIRED = "expired"
    DRAFT = "draft"
    UNPUBLISHED = "unpublished"
    RECALLED = "recalled"


def standing(placement: Placement, now: datetime) -> Standing:
    """Of what is published, the clock decides; anything else stands as its status says."""
    if placement.status != Placement.Status.PUBLISHED:
        return Standing(placement.status)
    if placement.go_live is None or placement.go_live > now:
        return Standing.SCHEDULED
    if placement.expires_at and placement.expires_at <= now:
        return Standing.EXPIRED
    return Standing.LIVE
