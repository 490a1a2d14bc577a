"""What changed from one text to another: block by block, and word by word within a block. Pure: knows no model.

Takes bounded time whatever the texts are: the search for the shortest difference has so many steps, and what is left
over when they are spent is shown as removed and added.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from publishing.comparing.aligning import Budget, Run, anchored_runs, common_runs
from publishing.comparing.blocks import Block, blocks_of

__all__ = ["Block", "Change", "Comparison", "Piece", "blocks_of", "compare", "count_words", "words"]

STEPS = 600_000
"""How many steps one comparison may take: a fraction of a second."""
ALIKE = 0.4
"""From which share of common words on two blocks are one that was changed."""
_PAIRS = 900
_WEIGHED = 12_000
_MOVED = 24
_WIDE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_WIDE}]|[^\W{_WIDE}]+|\s+|[^\w\s]")
_WORD = re.compile(rf"[{_WIDE}]|[^\W{_WIDE}]+")


class Piece(NamedTuple):
    """Words that stayed ("same"), went ("gone") or came ("new")."""

    kind: Literal["same", "gone", "new"]
    text: str


class Change(NamedTuple):
    """What became of a block. `label` says what the block is; `note`, how its formatting changed."""

    kind: Literal["same", "changed", "removed", "added", "moved away", "moved here", "formatted"]
    label: str
    pieces: list[Piece]
    note: str = ""

    @property
    def before(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.kind != "new"]

    @property
    def after(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.kind != "gone"]


class Comparison(NamedTuple):
    """The blocks in their order; `rough` where the texts were too different to be compared to the word."""

    changes: list[Change]
    rough: bool

    @property
    def is_same(self) -> bool:
        return all(change.kind == "same" for change in self.changes)


def compare(old: Sequence[Block], new: Sequence[Block], steps: int = STEPS) -> Comparison:
    """How the old blocks became the new ones."""
    budget = Budget(steps)
    changes: list[Change] = []
    i = j = 0
    kept = anchored_runs([one.text for one in old], [one.text for one in new], budget)
    for a, b, size in [*kept, (len(old), len(new), 0)]:
        changes += _between(old[i:a], new[j:b], budget)
        changes += [_kept(old[a + k], new[b + k]) for k in range(size)]
        i, j = a + size, b + size
    return Comparison(_with_moves(changes), budget.is_spent)


def words(old: str, new: str) -> list[Piece]:
    """One text that became another, word by word."""
    return _words(old, new, Budget(STEPS))


def count_words(old: str, new: str) -> tuple[int, int]:
    """How many words came and how many went; one that only moved is neither."""
    before, after = Counter(_WORD.findall(old)), Counter(_WORD.findall(new))
    return (after - before).total(), (before - after).total()


def _kept(old: Block, new: Block) -> Change:
    note = _note(old, new)
    return Change("formatted" if note else "same", new.label, [Piece("same", new.text)], note)


def _note(old: Block, new: Block) -> str:
    notes = [f"{old.label or 'text'} → {new.label or 'text'}"] if old.label != new.label else []
    if old.form != new.form:
        notes.append("formatting: " + ", ".join(sorted({name for name, _ in old.form ^ new.form})))
    return "; ".join(notes)


def _between(old: Sequence[Block], new: Sequence[Block], budget: Budget) -> Iterator[Change]:
    """Blocks none of which stayed: those that are alike became each other."""
    i = j = 0
    for a, b in [*_pairs(old, new), (len(old), len(new))]:
        yield from (Change("removed", one.label, [Piece("gone", one.text)]) for one in old[i:a])
        yield from (Change("added", one.label, [Piece("new", one.text)]) for one in new[j:b])
        if a < len(old):
            note = _note(old[a], new[b]) if old[a].label != new[b].label else ""
            yield Change("changed", new[b].label, _words(old[a].text, new[b].text, budget), note)
        i, j = a + 1, b + 1


def _pairs(old: Sequence[Block], new: Sequence[Block]) -> list[tuple[int, int]]:
    """Which of the old became which of the new, in order: the pairing with the most in common."""
    before, after = [_weights(one) for one in old], [_weights(one) for one in new]
    if len(old) * len(new) > _PAIRS:
        return [(k, k) for k in range(min(len(old), len(new))) if _alike(before[k], after[k]) >= ALIKE]
    alike = [[share if (share := _alike(one, other)) >= ALIKE else 0.0 for other in after] for one in before]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for a in range(len(old) - 1, -1, -1):
        for b in range(len(new) - 1, -1, -1):
            paired = best[a + 1][b + 1] + alike[a][b] if alike[a][b] else 0.0
            best[a][b] = max(best[a + 1][b], best[a][b + 1], paired)
    pairs, a, b = [], 0, 0
    while a < len(old) and b < len(new):
        if alike[a][b] and best[a][b] == best[a + 1][b + 1] + alike[a][b]:
            pairs.append((a, b))
            a, b = a + 1, b + 1
        elif best[a][b] == best[a + 1][b]:
            a += 1
        else:
            b += 1
    return pairs


def _weights(block: Block) -> Counter[str]:
    """Of a very long block its beginning tells enough."""
    return Counter(_WORD.findall(block.text[:_WEIGHED]))


def _alike(one: Counter[str], other: Counter[str]) -> float:
    """From 0 to 1: the share of the words that both have."""
    everything = one.total() + other.total()
    return 2 * sum(min(count, other[word]) for word, count in one.items()) / everything if everything else 0.0


def _words(old: str, new: str, budget: Budget) -> list[Piece]:
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    pieces: list[Piece] = []
    i = j = 0
    for x, y, size in [*_readable(common_runs(a, b, budget), a, b), (len(a), len(b), 0)]:
        if i < x:
            pieces.append(Piece("gone", "".join(a[i:x])))
        if j < y:
            pieces.append(Piece("new", "".join(b[j:y])))
        if size:
            pieces.append(Piece("same", "".join(a[x : x + size])))
        i, j = x + size, y + size
    return pieces


def _readable(runs: list[Run], a: list[str], b: list[str]) -> list[Run]:
    """Without what stands by chance between two changes, such as a space or an article: phrases are easier to read."""
    ends = (len(a), len(b))
    kept: list[Run] = []
    for x, y, size in runs:
        at_an_end = (x, y) == (0, 0) or (x + size, y + size) == ends
        if at_an_end or sum(len(token) for token in a[x : x + size] if not token.isspace()) > 3:
            kept.append((x, y, size))
    return kept


def _with_moves(changes: list[Change]) -> list[Change]:
    """What went here and came elsewhere unchanged was moved."""
    went = Counter(one.pieces[0].text for one in changes if one.kind == "removed")
    came = Counter(one.pieces[0].text for one in changes if one.kind == "added")
    moved = {text for text, times in went.items() if came[text] == times and len(text) >= _MOVED}
    return [_moved(one) if one.pieces[0].text in moved else one for one in changes]


def _moved(change: Change) -> Change:
    if change.kind == "removed":
        return change._replace(kind="moved away")
    return change._replace(kind="moved here") if change.kind == "added" else change
