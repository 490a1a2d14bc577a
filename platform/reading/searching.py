"""Full-text search within one site, in the site's language."""

from datetime import datetime

from reading.asking import rows_of
from reading.cards import CARD, CARD_JOINS, CHOSEN, Card, cards_from
from reading.shown import SHOWN, each
from sites_core.directory import SiteEntry

LONGEST_QUERY = 200
# How many of the newest articles are looked at first, each for all words; how many matches the index gives where these
# have too few; how many articles more are looked at, newest first, where the index would have given more; how many
# matches of either are weighed; and how many of the best are shown.
RECENT, TAKEN, WALKED, WEIGHED, CARDS = 400, 800, 800, 400, 40

# A word that many articles have is found among the newest ones, at a price that the site's size does not change: the
# rest is not asked for. A word that few have is found by the index, at the price of the few; the site is a word of the
# index as well, so that a search costs as much as the site is large and not the platform. A word that many have and the
# newest lack is met by going on a little, and where that does not fill the page, by what the index gave first. A query
# of stop words alone matches nothing.
_WORDS = "websearch_to_tsquery(publishing_search_configuration(%(language)s), %(typed)s)"
# The index knows words but not where they stand: of a phrase it is asked for the words, and the vectors for the phrase.
# Then it is not asked for what the query excludes: an article may have all words of an excluded phrase and not the
# phrase. 'T' stands for no condition at all.
_WANTED = """
    CASE WHEN position('<' IN query::text) = 0 THEN query
         ELSE replace(coalesce(nullif(querytree(query), 'T'), %(site_word)s), '<->', '&')::tsquery END
"""
_NEWEST_FIRST = "ORDER BY placement.go_live DESC, placement.id DESC"


def _entry(matches: str) -> str:
    return each("publishing_searchentry", "entry", f"{matches}.id", column="placement_id")


def statement(*, recent: int, taken: int, walked: int, weighed: int, cards: int) -> str:
    return f"""
WITH words AS MATERIALIZED (
    SELECT query, {_WANTED} AS wanted, position('<' IN query::text) > 0 AS has_phrase
      FROM (SELECT {_WORDS} AS query OFFSET 0) typed
), recent AS MATERIALIZED (
    SELECT placement.id, placement.go_live FROM publishing_placement placement
     WHERE {SHOWN} {_NEWEST_FIRST} LIMIT {recent}
), recent_matches AS MATERIALIZED (
    SELECT recent.id, recent.go_live, entry.vector FROM recent {_entry("recent")}
     WHERE entry.vector @@ (SELECT query FROM words)
), too_few AS MATERIALIZED (
    SELECT numnode((SELECT query FROM words)) > 0
           AND EXISTS (SELECT FROM recent OFFSET {recent - 1})
           AND NOT EXISTS (SELECT FROM recent_matches OFFSET {cards - 1}) AS it
), taken AS MATERIALIZED (
    SELECT placement_id AS id FROM publishing_searchentry entry
     WHERE (SELECT it FROM too_few) AND entry.vector @@ (SELECT %(site_word)s::tsquery)
       AND entry.vector @@ (SELECT wanted FROM words) LIMIT {taken}
), is_common AS MATERIALIZED (
    SELECT EXISTS (SELECT FROM taken OFFSET {taken - 1}) AS it
), walked_matches AS MATERIALIZED (
    SELECT walked.id, walked.go_live, entry.vector
      FROM (SELECT placement.id, placement.go_live FROM publishing_placement placement
             WHERE (SELECT it FROM is_common) AND {SHOWN} {_NEWEST_FIRST} LIMIT {walked} OFFSET {recent}) walked
           {_entry("walked")}
     WHERE entry.vector @@ (SELECT query FROM words) LIMIT {weighed}
), seen AS MATERIALIZED (
    SELECT id, go_live, vector FROM recent_matches UNION ALL SELECT id, go_live, vector FROM walked_matches
), taken_matches AS MATERIALIZED (
    SELECT newest.id, newest.go_live, entry.vector
      FROM (SELECT placement.id, placement.go_live
              FROM taken {each("publishing_placement", "placement", "taken.id")}
             WHERE NOT EXISTS (SELECT FROM seen OFFSET {cards - 1})
                   AND taken.id NOT IN (SELECT id FROM seen) AND {SHOWN} {_NEWEST_FIRST}) newest
           {_entry("newest")}
     WHERE NOT (SELECT has_phrase FROM words) OR entry.vector @@ (SELECT query FROM words) LIMIT {weighed}
), matches AS (
    SELECT id, go_live, vector FROM seen UNION ALL SELECT id, go_live, vector FROM taken_matches
), best AS MATERIALIZED (
    SELECT id, row_number() OVER (ORDER BY rank DESC, go_live DESC, id DESC) AS place
      FROM (SELECT id, go_live, ts_rank(vector, (SELECT query FROM words)) AS rank FROM matches) ranked
     ORDER BY place LIMIT {cards}
)
SELECT {CARD}
  FROM (SELECT {CHOSEN}, best.place FROM best {each("publishing_placement", "placement", "best.id")}) placement
       {CARD_JOINS}
 ORDER BY placement.place
"""  # noqa: S608 -- made of constants and numbers


_FOUND = statement(recent=RECENT, taken=TAKEN, walked=WALKED, weighed=WEIGHED, cards=CARDS)


def cut(typed: str) -> str:
    """The first whole words of what was typed, at most LONGEST_QUERY characters, single spaces between."""
    words = " ".join(typed.split())
    if len(words) <= LONGEST_QUERY:
        return words
    whole, _, _ = words[: LONGEST_QUERY + 1].rpartition(" ")
    return whole or words[:LONGEST_QUERY]


def found(site: SiteEntry, typed: str, now: datetime) -> list[Card]:
    """The best matches, best first, at most CARDS; in one statement."""
    rows = rows_of(site.id, _FOUND, site_word=f"'@{site.id}'", now=now, language=site.brand.language, typed=typed)
    return cards_from(rows)
