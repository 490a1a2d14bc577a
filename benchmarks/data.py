"""The data set: sites, articles and where they are placed; the same rows with every run, loaded by COPY.

The triggers sleep meanwhile, except those that make a site's own rows, and bulk statements write what they would have
written: a test compares the two. A body is one of a few hundred, so that PostgreSQL makes the search words of each only
once; title and summary are each article's own. Revisions, which no reader meets, are left out.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from benchmarks.prose import RARE, SEED, Writer

SITES_A_TENANT = 10
TOPICS, BYLINES = 30, 10  # of a tenant
SECTIONS = ("News", "Opinion", "Notes")  # of a site
BODIES = 400
SUMMARIES = 1000
NEWEST = datetime(2026, 1, 1, tzinfo=UTC)
PERIOD_MINUTES = 3 * 365 * 24 * 60

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Size:
    """`growing` are sites of one more tenant, each with so many articles of its own."""

    sites: int
    articles: int
    growing: tuple[int, ...] = ()

    def __str__(self) -> str:
        return f"{self.sites:,} sites, {self.articles:,} articles"


GROWING = (200, 2_000, 20_000)
TENTH = Size(20, 2_000)
USUAL = Size(200, 20_000, GROWING)
LARGE = Size(2_000, 200_000, GROWING)
HUGE = Size(50_000, 1_000_000, GROWING)


@dataclass(frozen=True, slots=True)
class Place:
    site: int
    section: int
    go_live: datetime


@dataclass(frozen=True, slots=True)
class Story:
    id: int
    tenant: int
    title: str
    summary: str
    body: int
    topics: list[int]
    bylines: list[int]
    places: list[Place]


def domain(site: int) -> str:
    return f"title{site}.example.com"


def growing_domains(size: Size) -> dict[int, str]:
    """The hostnames of the growing sites, by how many articles each has."""
    return {articles: domain(size.sites + number) for number, articles in enumerate(size.growing, 1)}


def load(connection: psycopg.Connection[Any], size: Size, told: Told = lambda _: None) -> None:
    """Fill the migrated database; whatever sites and articles it had are gone. Expects a transaction.

    Tables are emptied in the same transaction, so that PostgreSQL need not write what it copies into its log as well.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'; SET LOCAL work_mem = '64MB'")
        cursor.execute("TRUNCATE django_site, tenants_tenant, publishing_article RESTART IDENTITY CASCADE")
        told("sites")
        _load_sites(cursor, size)
        cursor.execute("SET LOCAL session_replication_role = replica")
        _load_vocabulary(cursor, size)
        told("articles")
        _load_articles(cursor, size)
        told("placements")
        _load_links(cursor, size)
        told("search words")
        _derive(cursor)
        _advance_sequences(cursor)
        cursor.execute("SET LOCAL session_replication_role = origin")


def stories(size: Size) -> Iterator[Story]:
    """Every article, those of the growing sites last."""
    chance, writer = random.Random(SEED), Writer()
    openings = [writer.sentence(5)[:-1] for _ in range(SUMMARIES)]
    summaries = [writer.sentence(22) for _ in range(SUMMARIES)]

    def story(number: int, tenant: int, sites: list[int], *, is_rare: bool) -> Story:
        minutes = int(chance.random() * PERIOD_MINUTES)
        title = f"{chance.choice(openings)}, No. {number}{f' by {RARE}' if is_rare else ''}"
        return Story(
            number, tenant, title, chance.choice(summaries), chance.randrange(BODIES),
            [(tenant - 1) * TOPICS + topic for topic in chance.sample(range(1, TOPICS + 1), 3)],
            [(tenant - 1) * BYLINES + chance.randint(1, BYLINES)],
            [
                Place(site, (site - 1) * len(SECTIONS) + chance.randint(1, len(SECTIONS)),
                      NEWEST - timedelta(minutes=minutes - 60 * later))
                for later, site in enumerate(sites)
            ],
        )  # fmt: skip

    for number in range(1, size.articles + 1):
        tenant = chance.randint(1, _tenants(size))
        first = (tenant - 1) * SITES_A_TENANT
        owned = range(first + 1, min(first + SITES_A_TENANT, size.sites) + 1)
        yield story(
            number, tenant, chance.sample(owned, min(chance.randint(1, 3), len(owned))), is_rare=number % 1009 == 7
        )
    number = size.articles
    for site, count in enumerate(size.growing, size.sites + 1):
        for index in range(count):
            number += 1
            yield story(number, _tenants(size) + 1, [site], is_rare=index in (7, 57, 107))


def _tenants(size: Size) -> int:
    return -(-size.sites // SITES_A_TENANT)


def _owners(size: Size) -> Iterator[tuple[int, int]]:
    """Each site and its tenant."""
    for site in range(1, size.sites + len(size.growing) + 1):
        yield site, (site - 1) // SITES_A_TENANT + 1 if site <= size.sites else _tenants(size) + 1


def _copy(cursor: psycopg.Cursor[Any], table: str, columns: str, rows: Iterable[Iterable[object]]) -> None:
    """COPY in text form; the values hold neither tabs nor backslashes."""
    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        lines: list[str] = []
        for row in rows:
            lines.append("\t".join(map(str, row)))
            if len(lines) == 2000:
                copy.write("\n".join(lines) + "\n")
                lines = []
        if lines:
            copy.write("\n".join(lines) + "\n")


def _load_sites(cursor: psycopg.Cursor[Any], size: Size) -> None:
    """With triggers awake: hostnames, states, brands and the directory's version come by them."""
    owners = list(_owners(size))
    tenants = range(1, max(tenant for _, tenant in owners) + 1)
    _copy(cursor, "tenants_tenant", "id, slug, name", ((n, f"house-{n}", f"House {n}") for n in tenants))
    _copy(cursor, "django_site", "id, domain, name", ((n, domain(n), f"Title {n}") for n, _ in owners))
    _copy(cursor, "tenants_ownership", "site_id, tenant_id", owners)
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def _load_vocabulary(cursor: psycopg.Cursor[Any], size: Size) -> None:
    owners = list(_owners(size))
    tenants = sorted({tenant for _, tenant in owners})
    cursor.execute("UPDATE sites_core_brand SET tagline = 'Title ' || site_id || ', read daily'")
    _copy(
        cursor, "publishing_section", "id, tenant_id, site_id, slug, name, position",
        (
            ((site - 1) * len(SECTIONS) + place, tenant, site, name.lower(), name, place)
            for site, tenant in owners
            for place, name in enumerate(SECTIONS, 1)
        ),
    )  # fmt: skip
    for table, columns, count, word in (
        ("topic", "id, tenant_id, slug, name", TOPICS, "Topic"),
        ("byline", "id, tenant_id, slug, name, bio", BYLINES, "Writer"),
    ):
        bio = [""] if table == "byline" else []
        _copy(
            cursor, f"publishing_{table}", columns,
            (
                ((tenant - 1) * count + n, tenant, f"{word.lower()}-{n}", f"{word} {n}", *bio)
                for tenant in tenants
                for n in range(1, count + 1)
            ),
        )  # fmt: skip


def _load_articles(cursor: psycopg.Cursor[Any], size: Size) -> None:
    writer = Writer(SEED + 1)
    cursor.execute(
        "CREATE TEMPORARY TABLE body (number integer PRIMARY KEY, html text, text text, words integer, vector tsvector)"
        " ON COMMIT DROP"
    )
    with cursor.copy("COPY body (number, html, text, words) FROM STDIN") as copy:
        for number in range(BODIES):
            prose = writer.prose()
            copy.write_row((number, prose.html, prose.text, prose.word_count))
    cursor.execute("CREATE TEMPORARY TABLE story (id bigint, tenant_id bigint, title text, summary text, body integer,"
                   " at timestamptz) ON COMMIT DROP")  # fmt: skip
    _copy(
        cursor, "story", "id, tenant_id, title, summary, body, at",
        ((s.id, s.tenant, s.title, s.summary, s.body, s.places[0].go_live.isoformat()) for s in stories(size)),
    )  # fmt: skip
    # Each row keeps a body of its own, as articles do: what is read from disk weighs what it would weigh.
    cursor.execute(
        """
        INSERT INTO publishing_article (id, tenant_id, kind, title, summary, body, body_format, html, text, word_count,
                                        language, source_digest, created_at, updated_at)
        SELECT story.id, tenant_id, 'article', title, summary, body.html, 'html', body.html, body.text, body.words,
               '', '', at, at
          FROM story JOIN body ON body.number = story.body ORDER BY story.id
        """
    )
    cursor.execute(
        """
        INSERT INTO publishing_article (id, tenant_id, kind, title, summary, body, body_format, html, text, word_count,
                                        language, source_digest, created_at, updated_at)
        SELECT %(first)s + site_id, tenant_id, 'page', 'About', '', '<p>About us.</p>', 'html', '<p>About us.</p>',
               'About us.', 2, '', '', %(at)s, %(at)s
          FROM tenants_ownership ORDER BY site_id
        """,
        {"first": _stories(size), "at": NEWEST},
    )


def _stories(size: Size) -> int:
    return size.articles + sum(size.growing)


def _load_links(cursor: psycopg.Cursor[Any], size: Size) -> None:
    _copy(
        cursor, "publishing_articletopic", "tenant_id, article_id, topic_id, position",
        ((s.tenant, s.id, topic, place) for s in stories(size) for place, topic in enumerate(s.topics)),
    )  # fmt: skip
    _copy(
        cursor, "publishing_articlebyline", "tenant_id, article_id, byline_id, position",
        ((s.tenant, s.id, byline, place) for s in stories(size) for place, byline in enumerate(s.bylines)),
    )  # fmt: skip
    columns = "tenant_id, article_id, site_id, status, go_live, slug, section_id, is_canonical, listed, title, summary"
    _copy(
        cursor, "publishing_placement", columns,
        (
            (s.tenant, s.id, place.site, "published", place.go_live.isoformat(), f"story-{s.id}", place.section,
             place is s.places[0], True, "", "")
            for s in stories(size)
            for place in s.places
        ),
    )  # fmt: skip
    cursor.execute(
        f"""
        INSERT INTO publishing_placement ({columns.replace("section_id, ", "")})
        SELECT tenant_id, %s + site_id, site_id, 'published', %s, 'about', true, false, '', ''
          FROM tenants_ownership ORDER BY site_id
        """,
        [_stories(size), NEWEST],
    )


def _derive(cursor: psycopg.Cursor[Any]) -> None:
    """What the sleeping triggers would have written: where topics and bylines are shown, and the words of search."""
    for name in ("topic", "byline"):
        cursor.execute(
            f"""
            INSERT INTO publishing_{name}placement (placement_id, {name}_id, site_id, tenant_id, go_live)
            SELECT p.id, filed.{name}_id, p.site_id, p.tenant_id, p.go_live
              FROM publishing_placement p JOIN publishing_article{name} filed USING (article_id)
             WHERE p.status = 'published' AND p.listed
            """
        )
    cursor.execute("UPDATE body SET vector = to_tsvector(publishing_search_configuration('en'), text)")
    # A GIN index that is made from finished rows takes a tenth of the time of one that follows them.
    cursor.execute("SELECT pg_get_indexdef('publishing_searchentry_vector'::regclass)")
    index = cursor.fetchone()[0]  # type: ignore[index]  # it raises if there is none
    cursor.execute("DROP INDEX publishing_searchentry_vector")
    # As publishing_index_words has it, with the vector of the body at hand.
    cursor.execute(
        """
        INSERT INTO publishing_searchentry (placement_id, vector)
        SELECT p.id,
               array_to_tsvector(ARRAY['@' || p.site_id])
               || setweight(to_tsvector(publishing_search_configuration('en'), story.title), 'A')
               || setweight(to_tsvector(publishing_search_configuration('en'), story.summary), 'B')
               || setweight(body.vector, 'D')
          FROM publishing_placement p JOIN story ON story.id = p.article_id JOIN body ON body.number = story.body
        """
    )
    cursor.execute(index)
    cursor.execute("SELECT publishing_index_placements(array_agg(id)) FROM publishing_placement WHERE NOT listed")


def _advance_sequences(cursor: psycopg.Cursor[Any]) -> None:
    """Keys were given; the next row must get one of its own."""
    for table in ("django_site", "tenants_tenant", "publishing_section", "publishing_topic", "publishing_byline",
                  "publishing_article"):  # fmt: skip
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
