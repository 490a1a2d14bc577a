"""Words that look like a language to a search index: few are frequent, most are rare; the same with every run."""

import random
from dataclasses import dataclass
from itertools import accumulate

SEED = 20261121
# What the measured peers' articles had, in HTML.
BYTES = 4096
# A word that every article has, and one that few have.
COMMON, RARE = "editor", "zeppelin"
_VOCABULARY = 3000


@dataclass(frozen=True, slots=True)
class Prose:
    """A body as `publishing.bodies` leaves it: sanitised HTML, and its words alone."""

    html: str
    text: str

    @property
    def word_count(self) -> int:
        return len(self.text.split())


class Writer:
    """Writes the same words in the same order for the same seed."""

    def __init__(self, seed: int = SEED) -> None:
        self._chance = random.Random(seed)
        self._words = _vocabulary()
        self._weights = list(accumulate(1 / rank for rank in range(1, len(self._words) + 1)))

    def words(self, count: int) -> str:
        return " ".join(self._chance.choices(self._words, cum_weights=self._weights, k=count))

    def sentence(self, count: int) -> str:
        return self.words(count).capitalize() + "."

    def prose(self) -> Prose:
        """About BYTES bytes of paragraphs, with headings, lists and links between them."""
        html, text = [f"<p>{COMMON.capitalize()}s at work.</p>"], [f"{COMMON.capitalize()}s at work."]
        while sum(map(len, html)) < BYTES:
            heading, opening, points = self.sentence(4), self.sentence(60), [self.sentence(9) for _ in range(3)]
            html += [
                f"<h2>{heading}</h2>",
                f'<p>{opening} <a href="https://example.com/" rel="noopener">{points[0]}</a></p>',
                "<ul>" + "".join(f"<li>{point}</li>" for point in points) + "</ul>",
            ]
            text += [heading, opening, points[0], *points]
        return Prose("\n".join(html), "\n".join(text))


def _vocabulary() -> list[str]:
    chance = random.Random(SEED)
    syllables = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
    found: dict[str, None] = {}
    while len(found) < _VOCABULARY:
        found["".join(chance.choices(syllables, k=chance.choice((2, 2, 3, 3, 4))))] = None
    return list(found)
