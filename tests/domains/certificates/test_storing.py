"""A certificate is checked before it replaces another one, and one that is damaged is neither served nor in the way."""

from datetime import timedelta

import pytest
from django.contrib.sites.models import Site
from django.utils import timezone

from domains.certificates.storing import PURPOSE, Unfit, load, store
from domains.models import Certificate, Order
from sites_core.sealing import seal
from tests.domains.certificates.pebble import certificate_of

NAME = "shop.test"


@pytest.fixture
def stored(db: None, settings) -> Certificate:
    settings.ACME_DIRECTORY = "https://authority.test/dir"
    Site.objects.create(domain=NAME, name=NAME)
    chain, key = certificate_of(NAME)
    return store(name=NAME, chain_pem=chain, key_pem=key)


def test_what_was_stored_is_read_and_lies_there_sealed(stored: Certificate) -> None:
    held = load(NAME)
    assert held is not None
    assert (held.name, held.serial, held.chain) == (NAME, stored.serial, stored.chain)
    assert "PRIVATE KEY" in held.key
    assert held.key.encode() not in bytes(stored.key)


def test_it_is_renewed_at_two_thirds_of_its_life_or_when_the_authority_says(db: None) -> None:
    chain, key = certificate_of(NAME, life=timedelta(days=90))
    by_age = store(name=NAME, chain_pem=chain, key_pem=key)
    assert by_age.renew_at - by_age.not_before == timedelta(days=60)
    asked = timezone.now() + timedelta(days=3)
    assert store(name=NAME, chain_pem=chain, key_pem=key, renew_at=asked).renew_at == asked
    never = timezone.now() + timedelta(days=900)
    assert store(name=NAME, chain_pem=chain, key_pem=key, renew_at=never).renew_at < by_age.not_after


def test_each_write_has_a_higher_version(stored: Certificate) -> None:
    before = Certificate.objects.get(pk=stored.pk).version
    chain, key = certificate_of("lantern.test")
    store(name="lantern.test", chain_pem=chain, key_pem=key)
    assert [one.name for one in Certificate.objects.filter(version__gt=before)] == ["lantern.test"]


def _other_name() -> tuple[str, bytes]:
    return certificate_of("lantern.test")


def _other_key() -> tuple[str, bytes]:
    return certificate_of(NAME)[0], certificate_of(NAME)[1]


def _over() -> tuple[str, bytes]:
    return certificate_of(NAME, not_before=timezone.now() - timedelta(days=100))


def _mixed() -> tuple[str, bytes]:
    chain, key = certificate_of(NAME)
    leaf = chain.split("-----END CERTIFICATE-----")[0] + "-----END CERTIFICATE-----\n"
    return leaf + certificate_of(NAME)[0].split("-----END CERTIFICATE-----\n")[1] + "-----END CERTIFICATE-----\n", key


def _garbage() -> tuple[str, bytes]:
    return "<html>", certificate_of(NAME)[1]


@pytest.mark.parametrize("made", [_other_name, _other_key, _over, _mixed, _garbage])
def test_what_does_not_fit_replaces_nothing(stored: Certificate, made) -> None:
    chain, key = made()
    with pytest.raises(Unfit):
        store(name=NAME, chain_pem=chain, key_pem=key)
    held = load(NAME)
    assert held is not None
    assert held.serial == stored.serial


@pytest.mark.parametrize(
    "damage",
    [
        {"key": b"gAAAAAB-not-sealed-by-us"},
        {"key": seal("domains.account", b"for another purpose")},
        {"key": seal(PURPOSE, b"-----BEGIN PRIVATE KEY-----\nbroken\n-----END PRIVATE KEY-----\n")},
        {"key": seal(PURPOSE, certificate_of(NAME)[1])},
        {"chain": "-----BEGIN CERTIFICATE-----\nbroken\n-----END CERTIFICATE-----\n"},
        {"chain": ""},
        {"serial": "1"},
    ],
)
def test_a_damaged_one_is_not_served_is_ordered_anew_and_blocks_nobody(stored: Certificate, damage, caplog) -> None:
    chain, key = certificate_of("lantern.test")
    store(name="lantern.test", chain_pem=chain, key_pem=key)
    Certificate.objects.filter(name=NAME).update(**damage)
    assert load(NAME) is None
    assert load("lantern.test") is not None
    waiting = Order.objects.get()
    assert (waiting.name, waiting.renewal, waiting.state) == (NAME, True, "waiting")
    assert "damaged" in waiting.problem
    assert f"The certificate of {NAME} is damaged" in caplog.text
