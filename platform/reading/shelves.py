"""What a site shows: its lists of articles, newest first, a page at a time.

Each list is one statement over one index, whatever the site's size: no count, no offset, no body. What a list is named
after stands beside each of its rows.
"""

from dataclasses import dataclass
from datetime import datetime

from publishing.models.placements import FIRST
from reading.asking import Rows, Value, rows_of
from reading.cards import CARD, CARD_JOINS, CHOSEN, Card, cards_from
from reading.columns import PICTURE, Link, Picture, picture_from
from reading.cursors import LARGEST_KEY, Cursor
from reading.shown import SHOWN
from sites_core import themes

PAGE_SIZE = 20
PORTRAIT_WIDTH = 320
# What editors can hold at the top of a front page; more than these are where their dates put them.
MOST_PINS = 12

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


# The top of the front page, then the newest, then the first sections with what is not above: each placement once.
_FRONT = f"""
WITH pinned AS MATERIALIZED (
    SELECT {CHOSEN}, placement.pin FROM publishing_placement placement
     WHERE {SHOWN} AND placement.pin IS NOT NULL
     ORDER BY placement.pin, placement.go_live DESC, placement.id DESC LIMIT {MOST_PINS}
), newest AS MATERIALIZED (
    SELECT {CHOSEN} FROM publishing_placement placement
     WHERE {SHOWN} AND placement.id NOT IN (SELECT id FROM pinned)
     ORDER BY placement.go_live DESC, placement.id DESC LIMIT %(newest)s + 1
), above AS MATERIALIZED (
    SELECT id FROM pinned UNION ALL (SELECT id FROM newest ORDER BY go_live DESC, id DESC LIMIT %(newest)s)
), filed AS MATERIALIZED (
    SELECT placement.*, section.place
      FROM (SELECT id, row_number() OVER (ORDER BY position, name, id) AS place FROM publishing_section
             WHERE site_id = %(site)s ORDER BY place LIMIT %(sections)s) section
     CROSS JOIN LATERAL (
        SELECT {CHOSEN} FROM publishing_placement placement
         WHERE placement.section_id = section.id AND {SHOWN}
           AND placement.id NOT IN (SELECT id FROM above)
         ORDER BY placement.go_live DESC, placement.id DESC LIMIT %(per_section)s) placement
)
SELECT {CARD}, placement.part
  FROM (SELECT *, 0 AS part FROM pinned
        UNION ALL SELECT *, NULL, 1 FROM newest
        UNION ALL SELECT *, 2 FROM filed) placement {CARD_JOINS}
 ORDER BY placement.part, placement.pin, placement.go_live DESC, placement.id DESC
"""  # noqa: S608 -- made of constants


def _headed(heading: str, chosen: str) -> str:
    """The list of a heading: its cards, or a row without one where it has none, or nothing where there is no heading.

    The few rows are sorted once more, since a join promises no order.
    """
    return f"""
        SELECT {CARD}, heading.id, heading.name, heading.note, heading.picture FROM ({heading}) heading
          LEFT JOIN LATERAL ({chosen}) placement ON true {CARD_JOINS}
         ORDER BY placement.go_live DESC, placement.id DESC
    """  # noqa: S608


def _of_term(kind: str, note: str, picture: str = "NULL::json") -> str:
    """Of the site's tenant; whether the site shows anything of it, its list tells."""
    return _headed(
        f"""
        SELECT term.id, term.name, {note} AS note, {picture} AS picture FROM publishing_{kind} term
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
    """
    SELECT id, name, '' AS note, NULL::json AS picture FROM publishing_section
     WHERE site_id = %(site)s AND slug = %(slug)s
    """,
    f"""
    SELECT {CHOSEN} FROM publishing_placement placement WHERE placement.section_id = heading.id AND {SHOWN} {_PAGE}
    """,  # noqa: S608
)
_OF_TOPIC = _of_term("topic", "''")
_PORTRAIT = f"(SELECT json_build_array({PICTURE}) FROM publishing_image image WHERE image.id = term.picture_id)"  # noqa: S608
_OF_BYLINE = _of_term("byline", "term.bio", _PORTRAIT)


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a list."""

    id: int
    name: str
    note: str
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """One page of a list. `older` is the cursor of the next page, None on the last."""

    cards: list[Card]
    older: Cursor | None
    heading: Heading | None = None


@dataclass(frozen=True, slots=True)
class Front:
    """The front page: what editors pinned and then the newest, the first of all being the `lead`; then some sections.

    Where the newest go on, is on the list of all.
    """

    lead: Card | None
    cards: list[Card]
    sections: tuple[tuple[Link, list[Card]], ...]
    older: Cursor | None


def newest(site_id: int, now: datetime, before: Cursor | None) -> Shelf:
    return _shelf(rows_of(site_id, _NEWEST, now=now, since=FIRST, **_after(before, now)))


def front(site_id: int, now: datetime, shape: themes.Front) -> Front:
    """The front page in the shape that its theme gives it, in one statement."""
    rows = rows_of(
        site_id, _FRONT, now=now, newest=shape.newest, sections=shape.sections, per_section=shape.per_section
    )
    parts = [row[-1] for row in rows]
    cards = cards_from(rows)
    pins, newest = parts.count(0), parts.count(1)
    top = cards[: pins + min(newest, shape.newest)]
    return Front(
        lead=top[0] if top else None,
        cards=top[1:],
        sections=_by_section(cards[pins + newest :]),
        older=top[-1].cursor if newest > shape.newest else None,
    )


def _by_section(cards: list[Card]) -> tuple[tuple[Link, list[Card]], ...]:
    found: dict[Link, list[Card]] = {}
    for card in cards:
        if card.section:
            found.setdefault(card.section, []).append(card)
    return tuple(found.items())


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
    key, name, note, picture = rows[0][-4:]
    portrait = picture_from(*picture, wanted_width=PORTRAIT_WIDTH) if picture else None
    return _shelf([] if is_empty else rows, Heading(key, name, note, portrait))
