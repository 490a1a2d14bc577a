"""How a placement stands at a moment, in an editor's words."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from publishing.models import Placement


class Standing(StrEnum):
    LIVE = "live"
    SCHEDULED = "scheduled"
    EXPIRED = "expired"
    DRAFT = "draft"
    UNPUBLISHED = "unpublished"
    RECALLED = "recalled"

    @property
    def word(self) -> str:
        """As it is called on the screen, where a draft is an article that nobody has approved."""
        return "prepared" if self is Standing.DRAFT else self.value


class Timed(Protocol):
    """A placement, or what a statement told of one."""

    @property
    def status(self) -> str: ...
    @property
    def go_live(self) -> datetime | None: ...
    @property
    def expires_at(self) -> datetime | None: ...


def standing(placement: Timed, now: datetime) -> Standing:
    """Of what is published, the clock decides; anything else stands as its status says."""
    if placement.status != Placement.Status.PUBLISHED:
        return Standing(placement.status)
    if placement.go_live is None or placement.go_live > now:
        return Standing.SCHEDULED
    if placement.expires_at and placement.expires_at <= now:
        return Standing.EXPIRED
    return Standing.LIVE


# The same in SQL, of a placement `p` at the moment %(now)s; of what is published the clock's part alone.
BY_CLOCK = {
    Standing.LIVE: "p.go_live <= %(now)s AND (p.expires_at IS NULL OR p.expires_at > %(now)s)",
    Standing.SCHEDULED: "p.go_live > %(now)s",
    Standing.EXPIRED: "p.go_live <= %(now)s AND p.expires_at <= %(now)s",
}
IN_SQL = {
    **{stands: f"p.status = 'published' AND {clock}" for stands, clock in BY_CLOCK.items()},
    **{stands: f"p.status = '{stands}'" for stands in Standing if stands not in BY_CLOCK},
}
