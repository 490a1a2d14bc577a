"""Certificates are renewed in time, those of names that are gone are not, and people are told before one is over."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.sites.models import Site
from django.core import mail
from django.core.cache import cache
from django.utils import timezone

from domains.certificates.ordering import order
from domains.certificates.renewing import ask_when, forget_what_is_over, order_what_is_due
from domains.certificates.storing import store
from domains.certificates.warning import warn_of_expiry
from domains.models import Certificate, Order
from sites_core.models import Hostname
from tenants.models import User
from tests.cast import TECHBLOG, acme
from tests.domains.certificates.limiting import limiting_before
from tests.domains.certificates.pebble import Pebble, certificate_of, needs_pebble

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def an_authority(settings) -> Iterator[None]:
    settings.ACME_DIRECTORY = "https://authority.test/dir"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    cache.clear()
    yield
    cache.clear()


def held(name: str, *, left: timedelta) -> Certificate:
    """A certificate of ninety days of which so much is left."""
    chain, key = certificate_of(name, not_before=timezone.now() - 90 * DAY + left)
    return store(name=name, chain_pem=chain, key_pem=key)


def test_what_has_lived_two_thirds_of_its_life_is_ordered_for_its_tenant() -> None:
    house = acme()
    held(TECHBLOG, left=29 * DAY)
    held("financeblog.test", left=31 * DAY)
    assert order_what_is_due() == 1
    assert order_what_is_due() == 0
    renewal = Order.objects.get(renewal=True)
    assert (renewal.name, renewal.tenant) == (TECHBLOG, house.tenant)


@pytest.mark.parametrize("state", ["quarantined", "gone"])
def test_the_certificate_of_a_name_that_is_not_served_is_neither_renewed_nor_kept(state: str) -> None:
    site = Site.objects.create(domain="shop.test", name="Shop")
    Hostname.objects.create(site=site, name="www.shop.test", state="quarantined")
    name = "www.shop.test" if state == "quarantined" else "lantern.test"
    held(name, left=5 * DAY)
    assert order_what_is_due() == 0
    assert not Order.objects.filter(name=name).exists()
    assert forget_what_is_over() == 0
    assert forget_what_is_over(timezone.now() + 6 * DAY) == 1


def test_a_name_that_is_served_keeps_even_a_certificate_that_is_over() -> None:
    Site.objects.create(domain="shop.test", name="Shop")
    held("shop.test", left=DAY)
    assert forget_what_is_over(timezone.now() + 2 * DAY) == 0


def test_the_platform_s_own_fronts_are_ordered_once(settings, tmp_path) -> None:
    settings.ACME_DNS_HOOK = str(tmp_path)
    for _ in range(2):
        order_what_is_due()
    assert sorted(Order.objects.values_list("name", flat=True)) == [
        "*.sites.test", "ops.platform.test", "studio.platform.test",
    ]  # fmt: skip


def test_owners_are_told_a_week_and_a_day_before_the_end_and_no_more_often() -> None:
    acme()
    row = held(TECHBLOG, left=10 * DAY)
    order(name=TECHBLOG, renewal=True, problem="The authority's check of the name failed.")
    told = []
    for hours in range(0, 11 * 24, 6):
        before = len(mail.outbox)
        warn_of_expiry(timezone.now() + timedelta(hours=hours))
        told += [hours] * (len(mail.outbox) - before)
    assert told == [3 * 24 + 0, 9 * 24 + 0] or told == [3 * 24 + 6, 9 * 24 + 6]
    message = mail.outbox[0]
    assert message.to == ["owner@acme.test"]
    assert TECHBLOG in message.subject
    assert "check of the name failed" in message.body
    row.refresh_from_db()
    assert row.warned_at is not None


def test_staff_are_told_of_names_that_nobody_owns() -> None:
    User.objects.create_user("staff@platform.test", "a long enough passphrase", is_staff=True)
    held("studio.platform.test", left=3 * DAY)
    held("stranger.test", left=3 * DAY)
    assert warn_of_expiry() == 1
    assert [message.to for message in mail.outbox] == [["staff@platform.test"]]


@needs_pebble
def test_an_authority_may_want_a_certificate_renewed_at_once(pebble: Pebble, ordering_from) -> None:
    Site.objects.create(domain="shop.test", name="Shop")
    # The certificate of Pebble's kind has what an authority calls it by.
    row = held("shop.test", left=80 * DAY)
    with limiting_before(pebble, timezone.now, orders=100) as (limiting, front):
        limiting.renews_at = timezone.now() - DAY
        ordering_from(front)
        for hour in range(24):
            ask_when(timezone.now().replace(hour=hour))
    row.refresh_from_db()
    assert row.renew_at < timezone.now()
    assert order_what_is_due() == 1
