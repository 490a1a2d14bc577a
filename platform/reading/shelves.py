"""What a site shows: its lists of articles, newest first, a page at a time.

Each list is one statement over one index, whatever the site's size: no count, no offset, no body.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from publishing.models import Placement
from publishing.models.placements import PlacementQuerySet
from reading import columns
from reading.columns import Link, Picture
from reading.cursors import Cursor
from tenants.scope import of_site

PAGE_SIZE = 20
CARD_WIDTH = 480


@dataclass(frozen=True, slots=True)
class Card:
    """An article as a list shows it. `language` is empty where it is the site's."""

    placement_id: int
    path: str
    title: str
    summary: str
    published: datetime
    minutes: int
    language: str
    section: Link | None
    picture: Picture | None
    bylines: tuple[Link, ...]

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.published, self.placement_id)


@dataclass(frozen=True, slots=True)
class Shelf:
    """One page of a list. `older` is the cursor of the next page, None on the last."""

    cards: list[Card]
    older: Cursor | None


def newest(site_id: int, now: datetime, before: Cursor | None) -> Shelf:
    with of_site(site_id):
        return _shelf(_listed(site_id, now), before)


def of_section(site_id: int, now: datetime, before: Cursor | None, section_id: int) -> Shelf:
    with of_site(site_id):
        return _shelf(_listed(site_id, now).filter(section=section_id), before)


def of_topic(site_id: int, now: datetime, before: Cursor | None, topic_id: int) -> Shelf:
    with of_site(site_id):
        return _shelf(_listed(site_id, now).filter(article__topics=topic_id), before)


def of_byline(site_id: int, now: datetime, before: Cursor | None, byline_id: int) -> Shelf:
    with of_site(site_id):
        return _shelf(_listed(site_id, now).filter(article__bylines=byline_id), before)


def between(site_id: int, now: datetime, before: Cursor | None, start: datetime, end: datetime) -> Shelf:
    """What went live from `start` on and before `end`."""
    with of_site(site_id):
        return _shelf(_listed(site_id, now).filter(go_live__gte=start, go_live__lt=end), before)


def these(site_id: int, now: datetime, placement_ids: Iterable[int]) -> list[Card]:
    """The placements with these keys, in this order, as far as the site shows them."""
    wanted = list(placement_ids)
    with of_site(site_id):
        found = {card.placement_id: card for card in _cards(_listed(site_id, now).filter(pk__in=wanted))}
    return [found[key] for key in wanted if key in found]


def _listed(site_id: int, now: datetime) -> PlacementQuerySet:
    placements: PlacementQuerySet = Placement.objects.on(site_id).live(now).listed().newest_first()
    return placements


def _shelf(placements: PlacementQuerySet, before: Cursor | None) -> Shelf:
    if before:
        placements = placements.before(before.go_live, before.placement_id)
    # One more than is shown tells whether there is more.
    cards = _cards(placements[: PAGE_SIZE + 1])
    shown = cards[:PAGE_SIZE]
    return Shelf(shown, shown[-1].cursor if len(cards) > PAGE_SIZE else None)


def _cards(placements: PlacementQuerySet) -> list[Card]:
    rows = placements.values_list(
        "pk",
        "slug",
        columns.TITLE,
        columns.SUMMARY,
        "go_live",
        "article__word_count",
        "article__language",
        "section__slug",
        "section__name",
        columns.picture(),
        columns.bylines(),
    )
    return [
        Card(
            placement_id=key,
            path=f"/{slug}/",
            title=columns.title_or_untitled(title),
            summary=summary,
            published=published,
            minutes=columns.reading_minutes(words),
            language=language,
            section=columns.section_link(section_slug, section_name),
            picture=columns.picture_from(picture, wanted_width=CARD_WIDTH),
            bylines=columns.links("bylines", bylines),
        )
        for key, slug, title, summary, published, words, language, section_slug, section_name, picture, bylines in rows
    ]
