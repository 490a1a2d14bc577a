"""The queue: one open order a name, the authority's limits held, renewals first, and nobody in anybody's way."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection

from domains.certificates import limits, ordering
from domains.certificates.ordering import done, drop, failed, order, put_off, take
from domains.certificates.storing import store
from domains.models import Order
from events.models import Event
from tenants.models import Tenant
from tests.domains.certificates.pebble import certificate_of

pytestmark = pytest.mark.django_db

NOW = datetime(2030, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def an_authority(settings) -> Iterator[None]:
    settings.ACME_DIRECTORY = "https://authority.test/dir"
    cache.clear()
    yield
    cache.clear()


def ordered(name: str, **options) -> Order:
    waiting = order(name=name, now=NOW, **options)
    assert waiting is not None
    return waiting


def turns(now: datetime = NOW, most: int = 1000) -> list[str]:
    return [turn.name for turn in limits.may_go(now, most=most)]


def taken(name: str, now: datetime) -> Order:
    waiting = Order.objects.get(name=name, state="waiting")
    order = take(waiting.pk, now)
    assert order is not None
    return order


def test_a_name_is_ordered_once_and_somebody_is_told() -> None:
    assert ordered("shop.test").pk == ordered("shop.test").pk
    assert Order.objects.count() == 1
    assert Event.objects.filter(name="domains.orders").count() == 1


def test_without_an_authority_nothing_is_ordered(settings) -> None:
    settings.ACME_DIRECTORY = ""
    assert order(name="shop.test") is None
    assert not Order.objects.exists()


def test_renewals_come_first() -> None:
    for number in range(5):
        ordered(f"new-{number}.test")
    ordered("old.test", renewal=True)
    assert turns(most=3) == ["old.test", "new-0.test", "new-1.test"]


def test_an_order_that_waits_becomes_a_renewal_when_one_is_wanted() -> None:
    ordered("a.test")
    ordered("b.test")
    ordered("b.test", renewal=True)
    assert turns() == ["b.test", "a.test"]


def test_of_the_orders_in_three_hours_new_names_leave_a_share_to_renewals(settings) -> None:
    settings.ACME_ORDERS_PER_3H = 10
    for number in range(12):
        ordered(f"new-{number}.test")
    for name in turns():
        done(taken(name, NOW), NOW)
    assert Order.objects.filter(state="done").count() == 8
    for number in range(5):
        ordered(f"old-{number}.test", renewal=True)
    assert turns() == ["old-0.test", "old-1.test"]
    for name in turns():
        done(taken(name, NOW + HOUR), NOW + HOUR)
    assert turns(NOW + 2 * HOUR) == []
    assert len(turns(NOW + 3 * HOUR + timedelta(seconds=1))) == 3 + 3


def test_each_attempt_counts_as_the_authority_counts_it(settings) -> None:
    settings.ACME_ORDERS_PER_3H = 5
    ordered("shop.test")
    for hours in (0, 1):
        failed(taken("shop.test", NOW + hours * HOUR), "Nobody answers.", NOW + hours * HOUR)
    for number in range(5):
        ordered(f"new-{number}.test")
    assert len(turns(NOW + HOUR)) == int(5 * limits.SHARE_OF_NEW) - 2


def test_names_of_one_registered_domain_wait_for_its_week(settings) -> None:
    settings.ACME_PER_REGISTERED_WEEK = 2
    for label in ("a", "b", "c"):
        ordered(f"{label}.shop.test")
    ordered("lantern.test")
    assert turns() == ["a.shop.test", "b.shop.test", "lantern.test"]
    for label in ("a", "b"):
        done(taken(f"{label}.shop.test", NOW), NOW)
    assert turns(NOW + timedelta(days=6)) == ["lantern.test"]
    ordered("d.shop.test", renewal=True)
    assert turns(NOW + timedelta(days=6)) == ["d.shop.test", "lantern.test"]
    assert "c.shop.test" in turns(NOW + timedelta(days=8))


def test_one_tenant_s_thousand_names_are_in_nobody_s_way(settings) -> None:
    settings.ACME_PER_TENANT_DAY = 3
    greedy, modest = (Tenant.objects.create(slug=slug, name=slug) for slug in ("greedy", "modest"))
    for number in range(100):
        ordered(f"many-{number}.test", tenant=greedy)
    ordered("one.test", tenant=modest)
    ordered("ours.test")
    assert turns() == ["many-0.test", "many-1.test", "many-2.test", "one.test", "ours.test"]
    for name in turns():
        done(taken(name, NOW), NOW)
    assert turns(NOW + timedelta(hours=23)) == []
    assert len(turns(NOW + timedelta(hours=25))) == 3


def test_names_blocked_by_their_domain_take_no_place_of_their_tenant(settings) -> None:
    settings.ACME_PER_REGISTERED_WEEK, settings.ACME_PER_TENANT_DAY = 1, 2
    tenant = Tenant.objects.create(slug="acme", name="Acme")
    for label in ("a", "b", "c"):
        ordered(f"{label}.shop.test", tenant=tenant)
    ordered("lantern.test", tenant=tenant)
    assert turns() == ["a.shop.test", "lantern.test"]


def test_a_name_that_fails_is_tried_less_and_less_often_and_then_given_up() -> None:
    ordered("shop.test")
    now, pauses = NOW, []
    while waiting := Order.objects.filter(name="shop.test", state="waiting").first():
        assert turns(waiting.due_at - timedelta(seconds=1)) == [] or waiting.attempts == 0
        now = max(waiting.due_at, now)
        failed(taken("shop.test", now), f"Attempt {waiting.attempts + 1} failed.", now)
        after = Order.objects.filter(name="shop.test", state="waiting").first()
        pauses += [after.due_at - now] if after else []
    assert pauses == ordering.PAUSES
    last = Order.objects.filter(name="shop.test").latest("id")
    assert (last.state, last.attempts, last.problem) == ("failed", 8, "Attempt 8 failed.")
    assert Order.objects.filter(name="shop.test").count() == 8


def test_what_was_given_up_is_ordered_anew_a_day_later_or_when_somebody_asks() -> None:
    ordered("shop.test")
    giving_up = taken("shop.test", NOW)
    giving_up.attempts = 99
    assert failed(giving_up, "It never will.", NOW) is None
    assert ordered("shop.test").due_at == NOW + timedelta(days=1)
    Order.objects.filter(state="waiting").delete()
    assert ordered("shop.test", asked=True).due_at == NOW + timedelta(minutes=15)


def test_whatever_asks_a_name_never_fails_more_than_five_times_in_an_hour() -> None:
    """Even if every pause were lost."""
    ordered("shop.test")
    tried = 0
    for minute in range(60):
        now = NOW + timedelta(minutes=minute)
        Order.objects.filter(state="waiting").update(due_at=now)
        if turns(now):
            failed(taken("shop.test", now), "No.", now)
            tried += 1
    assert tried == limits.FAILURES


def test_a_name_whose_dns_was_wrong_comes_at_once_when_it_is_ordered_again() -> None:
    ordered("shop.test")
    put_off(taken("shop.test", NOW), "It leads elsewhere.", NOW + HOUR, NOW, counts=False)
    assert turns() == []
    again = ordered("shop.test")
    assert (again.attempts, again.due_at) == (0, NOW)
    assert turns() == ["shop.test"]


def test_a_name_that_the_authority_refused_does_not_come_sooner_for_being_ordered_again() -> None:
    ordered("shop.test")
    failed(taken("shop.test", NOW), "No.", NOW)
    assert ordered("shop.test", asked=True).due_at == NOW + timedelta(minutes=15)


def test_what_a_killed_process_had_in_hand_is_tried_again_and_counted() -> None:
    waiting = ordered("shop.test")
    taken("shop.test", NOW)
    assert take(waiting.pk, NOW + timedelta(minutes=4)) is None
    later = NOW + ordering.LEASE + timedelta(seconds=1)
    assert turns(later) == ["shop.test"]
    again = take(waiting.pk, later)
    assert again is not None
    assert (again.attempts, Order.objects.count()) == (1, 2)
    assert Order.objects.get(pk=waiting.pk).problem == "The attempt was interrupted."
    assert take(waiting.pk, later) is None


def test_while_the_authority_rests_nothing_goes() -> None:
    ordered("shop.test")
    limits.rest(NOW + HOUR)
    limits.rest(NOW + HOUR / 2)
    assert limits.rests_until(NOW) == NOW + HOUR
    assert turns() == []
    assert take(Order.objects.get().pk, NOW) is None
    assert turns(NOW + HOUR) == ["shop.test"]


def test_a_cache_that_is_away_stops_no_order(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object, **options: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(cache, "get", away)
    monkeypatch.setattr(cache, "set", away)
    ordered("shop.test")
    limits.rest(NOW + HOUR)
    assert turns() == ["shop.test"]


def test_with_the_wildcard_in_place_free_names_have_no_order_of_their_own(settings, tmp_path) -> None:
    settings.ACME_DNS_HOOK = str(tmp_path)
    assert ordered("bakery.sites.test").name == "*.sites.test"
    assert ordered("baker.sites.test").name == "*.sites.test"
    assert Order.objects.count() == 1
    chain, key = certificate_of("*.sites.test")
    store(name="*.sites.test", chain_pem=chain, key_pem=key)
    done(taken("*.sites.test", NOW), NOW)
    assert order(name="butcher.sites.test", now=NOW) is None
    assert ordered("a.bakery.sites.test").name == "a.bakery.sites.test"
    assert ordered("shop.test").name == "shop.test"


def test_a_wildcard_that_fails_leaves_free_names_to_themselves(settings, tmp_path) -> None:
    settings.ACME_DNS_HOOK = str(tmp_path)
    ordered("bakery.sites.test")
    failed(taken("*.sites.test", NOW), "The hook could not be run.", NOW)
    assert ordered("bakery.sites.test").name == "bakery.sites.test"


def test_what_nobody_wants_any_more_ends_and_counts_for_nothing() -> None:
    ordered("shop.test")
    drop(taken("shop.test", NOW), "Nobody has this name here any more.", NOW)
    assert (Order.objects.get().state, Order.objects.get().tried_at) == ("failed", None)


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_take_each_order_once(settings) -> None:
    settings.ACME_ORDERS_PER_3H = 10
    for number in range(12):
        ordered(f"new-{number}.test")
    keys = list(Order.objects.values_list("pk", flat=True)) * 4

    def work(key: int) -> bool:
        try:
            return take(key, NOW) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as hands:
        assert sum(hands.map(work, keys)) == int(10 * limits.SHARE_OF_NEW)
    assert Order.objects.filter(attempts=1).count() == int(10 * limits.SHARE_OF_NEW)
    assert not Order.objects.filter(attempts__gt=1).exists()
