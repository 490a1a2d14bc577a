"""The statement of a search: what is looked at, what is weighed, and what of it is shown.

A word that many articles have is found among the newest ones, at a price that the site's size does not change: the
rest is not asked for. A word that few have is found by the index, at the price of the few; the site is a word of the
index as well, so that a search costs as much as the site is large and not the platform. A word that many have and the
newest lack is met by going on a little, and where that does not fill a page, by what the index gave first. A query of
stop words alone matches nothing.

A topic or a year narrows what is looked at from the first article on, so that "the newest" are the newest of them.
Where no article has the words, the newest are looked at once more, for words that begin so: the index could tell as
well, but at the price of the whole platform.
"""

from dataclasses import dataclass

from reading.columns import ARTICLE, BYLINES, SECTION, SUMMARY, TITLE
from reading.searching.passages import BEFORE, END, PART, START, WINDOW
from reading.shown import SHOWN, each


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many of the newest articles are looked at first, each for all words; how many matches the index gives where
    fewer than `enough` of these match; how many articles more are looked at, newest first, where the index would have
    given more; how many matches of either are weighed; how many of the best make a page; and how many topics are told.
    """

    recent: int = 400
    taken: int = 800
    walked: int = 800
    weighed: int = 400
    enough: int = 40
    shown: int = 20
    topics: int = 12


BOUNDS = Bounds()
# Of a text, where its passage is looked for.
_READ = 20_000
# Of the words of a query, those that are looked for in the texts.
_SOUGHT = 8

# The index knows words but not where they stand: of a phrase it is asked for the words, and the vectors for the phrase.
# Then it is not asked for what the query excludes: an article may have all words of an excluded phrase and not the
# phrase. 'T' stands for no condition at all.
_WORDS = r"""
    SELECT config, query, position('<' IN query::text) > 0 AS has_phrase,
           CASE WHEN position('<' IN query::text) = 0 THEN query
                ELSE replace(coalesce(nullif(querytree(query), 'T'), %(site_word)s), '<->', '&')::tsquery END AS wanted,
           regexp_replace(query::text, '''([^'']|''''){3,}''', '\&:*', 'g')::tsquery AS beginnings
      FROM (SELECT config, websearch_to_tsquery(config, %(typed)s) AS query
              FROM (SELECT publishing_search_configuration(%(language)s) AS config OFFSET 0) site OFFSET 0) typed
"""
# What is told of the topic that narrows the search, if the site shows anything of it.
_TOPIC = f"""
    SELECT topic.id, topic.name FROM tenants_ownership ownership JOIN publishing_topic topic USING (tenant_id)
     WHERE ownership.site_id = %(site)s AND topic.slug = %(topic)s AND EXISTS (
        SELECT FROM (
            SELECT placement_id FROM publishing_topicplacement listing
             WHERE listing.topic_id = topic.id AND listing.site_id = %(site)s AND listing.go_live <= %(now)s OFFSET 0
        ) listing {each("publishing_placement", "placement", "listing.placement_id")} WHERE {SHOWN} OFFSET 0)
"""  # noqa: S608 -- made of constants


_NEWEST_FIRST = "ORDER BY placement.go_live DESC, placement.id DESC"
_OF_SITE = f"FROM publishing_placement placement WHERE {SHOWN}"
_LISTED = "listing.topic_id = (SELECT id FROM topic) AND listing.site_id = %(site)s AND listing.go_live <= %(now)s"
_OF_TOPIC = f"""
    FROM publishing_topicplacement listing {each("publishing_placement", "placement", "listing.placement_id")}
   WHERE {_LISTED} AND {SHOWN}
"""
# The planner takes a range of one column for a small part of a site, and would then rather read all of it than go down
# its list; of rows it thinks better.
_OF_YEAR = """
    AND (placement.go_live, placement.id) >= (%(since)s, 0) AND (placement.go_live, placement.id) < (%(until)s, 0)
"""
_LISTED_OF_YEAR = _OF_YEAR.replace("placement.id", "listing.placement_id").replace("placement.go", "listing.go")
_HAS_TOPIC = """
    AND EXISTS (SELECT FROM publishing_topicplacement WHERE placement_id = placement.id
                   AND topic_id = (SELECT id FROM topic) OFFSET 0)
"""


def _entry(matches: str) -> str:
    return each("publishing_searchentry", "entry", f"{matches}.id", column="placement_id")


def _few(placements: str) -> str:
    """The same rows, of which the planner thinks that they are ten, however many the site has.

    It keeps one plan for all sites as long as this looks no dearer than the plan for the one that is asked; else it
    plans each search anew, which takes it longer than most searches take.
    """
    return f"""
        SELECT unnest(ids) AS id, unnest(moments) AS go_live
          FROM (SELECT array_agg(id) AS ids, array_agg(go_live) AS moments FROM ({placements}) chosen) gathered
    """  # noqa: S608


def _matches(bounds: Bounds, *, of_topic: bool, of_year: bool) -> str:
    """Placements that match, with their vectors, from one of three sources; and what tells how complete they are."""
    narrowed = f"{_HAS_TOPIC if of_topic else ''} {_OF_YEAR if of_year else ''}"
    within = (_LISTED_OF_YEAR if of_topic else _OF_YEAR) if of_year else ""
    newest = f"SELECT placement.id, placement.go_live {_OF_TOPIC if of_topic else _OF_SITE} {within}"
    order = "ORDER BY listing.go_live DESC, listing.placement_id DESC" if of_topic else _NEWEST_FIRST
    further = f"{newest} AND (SELECT it FROM is_common) {order} LIMIT {bounds.walked} OFFSET {bounds.recent}"  # noqa: S608
    return f"""
recent AS MATERIALIZED ({_few(f"{newest} {order} LIMIT {bounds.recent}")}),
recent_matches AS MATERIALIZED (
    SELECT recent.id, recent.go_live, entry.vector FROM recent {_entry("recent")}
     WHERE entry.vector @@ (SELECT query FROM words)
), has_more AS MATERIALIZED (
    SELECT EXISTS (SELECT FROM recent OFFSET {bounds.recent - 1}) AS it
), too_few AS MATERIALIZED (
    SELECT numnode((SELECT query FROM words)) > 0 AND (SELECT it FROM has_more)
           AND NOT EXISTS (SELECT FROM recent_matches OFFSET {bounds.enough - 1}) AS it
), taken AS MATERIALIZED (
    SELECT placement_id AS id FROM publishing_searchentry entry
     WHERE (SELECT it FROM too_few) AND entry.vector @@ (SELECT %(site_word)s::tsquery)
       AND entry.vector @@ (SELECT wanted FROM words) LIMIT {bounds.taken}
), is_common AS MATERIALIZED (
    SELECT EXISTS (SELECT FROM taken OFFSET {bounds.taken - 1}) AS it
), walked_matches AS MATERIALIZED (
    SELECT walked.id, walked.go_live, entry.vector
      FROM ({_few(further)}) walked {_entry("walked")}
     WHERE entry.vector @@ (SELECT query FROM words) LIMIT {bounds.weighed}
), seen AS MATERIALIZED (
    SELECT id, go_live, vector FROM recent_matches UNION ALL SELECT id, go_live, vector FROM walked_matches
), taken_matches AS MATERIALIZED (
    SELECT newest.id, newest.go_live, entry.vector
      FROM (SELECT placement.id, placement.go_live
              FROM taken {each("publishing_placement", "placement", "taken.id")}
             WHERE NOT EXISTS (SELECT FROM seen OFFSET {bounds.enough - 1})
                   AND taken.id NOT IN (SELECT id FROM seen) AND {SHOWN} {narrowed} {_NEWEST_FIRST}) newest
           {_entry("newest")}
     WHERE NOT (SELECT has_phrase FROM words) OR entry.vector @@ (SELECT query FROM words) LIMIT {bounds.weighed}
), matches AS MATERIALIZED (
    SELECT id, go_live, vector FROM seen UNION ALL SELECT id, go_live, vector FROM taken_matches
), begun AS MATERIALIZED (
    SELECT recent.id, recent.go_live, entry.vector FROM recent {_entry("recent")}
     WHERE NOT EXISTS (SELECT FROM matches) AND entry.vector @@ (SELECT beginnings FROM words)
), told AS MATERIALIZED (
    SELECT EXISTS (SELECT FROM begun) AS is_begun,
           NOT (SELECT it FROM has_more)
           OR NOT EXISTS (SELECT FROM begun) AND (SELECT it FROM too_few) AND NOT (SELECT it FROM is_common)
              AND NOT EXISTS (SELECT FROM taken_matches OFFSET {bounds.weighed - 1}) AS is_exact
), weighed AS MATERIALIZED (
    SELECT id, go_live, ts_rank(vector, (SELECT query FROM words)) AS rank FROM matches
    UNION ALL
    SELECT id, go_live, ts_rank(vector, (SELECT beginnings FROM words)) FROM begun
)"""  # noqa: S608


# Each year is one step down a list's index, as the archive's months are.
_NEWEST_OF_SITE = f"SELECT max(go_live) AS newest FROM publishing_placement placement WHERE {SHOWN}"  # noqa: S608
_NEWEST_OF_TOPIC = f"SELECT max(go_live) AS newest FROM publishing_topicplacement listing WHERE {_LISTED}"  # noqa: S608


def _years(*, of_topic: bool) -> str:
    """The years of what was weighed, each with how many of it; where more was there, every year that has something."""
    newest = _NEWEST_OF_TOPIC if of_topic else _NEWEST_OF_SITE
    return f"""
further AS (
    SELECT newest, date_trunc('year', newest AT TIME ZONE %(zone)s) AS start
      FROM ({newest} AND NOT (SELECT is_exact FROM told)) first
    UNION ALL
    SELECT before.newest, date_trunc('year', before.newest AT TIME ZONE %(zone)s)
      FROM further, LATERAL (
        {newest} AND go_live < least(further.newest, further.start AT TIME ZONE %(zone)s)) before
     WHERE further.newest IS NOT NULL
), years AS (
    SELECT json_agg(json_build_array(year, articles) ORDER BY year DESC) AS them FROM (
        SELECT extract(year FROM start)::int AS year, sum(articles) AS articles FROM (
            SELECT go_live AT TIME ZONE %(zone)s AS start, 1 AS articles FROM weighed
            UNION ALL SELECT start, 0 FROM further WHERE newest IS NOT NULL
        ) counted GROUP BY 1
    ) years
)"""  # noqa: S608


def _topics(bounds: Bounds) -> str:
    """The topics that most of what was weighed has, each with how many."""
    return f"""
topics AS (
    SELECT json_agg(json_build_array(topic.slug, topic.name, most.articles)
                    ORDER BY most.articles DESC, topic.name) AS them
      FROM (SELECT filed.topic_id, count(*) AS articles FROM weighed, LATERAL (
                SELECT topic_id FROM publishing_topicplacement WHERE placement_id = weighed.id OFFSET 0) filed
             GROUP BY filed.topic_id ORDER BY articles DESC, filed.topic_id LIMIT {bounds.topics}) most
           {each("publishing_topic", "topic", "most.topic_id")}
)"""  # noqa: S608


# Where a text has the words, without asking the parser: at the first occurrence of the word that comes last, before
# which the others have come already. The words are stems, which most words of the text begin with, or all but the last
# letter of them. COLLATE "C" changes ASCII letters alone: at a fifth of the price, and no letter becomes two; any other
# letter is looked for as a capital, too.
_SOUGHT_WORDS = f"""
    SELECT DISTINCT written
      FROM (SELECT lexeme FROM unnest(tsvector_to_array(to_tsvector((SELECT config FROM words), %(typed)s))) lexeme
             LIMIT {_SOUGHT}) typed, LATERAL (VALUES (lexeme), (lower(initcap(lexeme) COLLATE "C"))) spelt (written)
"""  # noqa: S608
_PLACE = """
    SELECT max(coalesce(
        nullif(strpos(body.lowered, ' ' || written), 0), nullif(strpos(body.lowered, written), 0),
        strpos(body.lowered, left(written, greatest(3, length(written) - 1))))) FROM sought
"""


def _plain(text: str) -> str:
    """Without the marks, whoever put them there."""
    return f"translate({text}, '{START}{END}{PART}', '')"


# What the words are marked in: the title, and the text around them, or else the summary. One call for both. With
# HighlightAll it marks words and nothing else: to weigh passages would cost it as much as a query can be made to cost.
_WINDOW_INTO = f"""
    CASE WHEN place.found_at > 0 THEN substr(body.text, greatest(place.found_at - {BEFORE}, 1), {WINDOW})
         ELSE left(coalesce(nullif(shown.summary, ''), body.text), {WINDOW}) END
"""
_MARKED = f"""
    LEFT JOIN LATERAL (SELECT {TITLE} AS title, {SUMMARY} AS summary OFFSET 0) shown ON true
    LEFT JOIN LATERAL (SELECT left(article.text, {_READ}) AS text OFFSET 0) read ON true
    LEFT JOIN LATERAL (SELECT read.text, lower(read.text COLLATE "C") AS lowered OFFSET 0) body ON true
    LEFT JOIN LATERAL (SELECT ({_PLACE}) AS found_at OFFSET 0) place ON true
    LEFT JOIN LATERAL (
        SELECT {_plain("shown.title")} || ' {PART} ' || {_plain(_WINDOW_INTO)} AS words OFFSET 0
    ) plain ON true
"""
_HEADLINE = f"""
    coalesce(ts_headline((SELECT config FROM words), plain.words, (
        SELECT nullif(querytree(CASE WHEN is_begun THEN beginnings ELSE query END), 'T')::tsquery FROM words, told
    ), 'HighlightAll=true, StartSel={START}, StopSel={END}'), plain.words)
"""  # noqa: S608


# Of the page; where it has no article, there is one row.
_IS_FIRST = "coalesce(page.place, 0) <= %(skipped)s + 1"


def statement(bounds: Bounds = BOUNDS, *, of_topic: bool, of_year: bool) -> str:
    """Rows of (how many were weighed, whether these are all, whether words only begin so, whether there was a word,
    the topic's name, topics, years), each with an article of the page, or with NULL where there is none.

    Topics and years stand in the first row alone, as lists in JSON: (slug, name, articles) and (year, articles). What
    narrows the search already is not told. Each combination is a text of its own: a condition that excludes nothing
    would make PostgreSQL expect too little of the plan that it keeps, and plan anew each time.
    """
    topics, years = not of_topic, not of_year
    return f"""
WITH RECURSIVE words AS MATERIALIZED ({_WORDS}), sought AS MATERIALIZED ({_SOUGHT_WORDS}),
{f"topic AS MATERIALIZED ({_TOPIC})," if of_topic else ""}
{_matches(bounds, of_topic=of_topic, of_year=of_year)},
{f"{_topics(bounds)}," if topics else ""}
{f"{_years(of_topic=of_topic)}," if years else ""}
placed AS MATERIALIZED (
    SELECT id, row_number() OVER (ORDER BY rank DESC, go_live DESC, id DESC) AS place
      FROM weighed ORDER BY place LIMIT {bounds.shown} OFFSET %(skipped)s
)
SELECT (SELECT count(*) FROM weighed), told.is_exact, told.is_begun, numnode((SELECT query FROM words)) > 0,
       {"(SELECT name FROM topic)" if of_topic else "NULL"},
       {f"CASE WHEN {_IS_FIRST} THEN (SELECT them FROM topics) END" if topics else "NULL"},
       {f"CASE WHEN {_IS_FIRST} THEN (SELECT them FROM years) END" if years else "NULL"}, page.*
  FROM told LEFT JOIN LATERAL (
    SELECT placed.place, placement.slug, {_HEADLINE}, place.found_at > {BEFORE} + 1, {SUMMARY}, placement.go_live,
           article.word_count, article.language, section.slug, section.name, {BYLINES}
      FROM placed {each("publishing_placement", "placement", "placed.id")} {ARTICLE} {SECTION} {_MARKED}
  ) page ON true
 ORDER BY page.place
"""  # noqa: S608 -- made of constants and numbers
