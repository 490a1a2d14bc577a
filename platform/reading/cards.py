"""An article as a list shows it: one row of one statement, whatever the list was chosen by."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from reading.asking import Rows
from reading.columns import (
    ARTICLE,
    BYLINES,
    IMAGE,
    PICTURE,
    SECTION,
    SUMMARY,
    TITLE,
    Link,
    Picture,
    links,
    picture_from,
    reading_minutes,
    section_link,
    title_or_untitled,
)
from reading.cursors import Cursor
from reading.voice import Told, Voice, voice

CARD_WIDTH = 480

# Of what a list chose, which is called `placement` and has these columns; no body.
CHOSEN = """
    placement.id, placement.article_id, placement.slug, placement.title, placement.summary, placement.go_live,
    placement.section_id, placement.image_id
"""
CARD = f"""
    placement.id, placement.slug, {TITLE}, {SUMMARY}, placement.go_live, article.word_count, article.language,
    section.slug, section.name, {BYLINES}, {PICTURE}
"""
CARD_JOINS = f"{ARTICLE} {SECTION} {IMAGE}"


class Card(NamedTuple):
    """An article as a list shows it. `language` is empty where it is the site's."""

    placement_id: int
    path: str
    title: str
    summary: str
    published: datetime
    told: Told
    reading_time: str
    language: str
    section: Link | None
    picture: Picture | None
    bylines: tuple[Link, ...]

    @property
    def cursor(self) -> Cursor:
        return Cursor(self.published, self.placement_id)


def cards_from(rows: Rows) -> list[Card]:
    """The cards of rows that begin with CARD's columns."""
    speaking = voice()
    return [_card(speaking, *row[:19]) for row in rows]


def _card(
    voice: Voice,
    key: int,
    slug: str,
    title: str,
    summary: str,
    published: datetime,
    words: int,
    language: str,
    section_slug: str | None,
    section_name: str | None,
    bylines: Iterable[tuple[str, str]],
    *picture: Any,
) -> Card:
    return Card(
        key,
        f"/{slug}/",
        title_or_untitled(title),
        summary,
        published,
        voice.told(published),
        voice.reading_time(reading_minutes(words)),
        language,
        section_link(section_slug, section_name),
        picture_from(*picture, wanted_width=CARD_WIDTH),
        links("bylines", bylines),
    )
