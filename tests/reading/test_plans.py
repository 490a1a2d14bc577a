"""What PostgreSQL does for each page, among ten placements and among a hundred thousand."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from unittest.mock import Mock

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from publishing.models import Byline, Section, Topic
from reading import articles, asking, frames, months, searching, shelves, sitemaps, vocabulary
from reading.cursors import Cursor
from reading.feeds import entries
from reading.searching.questions import Question
from reading.searching.statement import BOUNDS
from sites_core.directory import BrandEntry, SiteEntry
from tenants.scope import tenant_scope
from tests.cast import house

# One process makes the hundred thousand, once. Each test's transaction lies within that of `crowded`.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("plans")]

SITES = 5
GROWING = {
    "publishing_placement", "publishing_article", "publishing_articletopic", "publishing_articlebyline",
    "publishing_topicplacement", "publishing_bylineplacement", "publishing_searchentry", "publishing_correction",
}  # fmt: skip
# What is shown is sorted at most: a page of a list, the few bylines of an article, its places on other sites.
FEW = 25
# What a search reads of a word that many have and the newest lack: it looks at those twice, and at some of the many.
# It also takes a step for each of some years.
SEARCHED = 2 * BOUNDS.recent + BOUNDS.walked + BOUNDS.taken + 2 * BOUNDS.shown


@dataclass(frozen=True)
class Crowd:
    """Sites with as many articles each. The first one's are the newest of all, the last one's the oldest."""

    articles: int
    sites: list[SiteEntry]

    @property
    def newest(self) -> SiteEntry:
        return self.sites[0]

    @property
    def oldest(self) -> SiteEntry:
        return self.sites[-1]

    def begins(self, site: SiteEntry) -> datetime:
        """When the site's newest article went live; each of the others an hour before the next."""
        return timezone.now() - timedelta(hours=1 + self.sites.index(site) * self.articles)


def crowd(articles: int) -> Crowd:
    owner = house("acme", "Acme", *(f"crowd{number}.test" for number in range(SITES)))
    brand = BrandEntry()
    with tenant_scope(owner.tenant):
        Topic.objects.create(tenant=owner.tenant, slug="common", name="Common")
        Topic.objects.create(tenant=owner.tenant, slug="rare", name="Rare")
        Byline.objects.create(tenant=owner.tenant, slug="mara", name="Mara")
        for site in owner.sites.values():
            Section.objects.create(tenant=owner.tenant, site=site, slug="oldest", name="Oldest", position=1)
    sites = [SiteEntry(site.pk, site.domain, site.name, retired=False, brand=brand) for site in owner.sites.values()]
    made = Crowd(articles // SITES, sites)
    _fill(made, owner.tenant.pk)
    return made


def _fill(crowd: Crowd, tenant_id: int) -> None:
    """Past the triggers, and then what they would have made."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for site in crowd.sites:
            cursor.execute(
                """
                WITH article AS (
                    INSERT INTO publishing_article (tenant_id, kind, title, summary, body, body_format, html, text,
                                                    word_count, language, source_digest)
                    SELECT %(tenant)s, 'article', 'Title ' || n, '', '', 'markdown', '', '', 100, '', ''
                      FROM generate_series(1, %(articles)s) n RETURNING id, split_part(title, ' ', 2)::int AS n
                )
                INSERT INTO publishing_placement (tenant_id, article_id, site_id, status, go_live, slug, is_canonical,
                                                  listed, title, summary, section_id)
                SELECT %(tenant)s, article.id, %(site)s, 'published', %(begins)s - n * interval '1 hour', 't-' || n,
                       true, true, '', '', CASE WHEN n > %(articles)s / 2 THEN section.id END
                  FROM article, publishing_section section WHERE section.site_id = %(site)s
                """,
                {"tenant": tenant_id, "site": site.id, "articles": crowd.articles, "begins": crowd.begins(site)},
            )
        cursor.execute(
            """
            INSERT INTO publishing_articletopic (tenant_id, article_id, topic_id, position)
            SELECT topic.tenant_id, article.id, topic.id, 0 FROM publishing_article article, publishing_topic topic
             WHERE topic.slug = 'common' OR article.id %% 500 = 0;
            INSERT INTO publishing_articlebyline (tenant_id, article_id, byline_id, position)
            SELECT byline.tenant_id, article.id, byline.id, 0 FROM publishing_article article, publishing_byline byline;
            INSERT INTO publishing_correction (tenant_id, article_id, note, noted_at)
            SELECT tenant_id, id, 'Note', now() FROM publishing_article WHERE id %% 10 = 0;
            INSERT INTO publishing_searchentry (placement_id, vector)
            SELECT id, array_to_tsvector(ARRAY['@' || site_id, 'common', 'only' || substr(slug, 3),
                                               CASE WHEN section_id IS NULL THEN 'new' ELSE 'former' END])
              FROM publishing_placement;
            -- What it joins may have been analysed last when it was empty: nested loops over all of it never end.
            ANALYZE;
            SELECT publishing_file_placements(array_agg(id)) FROM publishing_placement;
            SET LOCAL session_replication_role = origin;
            ANALYZE
            """.replace("%%", "%")
        )


@pytest.fixture(scope="module", params=[10, 100_000])
def crowded(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Crowd]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield crowd(request.param)
        transaction.set_rollback(True)


READS: dict[str, Callable[[Crowd, SiteEntry, datetime], object]] = {
    "home": lambda _, site, now: shelves.newest(site.id, now, None),
    "a deep page": lambda crowd, site, now: shelves.newest(site.id, now, middle(crowd, site)),
    "month": lambda crowd, site, now: shelves.between(
        site.id, now, None, middle(crowd, site).go_live - timedelta(days=30), middle(crowd, site).go_live
    ),
    "section of the oldest": lambda _, site, now: shelves.of_section(site.id, now, None, "oldest"),
    "common topic": lambda _, site, now: shelves.of_topic(site.id, now, None, "common"),
    "rare topic": lambda _, site, now: shelves.of_topic(site.id, now, None, "rare"),
    "a deep page of a topic": lambda crowd, site, now: shelves.of_topic(site.id, now, middle(crowd, site), "common"),
    "byline": lambda _, site, now: shelves.of_byline(site.id, now, None, "mara"),
    "article": lambda _, site, now: articles.opened(site, "t-1", now),
    "topics": lambda _, site, now: vocabulary.topics(site.id, now),
    "archive": lambda _, site, now: months.years_of(site.id, now),
    "frame": lambda _, site, now: frames.frame_of(site.id, now),
    "feed": lambda _, site, now: entries.newest(site, now),
    "feed of a common topic": lambda _, site, now: entries.of_topic(site, now, "common"),
    # Some of these have nothing to name.
    "feed of a rare topic": lambda _, site, now: [entries.of_topic(site, now, "rare")],
    "sitemap of a month": lambda crowd, site, now: [
        asking.rows_of(
            site.id,
            sitemaps._MONTH,
            now=now,
            start=middle(crowd, site).go_live - timedelta(days=30),
            end=middle(crowd, site).go_live,
        )
    ],
    "sitemap of news": lambda _, site, now: [
        asking.rows_of(site.id, sitemaps._NEWS, now=now, since=now - sitemaps.NEWS_AGE)
    ],
    "sitemap of pages": lambda _, site, now: asking.rows_of(site.id, sitemaps._PAGES, now=now),
    "search for what all have": lambda _, site, now: searching.found(site, Question("common"), now),
    "search for what one has": lambda crowd, site, now: searching.found(site, Question(f"only{crowd.articles}"), now),
    "search for what none has": lambda _, site, now: searching.found(site, Question("absent"), now),
    "search for what many begin with": lambda _, site, now: searching.found(site, Question("onl"), now),
    "search for what the newer half lacks": lambda _, site, now: searching.found(site, Question("former"), now),
    "search of a year": lambda crowd, site, now: searching.found(
        site, Question("common", year=middle(crowd, site).go_live.year), now
    ),
    "search of a topic": lambda _, site, now: searching.found(site, Question("common", "common"), now),
    "search of a topic and a year": lambda crowd, site, now: searching.found(
        site, Question("common", "common", middle(crowd, site).go_live.year), now
    ),
    "search of a topic for what one has": lambda crowd, site, now: searching.found(
        site, Question(f"only{crowd.articles}", "common"), now
    ),
    "search of a topic for what the newer half lacks": lambda _, site, now: searching.found(
        site, Question("former", "common"), now
    ),
    "suggestions of a search": lambda _, site, now: searching.suggested(site, now),
}


def middle(crowd: Crowd, site: SiteEntry) -> Cursor:
    return Cursor(crowd.begins(site) - timedelta(hours=crowd.articles // 2), 1)


@dataclass(frozen=True)
class Asked:
    """A statement as the reader's code sends it: prepared, with its values apart."""

    text: str
    values: dict[str, Any]

    def with_literals(self) -> str:
        composed: str = psycopg.ClientCursor(connection.connection).mogrify(self.text, self.values)
        return composed


def asked_by(read: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> Asked:
    """The last statement: before it the directory or the frame may have been due."""
    rows = Mock(wraps=asking._rows)
    with monkeypatch.context() as patching:
        patching.setattr(asking, "_rows", rows)
        assert read()
    return Asked(*rows.call_args.args)


def type_of(value: object) -> str:
    """As psycopg tells it to PostgreSQL."""
    if isinstance(value, int):
        return "integer" if abs(value) < 2**31 else "bigint"
    return "timestamptz" if isinstance(value, datetime) else "unknown"


def plan_of(asked: Asked, *, generic: bool) -> list[dict[str, Any]]:
    """The nodes of the plan, with what each did: the plan for these values, or the one that is kept for all."""
    statement = asked.with_literals()
    with connection.cursor() as cursor:
        if generic:
            names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", asked.text)))
            numbered = re.sub(r"%\((\w+)\)s", lambda found: f"${names.index(found[1]) + 1}", asked.text)
            types = ", ".join(type_of(asked.values[name]) for name in names)
            literals = Asked(", ".join(f"%({name})s" for name in names), asked.values).with_literals()
            cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
            cursor.execute("DEALLOCATE ALL")
            cursor.execute(f"PREPARE asked ({types}) AS {numbered.replace('%%', '%')}")
            statement = f"EXECUTE asked ({literals})"
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}")
        (answer,) = cursor.fetchone()
        # psycopg would send what it takes to be prepared still.
        cursor.connection._prepared.clear()
    plan = answer if isinstance(answer, list) else json.loads(answer)
    return list(nodes(plan[0]["Plan"]))


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from nodes(below)


def rows_read(plan: list[dict[str, Any]], table: str) -> float:
    read: float = sum(
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        for node in plan
        if node.get("Relation Name") == table
    )
    return read


@pytest.mark.parametrize("what", READS)
@pytest.mark.parametrize("which", ["newest", "oldest"])
@pytest.mark.parametrize("generic", [False, True], ids=["its own plan", "the kept plan"])
def test_a_page_reads_by_index_what_it_shows_and_sorts_no_more(
    crowded: Crowd, what: str, which: str, generic: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    site: SiteEntry = getattr(crowded, which)
    if crowded.articles < FEW:
        with connection.cursor() as cursor:
            # A table of ten rows is one page, read whole by any good plan: could the indexes do it as well?
            cursor.execute("SET LOCAL enable_seqscan = off")
    frames.frames.forget()
    asked = asked_by(lambda: READS[what](crowded, site, timezone.now()), monkeypatch)
    # A search counts what it has weighed, and an article the topics that it shares with a few others.
    assert "search" in what or what == "article" or "COUNT(" not in asked.text.upper()
    plan = plan_of(asked, generic=generic)
    for node in plan:
        if node["Node Type"] == "Seq Scan":
            assert node["Relation Name"] not in GROWING
        if "Sort" in node["Node Type"]:
            # A search weighs what it has found, and its topics, before it shows some; the archive sorts its months.
            most = (
                SEARCHED
                if "lacks" in what
                else BOUNDS.recent + 2 * BOUNDS.shown
                if "search" in what
                else 300
                if what == "archive"
                else FEW
            )
            assert node["Actual Rows"] <= most, node
    # The archive looks once a month, a search at its recent ones and then at its matches.
    most = BOUNDS.recent + 2 * BOUNDS.shown if "search" in what else 300 if what == "archive" else 3 * FEW
    # An article an hour.
    most = 31 * 24 if "sitemap" in what else most
    most = SEARCHED if "lacks" in what else most
    assert rows_read(plan, "publishing_placement") <= most
    assert rows_read(plan, "publishing_article") <= most


@pytest.mark.parametrize("generic", [False, True], ids=["its own plan", "the kept plan"])
def test_a_list_is_one_range_of_one_index_without_a_sort(
    crowded: Crowd, generic: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if crowded.articles < FEW:
        pytest.skip("one page holds all")
    for before in (None, middle(crowded, crowded.oldest)):
        read = partial(shelves.newest, crowded.oldest.id, timezone.now(), before)
        plan = plan_of(asked_by(read, monkeypatch), generic=generic)
        scans = [node for node in plan if node.get("Relation Name") == "publishing_placement"]
        assert [scan["Index Name"] for scan in scans] == ["publishing_placement_list"]
        assert "ROW(" in scans[0]["Index Cond"]
        assert not any("Sort" in node["Node Type"] for node in plan if node.get("Parent Relationship") != "SubPlan")


@pytest.mark.parametrize(("kind", "slug"), {"topic": "common", "byline": "mara", "section": "oldest"}.items())
@pytest.mark.parametrize("generic", [False, True], ids=["its own plan", "the kept plan"])
def test_a_heading_has_a_range_of_its_own(
    crowded: Crowd, kind: str, slug: str, generic: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if crowded.articles < FEW:
        pytest.skip("one page holds all")
    read = getattr(shelves, f"of_{kind}")
    asked = asked_by(lambda: read(crowded.oldest.id, timezone.now(), None, slug), monkeypatch)
    plan = plan_of(asked, generic=generic)
    indexes = {node.get("Index Name") for node in plan}
    assert f"publishing_{kind}_list" in indexes
    assert "publishing_placement_list" not in indexes
