"""What a relay knows of a broker, where there is one."""

import uuid
from typing import Protocol


class BrokerAway(Exception):
    """What was to be handed on was not."""


class Broker(Protocol):
    """Where processes of their own do the work."""

    def room(self) -> int:
        """How many events more may wait there. Raises BrokerAway."""

    def send(self, key: int, lease: uuid.UUID) -> None:
        """Have `deliver(key, lease)` called. Raises BrokerAway, and then it may be called all the same."""
