"""Certificates as background work."""

from datetime import timedelta

from django.utils import timezone

from domains.certificates import issuing, limits, ordering, renewing, warning
from domains.models import Challenge
from events.emitting import emit
from events.handling import handles
from events.schedule import periodic

# So many orders are handed out at once; the rest comes round again.
AT_ONCE = 50


@handles("domains.orders")
def hand_out() -> None:
    """Hand out the orders whose turn it is, each as an event of its own."""
    for turn in limits.may_go(timezone.now(), most=AT_ONCE):
        emit("domains.issue", once=f"domains.issue:{turn.id}", order=turn.id, name=turn.name)


# Longer than an attempt may last: the client gives up after twice two minutes, the hook of a wildcard after six.
@handles("domains.issue", outside=True, attempts=3, lease=ordering.LEASE)
def issue(order: int, name: str) -> None:
    issuing.issue(order)


@handles("domains.renewals", outside=True, attempts=3, lease=timedelta(minutes=10))
def renew() -> None:
    renewing.order_what_is_due()
    renewing.forget_what_is_over()
    Challenge.objects.filter(until__lt=timezone.now()).delete()
    warning.warn_of_expiry()


@handles("domains.renewal_info", outside=True, attempts=1, lease=timedelta(minutes=30))
def ask_when() -> None:
    renewing.ask_when()


periodic("domains.orders", every=timedelta(seconds=15))
periodic("domains.renewals", every=timedelta(minutes=15))
periodic("domains.renewal_info", every=timedelta(hours=1))
