"""What is done about operations' own events."""

from events.handling import handles
from operations.edge.shrinking import CONFIRMED


@handles(CONFIRMED)
def edge_confirmed(names: int) -> None:
    """Nothing more: whoever holds a document back looks for the row."""
