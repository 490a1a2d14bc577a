"""The studio's lists with 100,000 articles and 200 sites of one tenant: each page's slowest statement in PostgreSQL."""

import re
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.figures import Figure
from benchmarks.part import report

if TYPE_CHECKING:
    # Known only after django.setup().
    from django.test import Client

    from tests.cast import House

ARTICLES, SITES = 100_000, 200
MOST_MS, MOST_STATEMENTS = 20, 12
HOST = "studio.platform.test"

# A third of the articles came with a site that was taken over years ago: they are on that site alone, under a topic and
# by a byline of their own, and were changed before all others. That is what filters over a list by last change meet at
# their worst.
FILL = r"""
SET session_replication_role = origin;
INSERT INTO django_site (domain, name) SELECT 'title' || n || '.test', 'Title ' || n
  FROM generate_series(1, {sites} - 2) n;
INSERT INTO tenants_ownership (site_id, tenant_id) SELECT id, {tenant} FROM django_site WHERE domain LIKE 'title%';
SET session_replication_role = replica;
SELECT setseed(0.5);
CREATE TEMPORARY TABLE shelf AS SELECT site_id AS id, row_number() OVER (ORDER BY site_id) AS n
  FROM tenants_ownership WHERE tenant_id = {tenant};
CREATE TEMPORARY TABLE word AS
SELECT array_agg('w' || substr(md5(n::text), 1, 6)) AS known FROM generate_series(1, 3000) n;
CREATE TEMPORARY TABLE line AS SELECT n, (SELECT string_agg(word.known[1 + floor(power(random(), 3) * 3000)::int], ' ')
  FROM word, generate_series(1, 28) WHERE n >= 0) AS words FROM generate_series(0, 4999) n;
INSERT INTO publishing_topic (tenant_id, slug, name)
SELECT {tenant}, 'topic-' || n, 'Topic ' || n FROM generate_series(1, 60) n;
INSERT INTO publishing_byline (tenant_id, slug, name, bio)
SELECT {tenant}, 'writer-' || n, 'Writer ' || n, '' FROM generate_series(1, 40) n;
INSERT INTO tenants_user (email, password, name, is_staff, is_superuser, is_active)
SELECT 'member' || n || '@acme.test', '', 'Member ' || n, false, false, true FROM generate_series(1, 300) n;
INSERT INTO tenants_membership (tenant_id, user_id, role)
SELECT {tenant}, id, 'author' FROM tenants_user WHERE email LIKE 'member%';
INSERT INTO publishing_article (tenant_id, kind, title, summary, body, body_format, html, text, word_count, language,
                                source_digest, stage, written_by_id, created_at, updated_at)
SELECT {tenant}, CASE WHEN s.n % 500 = 0 THEN 'page' ELSE 'article' END, split_part(words, ' ', 1 + s.n % 9) || ' '
       || split_part(words, ' ', 11 + s.n % 7) || ', No. ' || s.n, words, repeat('words ', 600), 'markdown', '', '',
       600, '', '', CASE WHEN s.n % 50 = 1 THEN 'review' WHEN s.n % 10 < 3 THEN 'draft' ELSE 'approved' END,
       CASE WHEN s.n % 20 = 0 THEN {user} END, now() - s.n * interval '9 minutes', now() - s.n * interval '9 minutes'
  FROM generate_series(1, {articles}) AS s (n) JOIN line ON line.n = (s.n * 7) % 5000;
CREATE TEMPORARY TABLE story AS SELECT id, substring(title FROM '[0-9]+$')::int AS n, kind
  FROM publishing_article WHERE tenant_id = {tenant};
CREATE TEMPORARY TABLE term AS
SELECT (SELECT array_agg(id ORDER BY id) FROM publishing_topic WHERE tenant_id = {tenant}) AS topics,
       (SELECT array_agg(id ORDER BY id) FROM publishing_byline WHERE tenant_id = {tenant}) AS bylines;
INSERT INTO publishing_articletopic (tenant_id, article_id, topic_id, position)
SELECT DISTINCT ON (story.id, topic) {tenant}, story.id, topic, 0 FROM story, term, generate_series(1, 3) k,
LATERAL (SELECT topics[CASE WHEN n > {old} AND k = 1 THEN 60 ELSE 1 + floor(power(random(), 2) * 59)::int END] AS topic
          WHERE n + k > 0) filed;
INSERT INTO publishing_articlebyline (tenant_id, article_id, byline_id, position)
SELECT {tenant}, id, bylines[CASE WHEN n > {old} THEN 40 ELSE 1 + n % 39 END], 0 FROM story, term;
INSERT INTO publishing_placement (tenant_id, article_id, site_id, status, go_live, expires_at, slug, is_canonical,
                                  listed, title, summary)
SELECT {tenant}, story.id, shelf.id,
       CASE WHEN story.n % 10 < 3 THEN 'draft' WHEN story.n % 37 = 5 THEN 'unpublished'
            WHEN story.n % 1009 = 9 THEN 'recalled' ELSE 'published' END,
       now() - story.n * interval '9 minutes' + CASE WHEN story.n % 97 = 4 THEN interval '650 days' ELSE '0' END,
       CASE WHEN story.n % 41 = 3 AND story.n % 97 <> 4
            THEN now() - story.n * interval '9 minutes' + interval '60 days' END,
       'story-' || story.n, false, kind = 'article', '', ''
  FROM story CROSS JOIN LATERAL (
      SELECT DISTINCT CASE WHEN story.n > {old} THEN {sites}
                           WHEN k = 1 THEN 1 + (story.n % 100) * (story.n % 100) * 198 / 10000
                           ELSE 1 + (story.n * 7 + k * 13) % 198 END AS n
        FROM generate_series(1, CASE WHEN story.n % 5000 = 7 THEN 400 ELSE 1 + story.n % 3 END) k
       WHERE story.n % 23 <> 0
  ) chosen JOIN shelf ON shelf.n = chosen.n;
INSERT INTO publishing_revision (tenant_id, article_id, number, title, summary, body, body_format, made_by_id)
SELECT {tenant}, id, k, 'Title', '', '', 'markdown', {user} FROM story, generate_series(1, 2) k;
INSERT INTO publishing_comment (tenant_id, article_id, text, quote, before, after, made_at, resolved_at)
SELECT {tenant}, id, 'Sure?', '', '', '', now() - n * interval '1 minute', CASE WHEN n % 4 <> 0 THEN now() END
  FROM story WHERE n % 3 = 0;
INSERT INTO publishing_review (tenant_id, article_id, revision, state, note, answer, asked_by_id, asked_at)
SELECT {tenant}, id, 1, CASE WHEN n % 50 = 1 THEN 'open' ELSE 'changes' END, '', '',
       CASE WHEN n % 7 = 0 THEN {user} END,
       now() - n * interval '1 minute' FROM story WHERE n % 25 = 1;
INSERT INTO publishing_proposal (tenant_id, article_id, site_id, state, note, reason, proposed_at)
SELECT {tenant}, story.id, shelf.id, CASE WHEN story.n % 100 = 3 THEN 'open' ELSE 'declined' END, '', '',
       now() - story.n * interval '1 minute' FROM story JOIN shelf ON shelf.n = 1 + story.n % 200
 WHERE story.n % 10 = 3;
INSERT INTO publishing_draft (tenant_id, article_id, user_id, base, words, saved_at)
SELECT {tenant}, id, {user}, 1, '{{}}', now() FROM story WHERE n % 500 = 1;
INSERT INTO publishing_image (tenant_id, digest, name, alt, caption, width, height, widths, bytes, decorative)
SELECT {tenant}, rpad(md5(n::text), 64, '0'), 'picture-' || n, '', '', 1200, 800, '[480]', 100000, false
  FROM generate_series(1, 20000) n;
"""

# The events that triggers would have written, of placements and of articles.
EVENTS = """
INSERT INTO publishing_placementevent ({columns}, pgh_created_at, pgh_label, pgh_obj_id)
SELECT {columns}, now() - id * interval '1 minute', 'insert', id FROM publishing_placement;
INSERT INTO publishing_articleevent ({article}, pgh_created_at, pgh_label, pgh_obj_id)
SELECT {article}, updated_at, 'insert', id FROM publishing_article;
SET session_replication_role = origin;
"""


def measure() -> list[Figure]:
    from tests.cast import acme, signed_in

    house = acme()
    _fill(house)
    client = signed_in(house.people["owner"], "studio")
    client.get("/")  # fills the directory
    figures = []
    for name, path in _pages(house).items():
        count, slowest = _measured(client, path)
        figures.append(
            Figure(
                f"studio, {name}: slowest of its {count} statements, {ARTICLES:,} articles and {SITES} sites",
                f"{slowest:.1f} ms",
                f"at most {MOST_MS} ms, of {MOST_STATEMENTS} statements",
                slowest <= MOST_MS and count <= MOST_STATEMENTS,
            )
        )
    return figures


def _pages(house: "House") -> dict[str, str]:
    """What is measured, by name."""
    from django.contrib.sites.models import Site
    from django.utils import timezone

    from publishing.models import Byline, Topic
    from tenants.scope import tenant_scope

    newest_site = Site.objects.order_by("-pk").first()
    with tenant_scope(house.tenant):
        topics = dict(Topic.objects.values_list("slug", "pk"))
        byline = Byline.objects.get(slug="writer-40").pk
    micros = int((timezone.now().timestamp() - 400 * 24 * 3600) * 1e6)
    common, old, site = topics["topic-1"], topics["topic-60"], newest_site.pk if newest_site else 0
    asked = {
        "": "", ", deep": f"after={micros}-0", ", back from deep": f"before={micros}-0", " by title": "sort=title",
        " by title, deep": "sort=title&after=1-w8", " by go-live": "sort=live",
        " by go-live, deep": f"sort=live&after={micros}-0", " longest unchanged": "sort=stale",
        " of a common topic": f"topic={common}", " of an old topic": f"topic={old}",
        " of an old topic by title": f"topic={old}&sort=title", " of an old topic by go-live": f"topic={old}&sort=live",
        " of an old byline": f"author={byline}", " of an old site": f"site={site}", " begun by me": "author=me",
        " in review": "stage=review", " in review, static pages": "kind=page&stage=review", " live": "standing=live",
        " scheduled": "standing=scheduled", " expired": "standing=expired", " recalled": "standing=recalled",
        " recalled by title": "standing=recalled&sort=title", " not placed": "standing=none",
        " expired by go-live": "standing=expired&sort=first",
        " of an old topic, not placed": f"topic={old}&standing=none",
        " of an old byline and a common topic": f"author={byline}&topic={common}", " with a common word": "q=no",
        " with a rare word": "q=99999", " with the beginning of words": "q=w1", " with no such word": "q=zzzz",
        " of an old topic with a common word": f"q=no&topic={old}",
        " of some days by title": "since=2020-01-01&until=2020-02-01&sort=title",
        ", all filters": f"q=no&site={site}&standing=live&stage=approved&topic={old}&author={byline}&kind=article",
    }  # fmt: skip
    tenant = f"/{house.tenant.slug}/"
    others = {
        "home": "", "calendar": "calendar/", "calendar, week": "calendar/?view=week",
        "calendar, day": "calendar/?view=day", "calendar of one site": f"calendar/?site={site}", "inbox": "inbox/",
        "pictures": "media/", "history": "history/", "members": "members/", "sites": "sites/",
    }  # fmt: skip
    lists = {f"articles{name}": f"{tenant}articles/?{query}" for name, query in asked.items()}
    return lists | {name: f"{tenant}{path}" for name, path in others.items()}


def _measured(client: "Client", path: str) -> tuple[int, float]:
    """How many statements the page asks, and PostgreSQL's own time for the slowest, in milliseconds."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    reads = [one["sql"] for one in asked if one["sql"].lstrip(" (\n").upper().startswith(("SELECT", "WITH"))]
    return len(asked), max(_milliseconds(statement) for statement in reads)


def _milliseconds(statement: str) -> float:
    """PostgreSQL's own execution time, the median of three."""
    from django.db import connection

    times = []
    with connection.cursor() as cursor:
        for _ in range(3):
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {statement}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
            times.append(float(re.search(r"Execution Time: ([0-9.]+) ms", plan)[1]))  # type: ignore[index]
    return median(times)


def _fill(house: "House") -> None:
    from django.db import connection

    values = {
        "tenant": house.tenant.pk, "user": house.people["owner"].pk, "articles": ARTICLES, "sites": SITES,
        "old": ARTICLES * 7 // 10,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(FILL.format(**values))
        cursor.execute(EVENTS.format(**_columns(cursor)))
        cursor.execute("VACUUM ANALYZE")


def _columns(cursor: Any) -> dict[str, str]:
    """Of the events, what they have of their rows."""
    found = {}
    for name, table in (("columns", "placement"), ("article", "article")):
        cursor.execute(
            "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns"
            " WHERE table_name = %s AND column_name NOT LIKE 'pgh%%'",
            [f"publishing_{table}event"],
        )
        found[name] = cursor.fetchone()[0]
    return found


if __name__ == "__main__":
    report(measure)
