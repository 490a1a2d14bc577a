"""What is done about the outbox itself."""

from datetime import timedelta

from django.utils import timezone

from events.handling import handles
from events.models import Event
from events.schedule import periodic

KEPT = timedelta(days=7)


@handles("events.tidy")
def tidy() -> None:
    """What was delivered a week ago is of no use to anybody."""
    Event.objects.filter(done_at__lt=timezone.now() - KEPT).delete()


periodic("events.tidy", every=timedelta(hours=1))
