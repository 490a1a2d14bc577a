"""What is done about operations' own events."""

from django.core.mail import send_mail

from events.handling import handles
from operations.edge.shrinking import CONFIRMED, HELD_BACK
from tenants.models import User


@handles(CONFIRMED)
def edge_confirmed(names: int) -> None:
    """Nothing more: whoever holds a document back looks for the row."""


@handles(HELD_BACK)
def edge_held_back(reason: str) -> None:
    """Platform staff are told: until somebody confirms, no new name and no renewal reaches the edge."""
    staff = User.objects.filter(is_staff=True, is_active=True).values_list("email", flat=True)
    body = (
        f"Every edge keeps the certificates that it has, and gets nothing new. {reason}\n\n"
        "`manage.py edge show` tells what is there. Until it is confirmed, renewals wait as well."
    )
    send_mail("The edge is told nothing new", body, None, list(staff))
