"""What two sequences have in common, in bounded time."""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from math import isqrt

Run = tuple[int, int, int]
"""Where in the one, where in the other, how long."""


class Budget:
    """How many steps may still be taken."""

    def __init__(self, steps: int) -> None:
        self.left = steps
        self.is_spent = False

    def spend(self, steps: int) -> bool:
        """Whether that many were left."""
        self.left -= steps
        self.is_spent = self.is_spent or self.left < 0
        return self.left >= 0


def common_runs(a: Sequence[Hashable], b: Sequence[Hashable], budget: Budget) -> list[Run]:
    """What both have in the same order: the most there is, or, when the budget is spent, what stands once in each."""
    start = end = 0
    shorter = min(len(a), len(b))
    while start < shorter and a[start] == b[start]:
        start += 1
    while end < shorter - start and a[-1 - end] == b[-1 - end]:
        end += 1
    inner = _shortest(a[start : len(a) - end], b[start : len(b) - end], budget)
    runs = [(0, 0, start)] if start else []
    runs += [(x + start, y + start, size) for x, y, size in inner]
    return [*runs, (len(a) - end, len(b) - end, end)] if end else runs


def anchored_runs(a: Sequence[Hashable], b: Sequence[Hashable], budget: Budget) -> list[Run]:
    """The same, held by what stands once in each: for blocks of text, most of which differ from all others."""
    runs: list[Run] = []
    i = j = 0
    for x, y, size in [*_unique(a, b), (len(a), len(b), 0)]:
        runs += [(i + left, j + right, long) for left, right, long in common_runs(a[i:x], b[j:y], budget)]
        runs += [(x, y, size)] if size else []
        i, j = x + size, y + size
    return _joined(runs)


def _shortest(a: Sequence[Hashable], b: Sequence[Hashable], budget: Budget) -> list[Run]:
    """By Myers' O(ND) difference algorithm (1986).

    `furthest` has, for each diagonal k = x - y, how far a path with d differences gets; its own index is k + middle.
    """
    n, m = len(a), len(b)
    if not n or not m:
        return []
    most = min(n + m, isqrt(max(budget.left, 0)) + 1)
    middle = most + 1
    furthest = array("l", [-1]) * (2 * most + 3)
    furthest[middle + 1] = 0
    trace: list[array[int]] = []
    for d in range(most + 1):
        trace.append(furthest[middle - d - 1 : middle + d + 2])
        walked = 0
        for k in range(-(d - 2 * max(0, d - m)), d - 2 * max(0, d - n) + 1, 2):
            at = middle + k
            down = k == -d or (k != d and furthest[at - 1] < furthest[at + 1])
            x = begun = furthest[at + 1] if down else furthest[at - 1] + 1
            while x < n and x - k < m and a[x] == b[x - k]:
                x += 1
            furthest[at] = x
            walked += x - begun
            if x >= n and x - k >= m:
                return _walked_back(trace, n, m)
        if not budget.spend(2 * d + walked + 1):
            break
    return _unique(a, b)


def _walked_back(trace: list["array[int]"], x: int, y: int) -> list[Run]:
    runs: list[Run] = []
    for d in range(len(trace) - 1, 0, -1):
        furthest, at = trace[d], x - y + d + 1
        down = x - y == -d or (x - y != d and furthest[at - 1] < furthest[at + 1])
        before = furthest[at + 1] if down else furthest[at - 1]
        begun = before if down else before + 1
        if x > begun:
            runs.append((begun, begun - (x - y), x - begun))
        x, y = before, before - (x - y + 1 if down else x - y - 1)
    if x:
        runs.append((0, 0, x))
    return _joined(reversed(runs))


def _joined(runs: Iterable[Run]) -> list[Run]:
    joined: list[Run] = []
    for x, y, size in runs:
        if joined and joined[-1][0] + joined[-1][2] == x and joined[-1][1] + joined[-1][2] == y:
            joined[-1] = (joined[-1][0], joined[-1][1], joined[-1][2] + size)
        else:
            joined.append((x, y, size))
    return joined


def _unique(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[Run]:
    """What stands once in each, as far as it is in the same order: the longest increasing subsequence."""
    here, there = Counter(a), Counter(b)
    where = {one: y for y, one in enumerate(b) if there[one] == 1}
    pairs = [(x, where[one]) for x, one in enumerate(a) if here[one] == 1 and one in where]
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for at, (_, y) in enumerate(pairs):
        place = bisect_left(tails, y)
        before.append(ends[place - 1] if place else -1)
        tails[place : place + 1] = [y]
        ends[place : place + 1] = [at]
    runs: list[Run] = []
    last = ends[-1] if ends else -1
    while last >= 0:
        runs.append((*pairs[last], 1))
        last = before[last]
    return _joined(reversed(runs))
