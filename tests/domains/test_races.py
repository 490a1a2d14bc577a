"""200 races of two tenants for one name, with real DNS packets and real transactions: nobody else's is ever got."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from domains.checking import look_at, look_for
from domains.claiming import claim, make_primary, prove, release
from domains.models import Claim, Standing
from sites_core.models import Hostname
from tests.cast import LANTERN, TECHBLOG, House, acme, bolt
from tests.dns_server import Zone

pytestmark = pytest.mark.django_db(transaction=True)

RACES = 50  # in each of four tests
AtOnce = Callable[..., list[str]]


@pytest.fixture
def two() -> tuple[House, House]:
    return acme(), bolt()


class Runners:
    """Threads that stay, each with a connection of its own, so that a race is of deeds and not of connecting."""

    def __init__(self, count: int) -> None:
        self.pools = [ThreadPoolExecutor(1) for _ in range(count)]

    def at_once(self, *deeds: Callable[[], object]) -> list[str]:
        """Run them side by side; what they raised beside refusals."""
        together = threading.Barrier(len(deeds))

        def run(deed: Callable[[], object]) -> None:
            together.wait()
            with suppress(ValidationError):
                deed()

        running = [pool.submit(run, deed) for pool, deed in zip(self.pools, deeds, strict=False)]
        return [repr(error) for one in running if (error := one.exception())]

    def end(self) -> None:
        for pool in self.pools:
            pool.submit(lambda: connection.close()).result()
            pool.shutdown()


@pytest.fixture
def at_once() -> Iterator[AtOnce]:
    runners = Runners(3)
    yield runners.at_once
    runners.end()


def claimed(house: House, name: str) -> Claim:
    return claim(tenant=house.tenant, site=next(iter(house.sites.values())), name=name, by=None)[0]


def owner_of(name: str) -> str | None:
    return Hostname.objects.filter(name=name).values_list("site__ownership__tenant__slug", flat=True).first()


def test_of_two_claims_the_one_in_dns_wins(two: tuple[House, House], dns_zone: Zone, at_once: AtOnce):
    wrong = []
    for number in range(RACES):
        name, winner = f"n{number}.example", number % 2
        claims = [claimed(house, name) for house in two]
        dns_zone.set(f"_masthead.{name}", "TXT", f"masthead={claims[winner].token}")
        assert at_once(*(partial(look_for, one.pk) for one in claims)) == []
        if owner_of(name) != two[winner].tenant.slug:
            wrong.append(name)
    assert wrong == []


def test_of_two_proofs_that_arrive_at_once_one_wins_and_the_name_is_its(
    two: tuple[House, House], dns_zone: Zone, at_once: AtOnce
):
    for number in range(RACES):
        name = f"n{number}.example"
        claims = [claimed(house, name) for house in two]
        dns_zone.set(f"_masthead.{name}", "TXT", *(f"masthead={one.token}" for one in claims))
        assert at_once(*(partial(look_for, one.pk) for one in claims)) == []
        standing = Standing.objects.get(hostname__name=name)
        mine = next(one for one in claims if one.token == standing.token)
        assert owner_of(name) == mine.tenant.slug


def test_a_name_that_changes_hands_in_dns_does_so_here_whatever_is_under_way(
    two: tuple[House, House], dns_zone: Zone, at_once: AtOnce, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("domains.claiming.MOST_NEW_A_DAY", 10 * RACES)
    wrong = []
    for number in range(RACES):
        name, (before, after) = f"n{number}.example", two if number % 2 else two[::-1]
        early, late = claimed(before, name), claimed(after, name)
        dns_zone.set(f"_masthead.{name}", "TXT", f"masthead={early.token}")
        hostname = prove(claim=early)
        dns_zone.set(f"_masthead.{name}", "TXT", f"masthead={late.token}")
        deeds: list[Callable[[], object]] = [partial(look_for, late.pk), partial(look_at, name)]
        if number % 3 == 0:
            deeds.append(partial(make_primary, hostname=hostname))
        if number % 3 == 1:
            deeds.append(partial(release, hostname=hostname))
        assert at_once(*deeds) == []
        # Whoever was in the way, the next look sees the truth.
        look_for(late.pk)
        standing = Standing.objects.get(hostname__name=name)
        if owner_of(name) != after.tenant.slug or standing.token != late.token:
            wrong.append(name)
    assert wrong == []


def test_a_free_name_that_two_take_at_once_is_of_one(two: tuple[House, House], at_once: AtOnce):
    for number in range(RACES):
        name = f"n{number}.sites.test"
        sites = (two[0].sites[TECHBLOG], two[1].sites[LANTERN])
        deeds = [
            partial(claim, tenant=house.tenant, site=site, name=name, by=None)
            for house, site in zip(two, sites, strict=True)
        ]
        assert at_once(*deeds) == []
        assert owner_of(name) in {"acme", "bolt"}
        assert Hostname.objects.filter(name=name).count() == 1


def test_two_who_take_names_of_each_other_in_opposite_order_do_not_wait_in_a_circle(
    two: tuple[House, House], at_once: AtOnce
):
    for number in range(10):
        names = [f"a{number}.example", f"b{number}.example"]
        held = [prove(claim=claimed(house, name)) for house, name in zip(two, names, strict=True)]
        for hostname in held:
            make_primary(hostname=hostname)
        wanted = [claimed(house, name) for house, name in zip(two, reversed(names), strict=True)]
        assert at_once(*(partial(prove, claim=one) for one in wanted)) == []
        assert [owner_of(name) for name in names] == ["bolt", "acme"]
