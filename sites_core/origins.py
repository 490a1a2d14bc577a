"""Absolute URLs, made from Site rows and settings and never from a request."""

from django.conf import settings

_SCHEME_PORTS = {"http": 80, "https": 443}


def authority(hostname: str) -> str:
    """The hostname with the public port where the scheme does not imply it."""
    implied = _SCHEME_PORTS[settings.PUBLIC_SCHEME] == settings.PUBLIC_PORT
    return hostname if implied else f"{hostname}:{settings.PUBLIC_PORT}"


def origin(hostname: str) -> str:
    """Scheme and authority of a canonical hostname, without a trailing slash."""
    return f"{settings.PUBLIC_SCHEME}://{authority(hostname)}"
