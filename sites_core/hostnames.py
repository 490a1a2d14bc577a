"""The one spelling of a hostname: lower-case ASCII, letters, digits and hyphens, A-labels, no port, no trailing dot."""

import re
from collections.abc import Container

import idna
from django.core.exceptions import ValidationError

# RFC 1123 labels. A hyphen in third and fourth place is reserved (RFC 5891) and only "xn--" has a meaning; a last label
# of digits alone would be an IPv4 address. The database holds the same rules as CHECK constraints.
_LABEL = r"(?!(?!xn--)..--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOSTNAME = re.compile(rf"(?=.{{1,253}}\Z)(?:{_LABEL}\.)*(?![0-9]+\Z){_LABEL}\Z")
_PORT = re.compile(r"[0-9]{1,5}\Z", re.ASCII)
# hostname + trailing dot + ":65535": nothing longer can be right, so nothing longer is looked at.
_LONGEST_HOST_HEADER = 253 + 1 + 6


class MalformedHost(ValueError):
    """Not a spelling of any hostname."""


def canonical_host(header: str, ports: Container[int]) -> str:
    """The hostname that a Host header names.

    Folds case, one trailing dot and a port out of `ports`; everything else that differs from the canonical spelling
    raises MalformedHost: IP addresses, user info, Unicode, lists, white space.
    """
    if len(header) > _LONGEST_HOST_HEADER or not header.isascii():
        raise MalformedHost
    name, colon, port = header.partition(":")
    if colon and not (_PORT.match(port) and int(port) in ports):
        raise MalformedHost
    name = name.lower().removesuffix(".")
    if not _HOSTNAME.match(name):
        raise MalformedHost
    return name


def hostname_from_text(text: str) -> str:
    """The canonical spelling of what a person typed, Unicode or punycode (IDNA 2008).

    Raises ValidationError with a sentence that says what is wrong with it.
    """
    typed = text.strip()
    name = typed.lower().removesuffix(".")
    try:
        # Strict: no compatibility mapping, so a look-alike such as "ſ" or a full-width letter is refused, not folded.
        name = idna.encode(name).decode("ascii") if not name.isascii() else name
        for label in name.split("."):
            if label.startswith("xn--"):
                idna.ulabel(label)
    except idna.IDNAError as error:
        raise ValidationError(f"“{typed}” is not a valid internationalised hostname: {error}.") from error
    if not _HOSTNAME.match(name):
        raise ValidationError(
            f"“{typed}” is not a hostname. Give the name alone, such as techblog.example: "
            "no scheme, port, path or address, and only letters, digits and hyphens between the dots."
        )
    return name


def unicode_hostname(name: str) -> str:
    """The spelling for people's eyes of a canonical hostname."""
    try:
        return idna.decode(name)
    except idna.IDNAError:
        return name
