"""Thousands of claims against an authority that limits and fails, while certificates come due for renewal.

Hours pass by a clock of the test's own. What is counted is counted by the authority. There are 200 names, and 5,500
with FAULTS in the environment, as `make faults` has it.
"""

import logging
import os
import random
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from django.contrib.sites.models import Site
from django.db import connection
from django.db.models import Min

from domains.certificates import limits
from domains.certificates.challenges import BELOW, answering
from domains.certificates.issuing import issue
from domains.certificates.ordering import order
from domains.certificates.renewing import order_what_is_due
from domains.certificates.storing import store
from domains.models import Certificate, Order
from events.models import Event
from tests.dns_server import Zone
from tests.domains.certificates.conftest import answering_server, nothing_else
from tests.domains.certificates.limiting import limiting_before
from tests.domains.certificates.pebble import certificate_of, needs_pebble, running_pebble

log = logging.getLogger(__name__)

pytestmark = [needs_pebble, pytest.mark.django_db(transaction=True)]

HANDS = 8
# Claims, renewals, the time in which these come due, and the orders that the account has in three hours.
SCALE = (5000, 500, timedelta(hours=60), 300) if os.environ.get("FAULTS") else (60, 20, timedelta(hours=3), 60)
# A certificate of so many days is renewed when four of them are over.
LIFE = timedelta(days=6)


class Clock:
    """Moves when it is told to."""

    def __init__(self) -> None:
        self.began = self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


def _seed(claims: int, renewals: int, spread: timedelta, clock: Clock) -> tuple[list[str], list[str]]:
    """The renewals come due one after the other."""
    new = [f"{'lost' if number % 40 == 0 else 'new'}-{number}.test" for number in range(claims)]
    old = [f"old-{number}.test" for number in range(renewals)]
    Site.objects.bulk_create([Site(domain=name, name=name[:50]) for name in new + old])
    Event.objects.all().delete()
    for number, name in enumerate(old):
        age = LIFE * 2 / 3 - spread * number / renewals
        chain, key = certificate_of(name, not_before=clock.now - age, life=LIFE)
        store(name=name, chain_pem=chain, key_pem=key, now=clock.now)
    for name in new:
        order(name=name, now=clock.now)
    return new, old


def _flaky(share: float) -> WSGIApplication:
    """Our own server of challenges, which fails now and then."""
    chance, answer = random.Random(7), answering(nothing_else)

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith(BELOW) and chance.random() < share:
            start_response("502 Bad Gateway", [("Content-Type", "text/plain")])
            return [b"The edge has no backend"]
        return answer(environ, start_response)

    return application


def _try(order_id: int, clock: Clock) -> None:
    try:
        issue(order_id, clock=clock)
    finally:
        connection.close()


def _next_moment(clock: Clock) -> datetime:
    """When something may happen: an order or a renewal is due, the window moves on, the authority's pause ends."""
    waiting = Order.objects.filter(state="waiting", due_at__gt=clock.now).aggregate(at=Min("due_at"))["at"]
    due = Certificate.objects.filter(renew_at__gt=clock.now).aggregate(at=Min("renew_at"))["at"]
    window = Order.objects.filter(tried_at__gt=clock.now - limits.ORDERS_WITHIN).aggregate(at=Min("tried_at"))["at"]
    moments = [
        at for at in (waiting, due, window and window + limits.ORDERS_WITHIN, limits.rests_until(clock.now)) if at
    ]
    return max(min(moments, default=clock.now), clock.now + timedelta(minutes=1))


def _run(clock: Clock, *, until: Callable[[], bool], days: int) -> int:
    """Hours pass until it has happened; the number of certificates that were over before they were renewed."""
    missed: set[str] = set()
    with ThreadPoolExecutor(HANDS) as hands:
        while not until():
            assert clock.now - clock.began < timedelta(days=days), "It takes too long."
            order_what_is_due(clock.now)
            turns = limits.may_go(clock.now, most=50)
            for done in [hands.submit(_try, turn.id, clock) for turn in turns]:
                done.result()
            missed |= set(Certificate.objects.filter(not_after__lte=clock.now).values_list("name", flat=True))
            clock.now = clock.now + timedelta(seconds=15) if turns else _next_moment(clock)
    return len(missed)


def test_no_renewal_is_missed_and_no_name_fails_too_often(
    dns_of_test: Zone, ordering_from, settings, tmp_path, unused_port: int
) -> None:
    claims, renewals, spread, orders_per_3h = SCALE
    settings.ACME_ORDERS_PER_3H = orders_per_3h
    clock = Clock()
    with (
        answering_server(_flaky(0.06), unused_port),
        running_pebble(
            tmp_path, dns=dns_of_test.servers[0].address, http_port=unused_port,
            PEBBLE_WFE_NONCEREJECT="10", PEBBLE_AUTHZREUSE="0",
        ) as behind,
        # Another client of the same account takes a tenth of what it may.
        limiting_before(behind, clock, orders=orders_per_3h * 9 // 10, fails=0.005) as (limiting, front),
    ):  # fmt: skip
        ordering_from(front)
        new, old = _seed(claims, renewals, spread, clock)
        lost = {name for name in new if name.startswith("lost")}
        good = {*new, *old} - lost
        for name in lost:
            dns_of_test.set(name, "A", "127.0.0.2")  # nobody answers there

        def complete() -> bool:
            fresh = Certificate.objects.filter(name__in=good, not_after__gt=clock.now + timedelta(days=365))
            return fresh.count() == len(good)

        missed = _run(clock, until=complete, days=20)
    hours = (clock.now - clock.began) / timedelta(hours=1)
    log.info(
        "%s claims and %s renewals took %.1f hours of the clock and %s orders, at most %s in 3 h. %s checks failed, at "
        "most %s of a name in an hour. The authority refused %s. Renewals missed: %s.",
        claims, renewals, hours, len(limiting.orders), limiting.most_orders_in_three_hours(),
        sum(map(len, limiting.failures.values())), limiting.most_failures_in_an_hour(), dict(limiting.refused), missed,
    )  # fmt: skip
    assert missed == 0
    assert limiting.most_failures_in_an_hour() <= 5
    assert sum(limiting.refused.values()) > 0
    assert lost <= limiting.failures.keys()
