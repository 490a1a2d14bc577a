"""What is done about the outbox itself, and about the mails in it."""

from datetime import timedelta

from django.utils import timezone

from events import mail
from events.handling import handles
from events.models import Event
from events.schedule import periodic

KEPT = timedelta(days=7)

handles(mail.EVENT, outside=True, attempts=mail.ATTEMPTS, lease=mail.LEASE)(mail.send)


@handles("events.tidy")
def tidy() -> None:
    """What was delivered a week ago is of no use to anybody."""
    Event.objects.filter(done_at__lt=timezone.now() - KEPT).delete()


periodic("events.tidy", every=timedelta(hours=1))
