"""Full-text search within one site, in the site's language."""

from datetime import datetime

from django.db import connection

from reading.shelves import Card, these
from reading.shown import SHOWN
from sites_core.directory import SiteEntry
from tenants.scope import of_site

LONGEST_QUERY = 200
# How many matches are weighed, newest first, and how many of the best are shown: a word that every article has costs
# no more than a thousand of them.
WEIGHED, CARDS = 1000, 40

# The site is a word of the index as well, so that a search costs as much as the site is large and not the platform. A
# query of stop words alone matches nothing.
_BEST = f"""
WITH words AS MATERIALIZED (
    SELECT websearch_to_tsquery(publishing_search_configuration(%(language)s), %(typed)s) AS query
), weighed AS MATERIALIZED (
    SELECT publishing_placement.id, publishing_placement.go_live, entry.vector
      FROM publishing_placement
      JOIN publishing_searchentry entry ON entry.placement_id = publishing_placement.id
     WHERE entry.vector @@ %(site_word)s::tsquery
       AND entry.vector @@ websearch_to_tsquery(publishing_search_configuration(%(language)s), %(typed)s)
       AND {SHOWN}
     ORDER BY publishing_placement.go_live DESC, publishing_placement.id DESC LIMIT {WEIGHED}
)
SELECT weighed.id FROM weighed, words
 ORDER BY ts_rank(weighed.vector, words.query) DESC, weighed.go_live DESC, weighed.id DESC LIMIT {CARDS}
"""  # noqa: S608 -- made of constants


def cut(typed: str) -> str:
    """The first whole words of what was typed, at most LONGEST_QUERY characters, single spaces between."""
    words = " ".join(typed.split())
    if len(words) <= LONGEST_QUERY:
        return words
    whole, _, _ = words[: LONGEST_QUERY + 1].rpartition(" ")
    return whole or words[:LONGEST_QUERY]


def found(site: SiteEntry, typed: str, now: datetime) -> list[Card]:
    """The best matches, best first, at most CARDS; in two statements."""
    asked: dict[str, int | str | datetime] = {
        "site": site.id,
        "site_word": f"'@{site.id}'",
        "now": now,
        "language": site.brand.language,
        "typed": typed,
    }
    with of_site(site.id), connection.cursor() as cursor:
        cursor.execute(_BEST, asked)
        keys = [key for (key,) in cursor.fetchall()]
    return these(site.id, now, keys) if keys else []
