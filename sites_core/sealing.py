"""Secrets that the database keeps and the application must read again: encrypted with keys made from SECRET_KEY."""

from base64 import urlsafe_b64encode
from functools import cache
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes

__all__ = ["Unreadable", "seal", "unseal"]


class Unreadable(ValueError):
    """Not sealed for this purpose with any SECRET_KEY that is still good."""


def seal(purpose: str, secret: bytes) -> bytes:
    """The secret as it may lie in a database. What is sealed for one purpose opens for no other."""
    return _box(purpose).encrypt(secret)


def unseal(purpose: str, sealed: bytes) -> bytes:
    """What `seal` was given. Raises Unreadable."""
    try:
        return _box(purpose).decrypt(sealed)
    except InvalidToken as error:
        raise Unreadable(f"It was not sealed for {purpose} with a SECRET_KEY that is still good.") from error


def _box(purpose: str) -> MultiFernet:
    return _boxes(purpose, (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@cache
def _boxes(purpose: str, secrets: tuple[str | bytes, ...]) -> MultiFernet:
    """A key of the purpose's own from each secret; the first encrypts."""
    digests = [sha256(purpose.encode() + force_bytes(secret)).digest() for secret in secrets]
    return MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])
