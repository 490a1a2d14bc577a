"""The queue of certificates that are wanted: one open order a name.

An attempt that failed is a row that stays, and the next attempt is another one: the authority's limits count attempts.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from domains.certificates import limits
from domains.certificates.wanted import below_wildcard, covered, wildcard
from domains.models import Order
from domains.refusing import registered
from events.emitting import emit
from tenants.models import Tenant

# Before the next attempt at a name that failed, by how often it did; after the last one the order is given up.
PAUSES = [
    timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4), timedelta(hours=12), timedelta(days=1),
    timedelta(days=1), timedelta(days=1),
]  # fmt: skip
# After an order was given up: for whom the platform's own look orders again, and for a person who asks.
GIVEN_UP_FOR = timedelta(days=1)
ASKED_AGAIN_AFTER = timedelta(minutes=15)
# While an order is tried nobody else takes it: longer than an attempt may last.
LEASE = timedelta(minutes=15)


@transaction.atomic
def order(
    *,
    name: str,
    tenant: Tenant | None = None,
    renewal: bool = False,
    asked: bool = False,
    problem: str = "",
    now: datetime | None = None,
) -> Order | None:
    """Have a certificate ordered for the name, unless that is under way. None: nothing is to be ordered.

    `asked`: a person wants it now, after it was given up. Whatever is asked, a name is tried no sooner than a quarter
    of an hour after the authority's check of it failed.
    """
    if not settings.ACME_DIRECTORY or covered(name):
        return None
    now = now or timezone.now()
    if wildcard() and below_wildcard(name) and not _failed_lately(wildcard()):
        return order(name=wildcard(), now=now)
    due_at = max(now, _not_before(name, asked=asked))
    open_order, is_new = Order.objects.get_or_create(
        name=name,
        state=Order.State.WAITING,
        defaults={
            "registered": registered(name.removeprefix("*.")),
            "tenant": tenant,
            "renewal": renewal,
            "added_at": now,
            "due_at": due_at,
            "problem": problem[:1000],
        },
    )
    if not is_new:
        _sooner(open_order, due_at, renewal=renewal)
    if due_at <= now:
        emit("domains.orders", once="domains.orders now")
    return open_order


@transaction.atomic
def take(order_id: int, now: datetime) -> Order | None:
    """The order, under a lease of ours, if its turn has come and the limits allow it; None otherwise."""
    limits.alone()
    if not limits.may_go(now, most=1, only=order_id):
        return None
    taken = Order.objects.select_for_update().get(pk=order_id)
    if taken.tried_at is not None:
        # Whoever had it is gone. The authority may have counted that attempt, and so do we.
        taken = _follow(taken, "The attempt was interrupted.", now, attempts=taken.attempts - 1, due_at=now)
        if not limits.may_go(now, most=1, only=taken.pk):
            return None
    taken.attempts += 1
    taken.tried_at = now
    taken.due_at = now + LEASE
    taken.save(update_fields=["attempts", "tried_at", "due_at"])
    return taken


@transaction.atomic
def done(order: Order, now: datetime) -> None:
    order.state, order.ended_at, order.problem = Order.State.DONE, now, ""
    order.save(update_fields=["state", "ended_at", "problem"])


@transaction.atomic
def failed(order: Order, problem: str, now: datetime) -> Order | None:
    """The name's own fault: another attempt later, or none. The order that waits now, if any."""
    if order.attempts > len(PAUSES):
        _end(order, problem, now)
        return None
    return _follow(order, problem, now, attempts=order.attempts, due_at=now + PAUSES[order.attempts - 1])


@transaction.atomic
def put_off(order: Order, problem: str, due_at: datetime, now: datetime, *, counts: bool) -> None:
    """Nobody's fault: the same again later, and not as an attempt at the name. `counts`: the authority has an order."""
    if counts:
        _follow(order, problem, now, attempts=order.attempts - 1, due_at=due_at)
        return
    order.attempts -= 1
    order.tried_at, order.due_at, order.problem = None, due_at, problem[:1000]
    order.save(update_fields=["attempts", "tried_at", "due_at", "problem"])


@transaction.atomic
def drop(order: Order, problem: str, now: datetime) -> None:
    """Nobody wants it any more, and nothing was asked of the authority."""
    order.tried_at = None
    _end(order, problem, now)


def _end(order: Order, problem: str, now: datetime) -> None:
    order.state, order.ended_at, order.problem = Order.State.FAILED, now, problem[:1000]
    order.save(update_fields=["state", "ended_at", "problem", "tried_at"])


def _follow(order: Order, problem: str, now: datetime, *, attempts: int, due_at: datetime) -> Order:
    _end(order, problem, now)
    return Order.objects.create(
        name=order.name,
        registered=order.registered,
        tenant_id=order.tenant_id,
        renewal=order.renewal,
        added_at=order.added_at,
        due_at=due_at,
        attempts=attempts,
        problem=problem[:1000],
    )


def _sooner(waiting: Order, due_at: datetime, *, renewal: bool) -> None:
    """An open order is wanted once more: it becomes a renewal, and comes sooner if nothing but DNS was against it."""
    changed = []
    if renewal and not waiting.renewal:
        waiting.renewal = True
        changed.append("renewal")
    if waiting.tried_at is None and due_at < waiting.due_at and not _tried(waiting.name):
        waiting.due_at = due_at
        changed.append("due_at")
    if changed:
        waiting.save(update_fields=changed)


def _tried(name: str) -> bool:
    """Whether the authority has checked the name, in vain, since it last had a certificate."""
    last = Order.objects.filter(name=name).exclude(state=Order.State.WAITING).order_by("-id").first()
    return bool(last and last.state == Order.State.FAILED and last.tried_at)


def _not_before(name: str, *, asked: bool) -> datetime:
    last = Order.objects.filter(name=name, state=Order.State.FAILED).exclude(tried_at=None).order_by("-id").first()
    if last is None or last.tried_at is None:
        return datetime.min.replace(tzinfo=timezone.get_default_timezone())
    if Order.objects.filter(name=name, state=Order.State.DONE, id__gt=last.pk).exists():
        return last.tried_at
    return last.tried_at + (ASKED_AGAIN_AFTER if asked else GIVEN_UP_FOR)


def _failed_lately(name: str) -> bool:
    last = Order.objects.filter(name=name).order_by("-id").first()
    return bool(last and last.attempts and last.state != Order.State.DONE)
