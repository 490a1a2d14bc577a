"""The platform's account at a certificate authority: made once, and kept with its key sealed."""

import logging

from acme import errors, messages
from acme.client import ClientV2
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db import connection, transaction
from josepy.jwk import JWK, JWKEC

from domains.certificates.network import Network
from domains.models import Account
from sites_core.sealing import Unreadable, seal, unseal

log = logging.getLogger(__name__)

PURPOSE = "domains.account"


@transaction.atomic
def registered(directory: str, *, unknown: str = "") -> tuple[JWK, messages.RegistrationResource]:
    """The account at the authority whose directory this is, and its key; made where there is none.

    `unknown`: the address of an account that the authority says it does not have (any more). The key stays the same.
    """
    with connection.cursor() as cursor:
        # Two processes would make two accounts, each with limits of its own and one of them lost.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"domains.account {directory}"])
    kept = Account.objects.filter(directory=directory).first()
    pem = _opened(kept)
    if kept and pem and kept.uri != unknown:
        return _key(pem), messages.RegistrationResource(uri=kept.uri, body=messages.Registration())
    pem = pem or new_key()
    account = _register(directory, _key(pem))
    Account.objects.update_or_create(directory=directory, defaults={"uri": account.uri, "key": seal(PURPOSE, pem)})
    return _key(pem), account


def new_key() -> bytes:
    """A private key of EC P-256, in PEM."""
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _opened(account: Account | None) -> bytes | None:
    try:
        return unseal(PURPOSE, bytes(account.key)) if account else None
    except Unreadable:
        log.error("The key of the account at %s cannot be read. Another account is made.", account)
        return None


def _key(pem: bytes) -> JWK:
    return JWKEC(key=serialization.load_pem_private_key(pem, password=None))


def _register(directory: str, key: JWK) -> messages.RegistrationResource:
    network = Network(key, bundle=settings.ACME_CA_BUNDLE)
    client = ClientV2(ClientV2.get_directory(directory, network), network)
    wanted = messages.NewRegistration.from_data(email=settings.ACME_EMAIL or None, terms_of_service_agreed=True)
    try:
        account = client.new_account(wanted)
    except errors.ConflictError as known:
        return messages.RegistrationResource(uri=known.location, body=messages.Registration())
    finally:
        network.session.close()
    log.info("Registered at %s as %s.", directory, account.uri)
    return account
