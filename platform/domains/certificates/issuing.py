"""One order from its turn to its end: the name is looked at, the authority asked, the certificate stored."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from domains.certificates import limits, ordering
from domains.certificates.account import new_key
from domains.certificates.acme import authority, forget
from domains.certificates.prechecking import precheck
from domains.certificates.problems import NameAtFault, Problem, RateLimited
from domains.certificates.storing import Unfit, store
from domains.certificates.wanted import is_wanted
from domains.models import Order
from events.emitting import emit

log = logging.getLogger(__name__)

# After the authority was in trouble, and after it refused us without saying for how long.
TROUBLE_PAUSE = timedelta(minutes=1)
LIMITED_PAUSE = timedelta(minutes=15)

Clock = Callable[[], datetime]


def issue(order_id: int, *, clock: Clock = timezone.now) -> bool:
    """Try the order if its turn has come; whether its name has a new certificate now."""
    order = ordering.take(order_id, clock())
    if order is None:
        return False
    if not is_wanted(order.name):
        ordering.drop(order, "Nobody has this name here any more.", clock())
        return False
    if wrong := precheck(order.name):
        _not_asked(order, wrong, clock())
        return False
    try:
        _obtain(order, clock)
    except RateLimited as problem:
        _limited(order, problem, clock())
    except NameAtFault as problem:
        log.info("No certificate for %s: %s", order.name, problem)
        limits.work_again()
        ordering.failed(order, str(problem), clock())
    except Problem as problem:
        _troubled(order, problem, clock())
    else:
        limits.work_again()
        return True
    return False


def _obtain(order: Order, clock: Clock) -> None:
    key_pem = new_key()
    with authority() as client:
        chain_pem = client.obtain(order.name, key_pem)
        renew_at = client.renew_at(chain_pem)
    try:
        store(name=order.name, chain_pem=chain_pem, key_pem=key_pem, renew_at=renew_at, now=clock())
    except Unfit as error:
        # Of this name alone, and with its back-off: each further attempt would be one more certificate thrown away.
        raise NameAtFault(f"The authority's certificate is not served: {error}") from error
    ordering.done(order, clock())
    # Its state is seen by a handshake, once the edge has it.
    emit("domains.look", once=f"domains.look:{order.name}", after=timedelta(seconds=2), name=order.name)


def _not_asked(order: Order, problem: str, now: datetime) -> None:
    """The authority would only find the same. This is no attempt at it, and the pause is shorter."""
    pause = min(timedelta(minutes=1) * 2 ** min(_looks(order), 6), timedelta(hours=1))
    ordering.put_off(order, problem, now + pause, now, counts=False)


def _looks(order: Order) -> int:
    """How often the pause has doubled: told from how long the order has waited."""
    waited = (order.tried_at or order.added_at) - order.added_at
    return int(waited / timedelta(minutes=2)).bit_length()


def _limited(order: Order, problem: RateLimited, now: datetime) -> None:
    """Of this name alone, of its registrable domain, or of everything: by what the authority says."""
    until = now + (problem.after or LIMITED_PAUSE)
    log.warning("Orders wait until %s: %s", until, problem)
    if order.registered in str(problem):
        _all_of(order.registered, until)
    elif "exact set" not in str(problem):
        limits.rest(until, limited=True)
    ordering.put_off(order, str(problem), until, now, counts=False)


def _all_of(registered: str, until: datetime) -> None:
    waiting = Order.objects.filter(registered=registered, state=Order.State.WAITING, tried_at=None)
    waiting.filter(due_at__lt=until).update(due_at=until)


def _troubled(order: Order, problem: Problem, now: datetime) -> None:
    """Everybody waits for a moment: whoever comes next would only meet the same."""
    log.warning("The certificate authority is in trouble: %s", problem)
    until = now + max(problem.after or TROUBLE_PAUSE, TROUBLE_PAUSE)
    limits.rest(until)
    ordering.put_off(order, str(problem), until, now, counts=True)
    forget()
