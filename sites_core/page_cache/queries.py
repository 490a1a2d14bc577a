"""What of a query can shape a page: links carry marks of campaigns, and none of them must be a page of its own."""

from urllib.parse import unquote_plus

# What the reader's views read.
SHAPING = frozenset({"before", "q", "topic", "year", "page"})
# Longer ones are left to Django, which refuses a thousand fields.
LONGEST = 500


def shaping(query: str) -> str | None:
    """The pairs of a raw query that a view may read, as they are written; None for a query that is too long.

    Names are decoded as Django's QueryDict decodes them.
    """
    if len(query) > LONGEST:
        return None
    return "&".join(pair for pair in query.split("&") if unquote_plus(pair.partition("=")[0]) in SHAPING)
