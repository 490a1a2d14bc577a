"""Three versions of one thing made into one: what it was, what they made of it, what I made of it. Pure.

What only one of the two changed is proposed as it is. Nothing is decided where both did.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)

MOST_COMPARED = 4_000_000
"""Pairs of blocks that are looked at, after what is equal at both ends. Beyond that the rest is one stretch."""


class State(StrEnum):
    SAME = "same"  # nobody changed it
    THEIRS = "theirs"  # they did
    MINE = "mine"  # I did
    BOTH = "both"  # both did, and alike
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Field(Generic[T]):
    """One value in its three versions. `proposed` is what to take unless somebody decides: mine, in a conflict."""

    state: State
    base: T | None
    theirs: T
    mine: T

    @property
    def proposed(self) -> T:
        return self.theirs if self.state in (State.THEIRS, State.SAME) else self.mine


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of blocks in its three versions, each of which may be empty."""

    state: State
    base: tuple[str, ...]
    theirs: tuple[str, ...]
    mine: tuple[str, ...]

    @property
    def proposed(self) -> tuple[str, ...] | None:
        """What to take; None where somebody has to decide."""
        if self.state == State.CONFLICT:
            return None
        return self.theirs if self.state == State.THEIRS else self.mine


def merge_value(theirs: T, mine: T, *, base: T | None, is_known: bool = True) -> Field[T]:
    """`is_known`: whether it is known what it was. If not, two that differ are a conflict."""
    return Field(_state(base, theirs, mine) if is_known else _unknown(theirs, mine), base, theirs, mine)


def merge_items(base: Sequence[T], theirs: Sequence[T], mine: Sequence[T]) -> tuple[T, ...]:
    """Lists in which each item stands once: without what either took out, with what either put in.

    In my order, then what they added; where I changed nothing, theirs.
    """
    if list(mine) == list(base):
        return tuple(theirs)
    removed = set(base) - set(theirs)
    added = [item for item in theirs if item not in set(base) and item not in set(mine)]
    return (*(item for item in mine if item not in removed), *added)


def merge_blocks(base: Sequence[str], theirs: Sequence[str], mine: Sequence[str]) -> list[Piece]:
    """The stretches in their order. White space around a block does not make it another."""
    in_theirs, in_mine = _partners(base, theirs), _partners(base, mine)
    pieces: list[Piece] = []
    at_base = at_theirs = at_mine = 0
    for place, block in enumerate(base):
        there, here = in_theirs.get(place), in_mine.get(place)
        if there is None or here is None:
            continue
        _add(pieces, base[at_base:place], theirs[at_theirs:there], mine[at_mine:here])
        _add_same(pieces, block, theirs[there], mine[here])
        at_base, at_theirs, at_mine = place + 1, there + 1, here + 1
    _add(pieces, base[at_base:], theirs[at_theirs:], mine[at_mine:])
    return pieces


def _add(pieces: list[Piece], base: Sequence[str], theirs: Sequence[str], mine: Sequence[str]) -> None:
    if base or theirs or mine:
        versions = tuple(base), tuple(theirs), tuple(mine)
        pieces.append(Piece(_state(*versions), *versions))


def _add_same(pieces: list[Piece], base: str, theirs: str, mine: str) -> None:
    # The white space of whoever changed it; what stands at the end of a body has none.
    kept = theirs if mine == base else mine
    last = pieces[-1] if pieces else None
    if last and last.state == State.SAME:
        pieces[-1] = Piece(State.SAME, (*last.base, base), (*last.theirs, theirs), (*last.mine, kept))
    else:
        pieces.append(Piece(State.SAME, (base,), (theirs,), (kept,)))


def _state(base: T | None, theirs: T, mine: T) -> State:
    if theirs == mine:
        return State.SAME if mine == base else State.BOTH
    if mine == base:
        return State.THEIRS
    return State.MINE if theirs == base else State.CONFLICT


def _unknown(theirs: T, mine: T) -> State:
    return State.SAME if theirs == mine else State.CONFLICT


def _partners(base: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    """For each block of the base that is in the other, in order, where."""
    one, two = [block.strip() for block in base], [block.strip() for block in other]
    start = _alike(one, two)
    end = _alike(one[start:][::-1], two[start:][::-1])
    found = {place: place for place in range(start)}
    found |= {len(one) - 1 - place: len(two) - 1 - place for place in range(end)}
    between = one[start : len(one) - end], two[start : len(two) - end]
    if len(between[0]) * len(between[1]) <= MOST_COMPARED:
        for match in SequenceMatcher(None, *between, autojunk=False).get_matching_blocks():
            found |= {start + match.a + step: start + match.b + step for step in range(match.size)}
    return found


def _alike(one: Sequence[str], two: Sequence[str]) -> int:
    """How many are equal from the beginning on."""
    count = 0
    for first, second in zip(one, two, strict=False):
        if first != second:
            break
        count += 1
    return count
