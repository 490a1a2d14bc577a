"""What a reader asks of a search, as its address says it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from publishing.models.placements import FIRST, LAST

LONGEST_QUERY = 200
# As topics are written, and the numbers of years and pages: in one way only, so that a page has one address.
_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,100}")
_NUMBER = re.compile(r"[1-9][0-9]{0,3}")


class Unanswerable(LookupError):
    """No page of a search is at this address: nothing here ever linked to it."""


@dataclass(frozen=True, slots=True)
class Question:
    """The words, and what narrows them: a topic's slug, a year of the site's calendar. Pages count from 1."""

    words: str
    topic: str | None = None
    year: int | None = None
    page: int = 1

    @property
    def path(self) -> str:
        """The address of this page of the search, without whatever else stood in the query."""
        asked = {"q": self.words, "topic": self.topic, "year": self.year, "page": self.page if self.page > 1 else None}
        return f"/search/?{urlencode({name: value for name, value in asked.items() if value})}"

    @property
    def anywhere(self) -> str:
        """The address of the same words with nothing to narrow them."""
        return Question(self.words).path

    def of_topic(self, slug: str | None) -> "Question":
        return replace(self, topic=slug, page=1)

    def of_year(self, year: int | None) -> "Question":
        return replace(self, year=year, page=1)

    def at(self, page: int) -> "Question":
        return replace(self, page=page)


def question_from(query: Mapping[str, str]) -> Question:
    """What the query asks; without words it is not narrowed either. Raises Unanswerable."""
    words, topic = cut(query.get("q", "")), query.get("topic")
    year, page = _number(query.get("year")), _number(query.get("page")) or 1
    if topic is not None and not _SLUG.fullmatch(topic):
        raise Unanswerable(topic[:50])
    # Of the calendar of placements, in whichever zone a site keeps it.
    if year is not None and not FIRST.year - 1 <= year <= LAST.year:
        raise Unanswerable(year)
    return Question(words, topic, year, page) if words else Question("")


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    if not _NUMBER.fullmatch(text):
        raise Unanswerable(text[:50])
    return int(text)


def cut(typed: str) -> str:
    """The first whole words of what was typed, at most LONGEST_QUERY characters, single spaces between."""
    words = " ".join(typed.split())
    if len(words) <= LONGEST_QUERY:
        return words
    whole, _, _ = words[: LONGEST_QUERY + 1].rpartition(" ")
    return whole or words[:LONGEST_QUERY]
