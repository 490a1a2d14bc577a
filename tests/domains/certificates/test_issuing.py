"""From an order to a certificate, by the real Pebble."""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from django.contrib.sites.models import Site
from django.db import connection
from django.utils import timezone

from domains.certificates import handlers, limits
from domains.certificates.acme import forget
from domains.certificates.issuing import issue
from domains.certificates.ordering import order
from domains.certificates.renewing import order_what_is_due
from domains.certificates.storing import load
from domains.models import Account, Certificate, Challenge, Order
from events.models import Event
from events.relay import drain
from sites_core.sealing import unseal
from tests.dns_server import Zone
from tests.domains.certificates.conftest import answering_server
from tests.domains.certificates.limiting import limiting_before
from tests.domains.certificates.pebble import Pebble, needs_pebble, running_pebble

__all__ = ["handlers"]

pytestmark = [needs_pebble, pytest.mark.django_db(transaction=True)]


def ordered(name: str) -> Order:
    Site.objects.create(domain=name, name=name)
    waiting = order(name=name)
    assert waiting is not None
    return waiting


def test_a_name_that_is_ordered_has_a_certificate(authority: Pebble) -> None:
    waiting = ordered("shop.test")
    assert issue(waiting.pk)
    held = load("shop.test")
    assert held is not None
    assert held.chain.count("BEGIN CERTIFICATE") == 2
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts, waiting.problem) == ("done", 1, "")
    assert not Challenge.objects.exists()
    row = Certificate.objects.get(name="shop.test")
    assert b"PRIVATE KEY" not in bytes(row.key)
    assert row.not_before < row.renew_at < row.not_after


def test_a_renewal_replaces_the_certificate_and_a_failed_one_does_not(authority: Pebble, dns_of_test: Zone) -> None:
    issue(ordered("shop.test").pk)
    first = load("shop.test")
    assert first is not None
    dns_of_test.set("shop.test", "A", "127.0.0.2")  # nobody answers there
    later = timezone.now() + timedelta(days=3 * 365)
    Certificate.objects.update(renew_at=timezone.now())
    order_what_is_due()
    renewal = Order.objects.get(renewal=True)
    assert not issue(renewal.pk)
    assert load("shop.test") == first
    dns_of_test.clear("shop.test")
    again = Order.objects.get(renewal=True, state="waiting")
    assert issue(again.pk, clock=lambda: later - timedelta(days=2 * 365))
    second = load("shop.test")
    assert second is not None
    assert second.serial != first.serial
    assert second.version > first.version


def test_one_name_s_failure_is_never_another_s(authority: Pebble, dns_of_test: Zone) -> None:
    dns_of_test.set("lost.test", "A", "127.0.0.2")  # nobody answers there
    lost, found = ordered("lost.test"), ordered("shop.test")
    assert not issue(lost.pk)
    assert issue(found.pk)
    lost.refresh_from_db()
    assert (lost.state, lost.attempts) == ("failed", 1)
    assert lost.problem.startswith("The authority's check of the name failed:")
    waiting = Order.objects.get(name="lost.test", state="waiting")
    assert (waiting.attempts, waiting.problem) == (1, lost.problem)
    assert waiting.due_at - timezone.now() > timedelta(minutes=14)
    assert not Challenge.objects.exists()


def test_a_name_that_is_gone_is_not_asked_for(authority: Pebble) -> None:
    waiting = ordered("shop.test")
    Site.objects.all().delete()
    assert not issue(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.tried_at) == ("failed", None)


def test_a_name_whose_dns_leads_elsewhere_is_not_asked_for(authority: Pebble, dns_of_test: Zone, settings) -> None:
    settings.DNS_RESOLVERS = [dns_of_test.servers[0].address]
    settings.EDGE_ADDRESSES = ["127.0.0.9"]
    waiting = ordered("shop.test")
    assert not issue(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts, waiting.tried_at) == ("waiting", 0, None)
    assert "does not lead here" in waiting.problem
    settings.EDGE_ADDRESSES = ["127.0.0.1"]
    again = order(name="shop.test")
    assert again is not None
    assert issue(again.pk)


def test_one_account_is_made_and_kept(authority: Pebble) -> None:
    with ThreadPoolExecutor(4) as hands:
        keys = [ordered(f"shop-{number}.test").pk for number in range(4)]
        assert all(hands.map(_issued, keys))
    account = Account.objects.get()
    assert account.directory == authority.directory
    assert b"PRIVATE KEY" not in bytes(account.key)
    forget()
    assert _issued(ordered("shop-9.test").pk)
    assert Account.objects.get().uri == account.uri


def _issued(key: int) -> bool:
    try:
        return issue(key)
    finally:
        forget()
        connection.close()


def test_two_workers_at_once_order_each_name_once(pebble: Pebble, ordering_from) -> None:
    with limiting_before(pebble, timezone.now, orders=1000) as (limiting, front):
        ordering_from(front)
        keys = [ordered(f"shop-{number}.test").pk for number in range(6)]
        with ThreadPoolExecutor(8) as hands:
            assert sum(hands.map(_issued, keys * 4)) == 6
    assert {name: len(times) for name, times in limiting.of_name.items()} == {f"shop-{n}.test": 1 for n in range(6)}
    assert Certificate.objects.count() == 6


def test_an_authority_that_refuses_half_of_the_nonces_is_patiently_asked(
    tmp_path: Path, dns_of_test: Zone, edge_port: int, ordering_from
) -> None:
    with running_pebble(
        tmp_path, dns=dns_of_test.servers[0].address, http_port=edge_port,
        PEBBLE_WFE_NONCEREJECT="50", PEBBLE_AUTHZREUSE="100",
    ) as rejecting:  # fmt: skip
        ordering_from(rejecting)
        keys = [ordered(f"shop-{number}.test").pk for number in range(4)]
        assert all(issue(key) for key in keys)
        # The authority remembers that the name was proven, and asks for nothing.
        Certificate.objects.all().delete()
        assert issue(ordered_again("shop-1.test").pk)


def ordered_again(name: str) -> Order:
    waiting = order(name=name)
    assert waiting is not None
    return waiting


def test_an_authority_that_is_down_is_nobody_s_fault_and_that_comes_back_without_its_memory_knows_us_again(
    tmp_path: Path, dns_of_test: Zone, edge_port: int, ordering_from, unused_port: int
) -> None:
    dns = dns_of_test.servers[0].address
    with running_pebble(tmp_path, dns=dns, http_port=edge_port, port=unused_port) as first:
        ordering_from(first)
        assert issue(ordered("first.test").pk)
        account = Account.objects.get()
    waiting = ordered("shop.test")
    assert not issue(waiting.pk)
    assert limits.rests_until(timezone.now()) is not None
    waiting = Order.objects.get(name="shop.test", state="waiting")
    assert (waiting.attempts, waiting.problem) == (0, "The certificate authority could not be reached.")
    assert not Challenge.objects.exists()
    moments = iter(range(2, 100, 2))
    # The directory's certificate is another one, at the same place.
    with running_pebble(tmp_path, dns=dns, http_port=edge_port, port=unused_port):
        for _ in range(3):
            later = timezone.now() + timedelta(minutes=next(moments))
            for turn in limits.may_go(later, most=5):
                issue(turn.id, clock=partial(datetime.fromtimestamp, later.timestamp(), UTC))
    assert load("shop.test") is not None
    # The account is the same key, which the authority calls by another name.
    assert Account.objects.get().uri != account.uri
    assert key_of(account) == key_of(Account.objects.get())


def key_of(account: Account) -> bytes:
    return unseal("domains.account", bytes(account.key))


def test_the_authority_s_pause_is_kept_and_the_name_is_not_blamed(pebble: Pebble, ordering_from) -> None:
    with limiting_before(pebble, timezone.now, orders=1) as (limiting, front):
        ordering_from(front)
        assert issue(ordered("first.test").pk)
        assert not issue(ordered("shop.test").pk)
    until = limits.rests_until(timezone.now())
    assert until is not None
    assert until - timezone.now() > timedelta(hours=2, minutes=59)
    waiting = Order.objects.get(name="shop.test")
    assert (waiting.state, waiting.attempts, waiting.tried_at) == ("waiting", 0, None)
    assert "limits us" in waiting.problem
    assert limiting.refused["rateLimited"] == 1


def test_an_account_whose_key_cannot_be_read_is_replaced(authority: Pebble) -> None:
    assert issue(ordered("first.test").pk)
    Account.objects.update(key=b"damaged")
    forget()
    assert issue(ordered("shop.test").pk)
    assert bytes(Account.objects.get().key) != b"damaged"


def test_orders_are_handed_out_and_worked_by_the_relay(authority: Pebble) -> None:
    Event.objects.all().delete()
    for number in range(3):
        ordered(f"shop-{number}.test")
    Event.objects.exclude(name__in=["domains.orders", "domains.issue"]).delete()
    drain()
    assert Certificate.objects.count() == 3
    assert not Event.objects.exclude(dead_at=None).exists()


def test_a_wildcard_is_proven_in_dns_by_the_hook(
    authority: Pebble, dns_of_test: Zone, settings, tmp_path: Path
) -> None:
    calls: list[list[str]] = []

    def application(environ, start_response):
        deed, name, value = said = parse_qs(environ["QUERY_STRING"])["said"]
        calls.append(said)
        dns_of_test.set(name, "TXT", *([value] if deed == "add" else []))
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b""]

    with answering_server(application) as port:
        hook = tmp_path / "hook"
        hook.write_text(
            f"#!{sys.executable} -S\n"
            "import sys\nfrom urllib.parse import urlencode\nfrom urllib.request import urlopen\n"
            f'urlopen("http://127.0.0.1:{port}/?" + urlencode([("said", word) for word in sys.argv[1:]]))\n'
        )
        hook.chmod(0o700)
        settings.ACME_DNS_HOOK = str(hook)
        waiting = order(name="bakery.sites.test")
        assert waiting is not None
        assert waiting.name == "*.sites.test"
        assert issue(waiting.pk)
    assert [(deed, name) for deed, name, _ in calls] == [
        ("add", "_acme-challenge.sites.test"), ("remove", "_acme-challenge.sites.test"),
    ]  # fmt: skip
    assert load("*.sites.test") is not None
    assert order(name="bakery.sites.test") is None
