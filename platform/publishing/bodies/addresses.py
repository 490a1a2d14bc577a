"""Addresses as RFC 3986 has them. Browsers forgive more than that, feed readers and validators do not."""

import re
from html import escape, unescape
from urllib.parse import quote

_NOT_PLAIN = re.compile(r"[\x00-\x20\"<>\[\\\]^`{|}\x7f#]|%(?![0-9A-Fa-f]{2})")
_SLASHES = re.compile(r"(https?:)/{3,}", re.IGNORECASE)
_HOST = re.compile(r"(?:https?:)?//[^/?#]*", re.IGNORECASE)


def tidy(written: str) -> str:
    """An attribute's value, escaped: the address that a browser would ask for, spelt as the standard wants it."""
    address = unescape(written).strip()
    if _NOT_PLAIN.search(address) is None and "///" not in address:
        return written
    address = _SLASHES.sub(r"\1//", address)
    # An address of IPv6 has its brackets.
    host = _HOST.match(address)
    start = host.end() if host else 0
    before, mark, fragment = address[start:].partition("#")
    return escape(f"{address[:start]}{_quoted(before)}{mark}{_quoted(fragment)}")


def last_part(written: str) -> str:
    """What an address is called that has no other name, escaped: its file's name, or its host's."""
    path = re.split("[?#]", unescape(written), maxsplit=1)[0]
    return escape(path.rstrip("/").rpartition("/")[2] or unescape(written))


def _quoted(part: str) -> str:
    return _NOT_PLAIN.sub(lambda found: quote(found[0], safe=""), part)
