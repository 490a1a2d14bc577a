"""Certificates in the database: checked before they replace what is there, and again when they are read."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from django.db import transaction
from django.utils import timezone

from domains.models import Certificate
from sites_core.sealing import Unreadable, seal, unseal

log = logging.getLogger(__name__)

PURPOSE = "domains.certificate"
# A clock may be behind the authority's.
SKEW = timedelta(hours=2)


class Unfit(ValueError):
    """This chain and key are not to be served for the name; why, in a sentence."""


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate that may be served: the chain and the key in PEM, the serial in hexadecimal digits."""

    name: str
    chain: str
    key: str
    serial: str
    version: int


def store(
    *, name: str, chain_pem: str, key_pem: bytes, renew_at: datetime | None = None, now: datetime | None = None
) -> Certificate:
    """Keep the certificate as its name's, instead of the one before. Raises Unfit, and that one stays."""
    now = now or timezone.now()
    leaf = fit(name, chain_pem, key_pem)
    not_before, not_after = leaf.not_valid_before_utc, leaf.not_valid_after_utc
    if not not_before - SKEW <= now < not_after:
        raise Unfit("The certificate is not good today.")
    two_thirds = not_before + (not_after - not_before) * 2 / 3
    certificate, _ = Certificate.objects.update_or_create(
        name=name,
        defaults={
            "chain": chain_pem,
            "key": seal(PURPOSE, key_pem),
            "serial": serial_of(leaf),
            "issuer": leaf.issuer.rfc4514_string()[:200],
            "not_before": not_before,
            "not_after": not_after,
            # Never at the last moment, whatever the authority says.
            "renew_at": min(renew_at or two_thirds, not_after - (not_after - not_before) / 10),
            "warned_at": None,
        },
    )
    return certificate


def load(name: str) -> Held | None:
    """The name's certificate; None where there is none, or only a damaged one, which is then ordered anew."""
    row = Certificate.objects.filter(name=name).first()
    return opened(row) if row else None


def opened(row: Certificate) -> Held | None:
    """What a row holds, if that can be read and served."""
    try:
        key = unseal(PURPOSE, bytes(row.key))
        if serial_of(fit(row.name, row.chain, key)) != row.serial:
            raise Unfit("The row's serial is another one.")
    except (Unreadable, Unfit) as error:
        _damaged(row, str(error))
        return None
    return Held(row.name, row.chain, key.decode(), row.serial, row.version)


def fit(name: str, chain_pem: str, key_pem: bytes) -> x509.Certificate:
    """The name's own certificate, first of a chain in which each is signed by the next. Raises Unfit."""
    try:
        chain = x509.load_pem_x509_certificates(chain_pem.encode())
        key = serialization.load_pem_private_key(key_pem, password=None)
        leaf = chain[0]
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        if name not in names.get_values_for_type(x509.DNSName):
            raise Unfit(f"The certificate is not for {name}.")
        if leaf.public_key() != key.public_key():
            raise Unfit("The certificate is of another key.")
        for one, issuer in pairwise(chain):
            one.verify_directly_issued_by(issuer)
    except Unfit:
        raise
    except (ValueError, TypeError, IndexError, InvalidSignature, x509.ExtensionNotFound) as error:
        raise Unfit(f"The certificate or its key cannot be read: {type(error).__name__} {error}") from error
    return leaf


def serial_of(certificate: x509.Certificate) -> str:
    return f"{certificate.serial_number:x}"


def _damaged(row: Certificate, why: str) -> None:
    # Later, because what orders also stores.
    from domains.certificates.ordering import order

    log.error("The certificate of %s is damaged and not served: %s", row.name, why)
    with transaction.atomic():
        order(name=row.name, renewal=True, problem=f"The stored certificate is damaged: {why}")
