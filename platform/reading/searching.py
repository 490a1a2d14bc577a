"""Full-text search within one site, in the site's language."""

from datetime import datetime

from reading.asking import rows_of
from reading.cards import CARD, CARD_JOINS, CHOSEN, Card, cards_from
from reading.shown import SHOWN, each
from sites_core.directory import SiteEntry

LONGEST_QUERY = 200
# How many of the newest articles are looked at first, each for all words; how many matches are weighed, newest first,
# where these have too few; and how many of the best are shown.
RECENT, WEIGHED, CARDS = 400, 400, 40

# A word that many articles have is found among the newest ones, at a price that the site's size does not change: the
# rest is not asked for. A word that few have is found by the index, at the price of the few; the site is a word of the
# index as well, so that a search costs as much as the site is large and not the platform. A query of stop words alone
# matches nothing. It is made once, but for the index: the planner estimates by the words themselves.
_WORDS = "websearch_to_tsquery(publishing_search_configuration(%(language)s), %(typed)s)"
_NEWEST_FIRST = "ORDER BY placement.go_live DESC, placement.id DESC"


def _entry(matches: str) -> str:
    return each("publishing_searchentry", "entry", f"{matches}.id", column="placement_id")


def statement(*, recent: int, weighed: int, cards: int) -> str:
    return f"""
WITH words AS MATERIALIZED (
    SELECT {_WORDS} AS query
), recent AS MATERIALIZED (
    SELECT placement.id, placement.go_live FROM publishing_placement placement
     WHERE {SHOWN} {_NEWEST_FIRST} LIMIT {recent}
), recent_matches AS MATERIALIZED (
    SELECT recent.id, recent.go_live, entry.vector FROM recent {_entry("recent")}
     WHERE entry.vector @@ (SELECT query FROM words)
), is_rare AS MATERIALIZED (
    SELECT EXISTS (SELECT FROM recent OFFSET {recent - 1})
           AND NOT EXISTS (SELECT FROM recent_matches OFFSET {cards - 1}) AS it
), all_matches AS MATERIALIZED (
    SELECT placement_id FROM publishing_searchentry entry
     WHERE (SELECT it FROM is_rare) AND entry.vector @@ %(site_word)s::tsquery AND entry.vector @@ {_WORDS}
), newest_matches AS MATERIALIZED (
    SELECT placement.id, placement.go_live
      FROM all_matches JOIN publishing_placement placement ON placement.id = all_matches.placement_id
     WHERE {SHOWN} {_NEWEST_FIRST} LIMIT {weighed}
), matches AS (
    SELECT id, go_live, vector FROM recent_matches WHERE NOT (SELECT it FROM is_rare)
    UNION ALL SELECT newest_matches.id, go_live, vector FROM newest_matches {_entry("newest_matches")}
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


_FOUND = statement(recent=RECENT, weighed=WEIGHED, cards=CARDS)


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
