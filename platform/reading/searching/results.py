"""What a search found: one page of it, and what would narrow it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup

from reading.asking import Rows, Value, rows_of
from reading.columns import Link, links, reading_minutes, section_link, title_or_untitled
from reading.searching.passages import PART, START, WINDOW, marked, passage_of
from reading.searching.questions import Question, Unanswerable
from reading.searching.statement import BOUNDS, statement
from reading.voice import Told, Voice, voice
from sites_core.directory import SiteEntry

# By what narrows the search: (a topic, a year).
_FOUND = {
    (of_topic, of_year): statement(of_topic=of_topic, of_year=of_year)
    for of_topic in (False, True)
    for of_year in (False, True)
}
# How many columns tell of the search as a whole, before those of an article.
_OF_ALL = 7


class Match(NamedTuple):
    """An article that was found. `language` is empty where it is the site's."""

    path: str
    title: Markup
    passage: Markup
    told: Told
    reading_time: str
    language: str
    section: Link | None
    bylines: tuple[Link, ...]


class Narrowing(NamedTuple):
    """A link to fewer of the same. `articles` is None where none of its articles was among those that were weighed."""

    name: str
    path: str
    articles: int | None


class Narrowed(NamedTuple):
    """What narrows the search already, and the link without it."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Results:
    """A page of the best matches, best first.

    `total` matches were weighed; unless `is_all`, the site may have more. `is_begun`: no article has the words, and
    these have words that begin so. `has_words`: something was asked for beside words that every text has.
    """

    matches: list[Match]
    total: int
    is_all: bool
    is_begun: bool
    has_words: bool
    topics: list[Narrowing]
    years: list[Narrowing]
    narrowed: list[Narrowed]
    page: int
    pages: int
    previous: str
    next: str

    @property
    def how_many(self) -> str:
        if self.is_all:
            return ngettext("%(found)s article", "%(found)s articles", self.total) % {"found": self.total}
        return ngettext("At least %(found)s article", "At least %(found)s articles", self.total) % {"found": self.total}

    @property
    def first(self) -> int:
        """The place of the page's first match."""
        return (self.page - 1) * BOUNDS.shown + 1

    @property
    def which_page(self) -> str:
        return _("Page %(page)s of %(pages)s") % {"page": self.page, "pages": self.pages}


def found(site: SiteEntry, question: Question, now: datetime) -> Results:
    """In one statement. Raises Unanswerable for a page after the last one, and for a topic that the site shows nothing
    of."""
    asked: dict[str, Value] = {"typed": question.words, "skipped": (question.page - 1) * BOUNDS.shown}
    if question.topic:
        asked["topic"] = question.topic
    if question.year:
        asked["since"], asked["until"] = _bounds(question.year)
    else:
        asked["zone"] = _zone_key()
    rows = rows_of(
        site.id,
        _FOUND[bool(question.topic), bool(question.year)],
        site_word=f"'@{site.id}'",
        now=now,
        language=site.brand.language,
        **asked,
    )
    total, is_all, is_begun, has_words, topic, topics, years = rows[0][:_OF_ALL]
    pages = max(1, -(-total // BOUNDS.shown))
    if question.page > pages or (question.topic and topic is None):
        raise Unanswerable(question.path)
    return Results(
        _matches([row[_OF_ALL:] for row in rows]) if total else [],
        total,
        is_all,
        is_begun,
        has_words,
        _fewer(_topics(question, topics or []), total, is_all=is_all),
        _fewer(_years(question, years or []), total, is_all=is_all),
        _narrowed(question, topic),
        question.page,
        pages,
        question.at(question.page - 1).path if question.page > 1 else "",
        question.at(question.page + 1).path if question.page < pages else "",
    )


def _zone_key() -> str:
    """PostgreSQL's name of the site's zone."""
    return getattr(timezone.get_current_timezone(), "key", "UTC")


def _bounds(year: int) -> tuple[datetime, datetime]:
    """When the year begins and the next one does, on the site's clock."""
    zone = timezone.get_current_timezone()
    return datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)


def _topics(question: Question, rows: list[tuple[str, str, int]]) -> list[Narrowing]:
    return [Narrowing(name, question.of_topic(slug).path, articles) for slug, name, articles in rows]


def _years(question: Question, rows: list[tuple[int, int]]) -> list[Narrowing]:
    return [Narrowing(str(year), question.of_year(year).path, articles or None) for year, articles in rows]


def _fewer(narrowings: list[Narrowing], total: int, *, is_all: bool) -> list[Narrowing]:
    """Without those that would leave everything as it is."""
    return [one for one in narrowings if not is_all or one.articles != total]


def _narrowed(question: Question, topic: str | None) -> list[Narrowed]:
    by_topic = [Narrowed(topic, question.of_topic(None).path)] if topic else []
    by_year = [Narrowed(str(question.year), question.of_year(None).path)] if question.year else []
    return by_topic + by_year


def _matches(rows: Rows) -> list[Match]:
    speaking = voice()
    return [_match(speaking, *row[1:]) for row in rows]


def _match(
    voice: Voice,
    slug: str,
    headline: str,
    is_within: bool,
    summary: str,
    published: datetime,
    words: int,
    language: str,
    section_slug: str | None,
    section_name: str | None,
    bylines: Iterable[tuple[str, str]],
) -> Match:
    title, _part, window = headline.partition(f" {PART} ")
    # Where the words were not where they seemed to be, what the author says of the text says more than a piece of it.
    if START not in window and summary:
        window, is_within = summary[:WINDOW], False
    return Match(
        f"/{slug}/",
        marked(title_or_untitled(title)),
        marked(passage_of(window, is_opening=not is_within)),
        voice.told(published),
        voice.reading_time(reading_minutes(words)),
        language,
        section_link(section_slug, section_name),
        links("bylines", bylines),
    )
