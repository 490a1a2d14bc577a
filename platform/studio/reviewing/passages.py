"""Where in a text a passage stands that is known by its words: as they were, or nearly so after a change."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from difflib import Match, SequenceMatcher
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

NEAR = 0.6
"""Which share of a passage's words must still be there."""
_BESIDE = 3
_OFTEN = 50
_BUCKET = 8
_WIDE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_WIDE}]|[^\W{_WIDE}]+")


class Span(NamedTuple):
    """From which character to before which."""

    start: int
    end: int


class Text:
    """A text in which passages are looked for. Words are compared without regard to case and to what is between."""

    def __init__(self, text: str) -> None:
        self.text = text
        found = list(_WORD.finditer(text))
        self._words = [word[0].casefold() for word in found]
        self._spans = [word.span() for word in found]

    def find(self, quote: str, before: str = "", after: str = "") -> Span | None:
        """None where the passage is gone."""
        wanted = _words_of(quote)
        if not wanted:
            at = self.text.find(quote) if quote.strip() else -1
            return Span(at, at + len(quote)) if at >= 0 else None
        around = _words_of(before), _words_of(after)
        return self._exact(wanted, *around) or self._near(wanted) or self._between(wanted, *around)

    @cached_property
    def _where(self) -> dict[str, list[int]]:
        where: dict[str, list[int]] = defaultdict(list)
        for at, word in enumerate(self._words):
            where[word].append(at)
        return where

    @cached_property
    def _pairs(self) -> dict[tuple[str, str], list[int]]:
        """Where two words follow each other, for the first times that they do."""
        where: dict[tuple[str, str], list[int]] = defaultdict(list)
        for at, pair in enumerate(pairwise(self._words)):
            if len(where[pair]) < _OFTEN:
                where[pair].append(at)
        return where

    def _exact(self, wanted: list[str], before: list[str], after: list[str]) -> Span | None:
        """Where it stands several times, there where the words around it are the most alike."""
        rarest = min(range(len(wanted)), key=lambda offset: len(self._where.get(wanted[offset], ())))
        starts = [at - rarest for at in self._where.get(wanted[rarest], ())]
        found = [at for at in starts if at >= 0 and self._words[at : at + len(wanted)] == wanted]
        if not found:
            return None

        def beside(at: int) -> int:
            ahead = self._words[max(0, at - len(before)) : at]
            behind = self._words[at + len(wanted) : at + len(wanted) + len(after)]
            return _in_common(reversed(ahead), reversed(before)) + _in_common(behind, after)

        best = max(found, key=beside)
        return self._span(best, best + len(wanted))

    def _near(self, wanted: list[str]) -> Span | None:
        """The stretch that has the most of the words in their order."""
        best: tuple[int, int, int] | None = None
        for first, last in self._stretches(wanted):
            matches = _matches(self._words[first:last], wanted)
            size = sum(match.size for match in matches)
            if matches and size >= NEAR * len(wanted) and (best is None or size > best[0]):
                best = size, first + matches[0].a, first + matches[-1].a + matches[-1].size
        return self._span(best[1], best[2]) if best else None

    def _between(self, wanted: list[str], before: list[str], after: list[str]) -> Span | None:
        """What stands now between what stood around it: a word or two that was put otherwise."""
        if len(before) < _BESIDE or len(after) < _BESIDE:
            return None
        for first, last in self._stretches([*before, *wanted, *after]):
            words = self._words[first:last]
            start, end = _last_of(words, before[-_BESIDE:]), _first_of(words, after[:_BESIDE])
            if start is not None and end is not None and 0 < end - start <= 2 * len(wanted) + 2:
                return self._span(first + start, first + end)
        return None

    def _stretches(self, wanted: list[str]) -> list[tuple[int, int]]:
        """Where it may be, best first: there is the most of its pairs of words, at the distance that they had."""
        votes: Counter[int] = Counter()
        for offset, pair in enumerate(pairwise(wanted)):
            votes.update({(at - offset) // _BUCKET for at in self._pairs.get(pair, ())})
        around = len(wanted) // 2 + _BUCKET
        return [
            (max(0, bucket * _BUCKET - around), bucket * _BUCKET + len(wanted) + around)
            for bucket, _ in votes.most_common(3)
        ]

    def _span(self, first: int, last: int) -> Span:
        return Span(self._spans[first][0], self._spans[last - 1][1])


def _words_of(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _matches(words: list[str], wanted: list[str]) -> list[Match]:
    return [match for match in SequenceMatcher(None, words, wanted, autojunk=False).get_matching_blocks() if match.size]


def _in_common(one: Iterable[str], other: Iterable[str]) -> int:
    """How many words are the same from the beginning on."""
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        count += 1
    return count


def _first_of(words: list[str], wanted: list[str]) -> int | None:
    return next((at for at in range(len(words)) if words[at : at + len(wanted)] == wanted), None)


def _last_of(words: list[str], wanted: list[str]) -> int | None:
    """Where they end."""
    return next(
        (at + len(wanted) for at in range(len(words) - 1, -1, -1) if words[at : at + len(wanted)] == wanted), None
    )
