"""The reader's statements, over the rows as they would be.

A statement reads its tables by name, and a WITH query of the same name stands in their place: so the one statement that
makes an article's page makes its preview, down to its neighbours and its canonical link, and nothing is written, locked
or rolled back for it.
"""

import json
from datetime import datetime
from typing import Any, NamedTuple

from django.utils import timezone

from publishing.models import Article, Placement, Preview
from publishing.slugs import free_slug, slug_from
from reading.articles import opening
from reading.asking import Rows, Value, rows_of
from reading.cursors import LARGEST_KEY
from sites_core.directory import SiteEntry
from tenants.scope import of_site

# Of an article and of a placement that are not stored yet: later than all that are.
_NEW = LARGEST_KEY


def _changed(table: str, which: str, row: str) -> str:
    """The table with one row as it would be, whether it is there already or not. `row` is JSON of its columns."""
    return f"""{table} AS NOT MATERIALIZED (
    SELECT * FROM {table} stored WHERE NOT ({which})
    UNION ALL SELECT would_be.* FROM {table} stored CROSS JOIN LATERAL jsonb_populate_record(stored, {row}) would_be
               WHERE {which}
    UNION ALL SELECT would_be.* FROM jsonb_populate_record(NULL::{table}, {row}) would_be
               WHERE NOT EXISTS (SELECT FROM {table} stored WHERE {which})
)"""  # noqa: S608 -- made of constants


def _filed(kind: str) -> str:
    """The article's topics or bylines: those named, in their order; null: those that it has.

    Each is a primary key, or the columns of one that is not there yet, whose key is its place below zero.
    """
    table, links = f"publishing_{kind}", f"publishing_article{kind}"
    named = f"""jsonb_array_elements(nullif(%({kind}s)s::jsonb, 'null')) WITH ORDINALITY named (term, place)
                CROSS JOIN LATERAL (SELECT jsonb_typeof(term) = 'object' AS is_new) one"""
    return f"""{links} AS NOT MATERIALIZED (
    SELECT * FROM {links} WHERE article_id <> %(article)s OR %({kind}s)s::jsonb = 'null'
    UNION ALL SELECT would_be.* FROM {named}
                CROSS JOIN LATERAL jsonb_populate_record(NULL::{links}, jsonb_build_object(
                    'id', -place, 'tenant_id', %(tenant)s::bigint, 'article_id', %(article)s::bigint,
                    '{kind}_id', CASE WHEN is_new THEN to_jsonb(-place) ELSE term END, 'position', place)) would_be
), {table} AS NOT MATERIALIZED (
    SELECT * FROM {table}
    UNION ALL SELECT would_be.* FROM {named}
                CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, jsonb_build_object(
                    'id', -place, 'tenant_id', %(tenant)s::bigint) || term) would_be
               WHERE is_new
)"""  # noqa: S608 -- made of constants


# What is looked for by its order, or joined as a whole, has no use for tables that are put together: of the page's own
# row there is one, and what stands beside it is stored.
OPENED = opening(
    "this_placement placement JOIN this_article article ON article.id = placement.article_id",
    "stored_placement beside JOIN stored_article written"
    " ON written.id = beside.article_id AND written.id <> placement.article_id",
)
_HERE = "stored.article_id = %(article)s AND stored.site_id = %(site)s"
_INSTEAD = f"""WITH stored_article AS NOT MATERIALIZED (SELECT * FROM publishing_article),
stored_placement AS NOT MATERIALIZED (SELECT * FROM publishing_placement),
{_changed("publishing_article", "stored.id = %(article)s", "%(written)s::jsonb")},
{_changed("publishing_placement", _HERE, "%(placed)s::jsonb")},
{_filed("topic")},
{_filed("byline")},
this_article AS MATERIALIZED (SELECT * FROM publishing_article WHERE id = %(article)s),
this_placement AS MATERIALIZED (
    SELECT * FROM publishing_placement WHERE article_id = %(article)s AND site_id = %(site)s)
"""  # noqa: S608 -- made of constants


class WouldBe(NamedTuple):
    """One article on one site as it would be: `now` is the moment at which it is looked at, when it is live."""

    site_id: int
    slug: str
    now: datetime
    rows: dict[str, Value]

    def rows_of(self, statement: str) -> Rows:
        """What a statement of the reader's tells then; it may need the site, the moment and the slug."""
        needed = {"slug": self.slug} if "%(slug)s" in statement else {}
        return rows_of(self.site_id, f"{_INSTEAD}{statement}", now=self.now, **needed, **self.rows)


class NothingThere(LookupError):
    """The article is not there any more."""


def would_be(preview: Preview, site: SiteEntry) -> WouldBe:
    """The preview's article as it would be on the site if it were published there now, or when it is to be."""
    now = timezone.now()
    with of_site(site.id):
        article, placement = _stored(preview, site)
        written: dict[str, Any] = dict(preview.words)
        filed = {name: json.dumps(written.pop(name, None)) for name in ("topics", "bylines")}
        if preview.article_id is None:
            written |= {"id": _NEW, "tenant_id": preview.tenant_id}
        placed = _placed(preview, article, placement, now)
    moment = max(now, datetime.fromisoformat(placed["go_live"]))
    rows: dict[str, Value] = {
        "article": article.pk,
        "tenant": preview.tenant_id,
        "written": json.dumps(written),
        "placed": json.dumps(placed),
        **filed,
    }
    return WouldBe(site.id, placed["slug"], moment, rows)


def _stored(preview: Preview, site: SiteEntry) -> tuple[Article, Placement | None]:
    if preview.article_id is None:
        return Article(pk=_NEW, tenant_id=preview.tenant_id, title=preview.words["title"]), None
    mine = Article.objects.filter(pk=preview.article_id, tenant=preview.tenant_id)
    article = mine.only("title", "kind", "tenant_id").first()
    if article is None:
        raise NothingThere
    return article, Placement.objects.on(site.id).filter(article=article.pk).first()


def _placed(preview: Preview, article: Article, placement: Placement | None, now: datetime) -> dict[str, Any]:
    """The columns that a placement would have after the deed that publishes it so."""
    changed = dict(preview.placed)
    stored = placement or Placement(article=article)
    title = changed.get("title", stored.title) or preview.words.get("title", article.title)
    kind = preview.words.get("kind", article.kind)
    wanted = changed.get("slug") or stored.slug or slug_from(title)
    go_live = datetime.fromisoformat(changed["go_live"]) if "go_live" in changed else stored.go_live or now
    lasts = stored.expires_at and stored.expires_at > max(now, go_live)
    columns = changed | {
        "slug": free_slug(wanted, site_id=preview.site_id, article_id=article.pk),
        "status": Placement.Status.PUBLISHED,
        "go_live": go_live.isoformat(),
        "expires_at": stored.expires_at.isoformat() if stored.expires_at and lasts else None,
        "listed": kind == Article.Kind.ARTICLE,
        "is_canonical": stored.is_canonical or not _canonical_elsewhere(article, preview.site_id),
    }
    if placement is None:
        own = {"id": _NEW, "tenant_id": preview.tenant_id, "article_id": article.pk, "site_id": preview.site_id}
        return {"title": "", "summary": ""} | columns | own
    return columns


def _canonical_elsewhere(article: Article, site_id: int) -> bool:
    published = Placement.objects.filter(article=article.pk, status=Placement.Status.PUBLISHED, is_canonical=True)
    return published.exclude(site=site_id).exists()
