"""What a site shows: its lists of articles, newest first, a page at a time.

Each list is one statement over one index, whatever the site's size: no count, no offset, no body. What a list is named
after stands beside each of its rows.
"""

from dataclasses import dataclass
from datetime import datetime

from publishing.models.placements import FIRST
from reading.asking import Rows, Value, rows_of
from reading.cards import CARD, CARD_JOINS, CHOSEN, Card, cards_from
from reading.cursors import LARGEST_KEY, Cursor
from reading.shown import SHOWN

PAGE_SIZE = 20

# One more than is shown tells whether there is more.
_PAGE = f"""
    AND (placement.go_live, placement.id) < (%(moment)s, %(key)s)
    ORDER BY placement.go_live DESC, placement.id DESC LIMIT {PAGE_SIZE + 1}
"""
_NEWEST = f"""
SELECT {CARD} FROM (
    SELECT {CHOSEN} FROM publishing_placement placement WHERE {SHOWN} AND placement.go_live >= %(since)s {_PAGE}
) placement {CARD_JOINS} ORDER BY placement.go_live DESC, placement.id DESC
"""  # noqa: S608 -- made of constants


def _headed(heading: str, chosen: str) -> str:
    """The list of a heading: its cards, or a row without one where it has none, or nothing where there is no heading.

    The few rows are sorted once more, since a join promises no order.
    """
    return f"""
        SELECT {CARD}, heading.id, heading.name, heading.note FROM ({heading}) heading
          LEFT JOIN LATERAL ({chosen}) placement ON true {CARD_JOINS}
         ORDER BY placement.go_live DESC, placement.id DESC
    """  # noqa: S608


def _of_term(kind: str, note: str) -> str:
    """Of the site's tenant; whether the site shows anything of it, its list tells."""
    return _headed(
        f"""
        SELECT term.id, term.name, {note} AS note FROM publishing_{kind} term
          JOIN tenants_ownership ownership USING (tenant_id)
         WHERE ownership.site_id = %(site)s AND term.slug = %(slug)s
        """,  # noqa: S608
        f"""
        SELECT {CHOSEN} FROM publishing_{kind}placement listing
          JOIN publishing_placement placement ON placement.id = listing.placement_id
         WHERE listing.{kind}_id = heading.id AND listing.site_id = %(site)s AND {SHOWN}
           AND (listing.go_live, listing.placement_id) < (%(moment)s, %(key)s)
         ORDER BY listing.go_live DESC, listing.placement_id DESC LIMIT {PAGE_SIZE + 1}
        """,  # noqa: S608
    )


_OF_SECTION = _headed(
    "SELECT id, name, '' AS note FROM publishing_section WHERE site_id = %(site)s AND slug = %(slug)s",
    f"""
    SELECT {CHOSEN} FROM publishing_placement placement WHERE placement.section_id = heading.id AND {SHOWN} {_PAGE}
    """,  # noqa: S608
)
_OF_TOPIC = _of_term("topic", "''")
_OF_BYLINE = _of_term("byline", "term.bio")


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a list."""

    id: int
    name: str
    note: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """One page of a list. `older` is the cursor of the next page, None on the last."""

    cards: list[Card]
    older: Cursor | None
    heading: Heading | None = None


def newest(site_id: int, now: datetime, before: Cursor | None) -> Shelf:
    return _shelf(rows_of(site_id, _NEWEST, now=now, since=FIRST, **_after(before, now)))


def between(site_id: int, now: datetime, before: Cursor | None, start: datetime, end: datetime) -> Shelf:
    """What went live from `start` on and before `end`."""
    if end <= now:
        # Nothing of the very moment: no key is less than 0.
        before = min(before or Cursor(end, 0), Cursor(end, 0))
    return _shelf(rows_of(site_id, _NEWEST, now=now, since=start, **_after(before, now)))


def of_section(site_id: int, now: datetime, before: Cursor | None, slug: str) -> Shelf | None:
    return _headed_shelf(rows_of(site_id, _OF_SECTION, now=now, slug=slug, **_after(before, now)))


def of_topic(site_id: int, now: datetime, before: Cursor | None, slug: str) -> Shelf | None:
    return _headed_shelf(rows_of(site_id, _OF_TOPIC, now=now, slug=slug, **_after(before, now)))


def of_byline(site_id: int, now: datetime, before: Cursor | None, slug: str) -> Shelf | None:
    return _headed_shelf(rows_of(site_id, _OF_BYLINE, now=now, slug=slug, **_after(before, now)))


def _after(before: Cursor | None, now: datetime) -> dict[str, Value]:
    """Where the page begins. The first page's place is after the last key that there can be at this moment."""
    place = min(before, Cursor(now, LARGEST_KEY)) if before else Cursor(now, LARGEST_KEY)
    return {"moment": place.go_live, "key": place.placement_id}


def _shelf(rows: Rows, heading: Heading | None = None) -> Shelf:
    cards = cards_from(rows[:PAGE_SIZE])
    return Shelf(cards, cards[-1].cursor if len(rows) > PAGE_SIZE else None, heading)


def _headed_shelf(rows: Rows) -> Shelf | None:
    if not rows:
        return None
    is_empty = rows[0][0] is None
    return _shelf([] if is_empty else rows, Heading(*rows[0][-3:]))
