"""What of a query can shape a page: links carry marks of campaigns, and each of them must not be a page of its own."""

import re

# What the reader's views read. A name that is not plainly spelt may be one of them percent-encoded.
SHAPING = frozenset({"before", "q", "v"})
_PLAIN = re.compile(r"[A-Za-z0-9_.-]+\Z", re.ASCII)
# Longer ones are left to Django, which refuses a thousand fields.
LONGEST = 500


def shaping(query: str) -> str | None:
    """The pairs of a raw query that may matter to a view, as they are written; None for one that is too long."""
    if len(query) > LONGEST:
        return None
    return "&".join(pair for pair in query.split("&") if pair and not _is_idle(pair.partition("=")[0]))


def _is_idle(name: str) -> bool:
    return name not in SHAPING and _PLAIN.match(name) is not None
