"""Looking after names as background work: claims whose proof is awaited, hostnames that have come or are due."""

from datetime import timedelta

from domains import checking
from domains.certificates import handlers as handlers_of_certificates
from events.handling import Later, handles
from events.schedule import periodic

__all__ = ["handlers_of_certificates"]


# Longer than DNS and a handshake may take.
@handles("domains.claim", outside=True, attempts=20, lease=timedelta(minutes=2), patient=True)
def look_for_proof(claim: int) -> None:
    _again(checking.look_for(claim))


@handles("domains.look", outside=True, attempts=20, lease=timedelta(minutes=2), patient=True)
def look(name: str) -> None:
    _again(checking.look_at(name))


@handles("domains.recheck")
def recheck() -> None:
    """A bounded number of those that are due, and what hostnames left that went in whatever way."""
    checking.look_at_due()
    checking.tidy()


def _again(after: timedelta | None) -> None:
    if after is not None:
        raise Later(after)


periodic("domains.recheck", every=timedelta(minutes=1))
