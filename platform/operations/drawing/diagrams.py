"""Diagrams of what has no look: traces, nodes, queues, plans, keys, changes, flags, hours."""

import math
from collections.abc import Callable, Sequence
from random import Random

from operations.drawing.palettes import Palette, mixed
from operations.drawing.sheet import Point, Sheet


def circuit(sheet: Sheet, rng: Random, colours: Palette, *, traces: int = 26) -> None:
    """Tracks that leave a chip on all sides, bend once by half a right angle and end in a pad."""
    left, top, right, bottom = 590.0, 310.0, 1010.0, 690.0
    for side in range(4):
        count = traces // 4 + 2
        for i in range(count):
            share = (i + 0.5) / count
            colour = colours.accent if (side, i) in ((0, 2), (2, count - 2)) else colours.soft
            points = _track(rng, side, share, (left, top, right, bottom))
            sheet.line(points, colour, 10)
            sheet.disc(*points[-1], 21, colour)
            sheet.disc(*points[-1], 9, colours.ground)
    sheet.rect((left - 22, top - 22, right + 22, bottom + 22), colours.line, radius=30)
    sheet.rect((left, top, right, bottom), colours.ground, radius=16)
    for row in range(6):
        for column in range(7):
            x, y = left + 48 + column * 54, top + 55 + row * 54
            on = rng.random() < 0.35
            sheet.rect((x - 17, y - 17, x + 17, y + 17), colours.accent if on else colours.shade, radius=5)


def _track(rng: Random, side: int, share: float, chip: tuple[float, float, float, float]) -> list[Point]:
    left, top, right, bottom = chip
    lean = (share - 0.5) * 2
    straight = 60 + 90 * (1 - abs(lean)) + rng.uniform(0, 30)
    bend, reach = 190 * lean, rng.uniform(60, 330)
    if side in (0, 2):
        sign, edge = (-1, top) if side == 0 else (1, bottom)
        x, y = left + (right - left) * share, edge + sign * 22
        corner = (x, y + sign * straight)
        after = (x + bend, corner[1] + sign * abs(bend))
        return [(x, y), corner, after, (after[0], after[1] + sign * reach * 0.4)]
    sign, edge = (-1, left) if side == 3 else (1, right)
    x, y = edge + sign * 22, top + (bottom - top) * share
    corner = (x + sign * straight, y)
    after = (corner[0] + sign * abs(bend), y + bend)
    return [(x, y), corner, after, (after[0] + sign * reach, after[1])]


def graph(sheet: Sheet, rng: Random, colours: Palette, *, count: int = 46, hubs: int = 3) -> None:
    """Nodes with lines to their neighbours; a few know many."""
    nodes = [
        (110 + 1380 * (i % 9 + rng.uniform(0.1, 0.9)) / 9, 90 + 820 * (i // 9 + rng.uniform(0.1, 0.9)) / 5.2)
        for i in range(count)
    ]
    middle = sorted(range(count), key=lambda i: math.dist(nodes[i], (800, 500)))
    for at in nodes:
        for other in _nearest(nodes, at, 3):
            sheet.line([at, other], colours.soft, 4)
    chosen = [middle[n * 5] for n in range(hubs)]
    for i in chosen:
        for other in _nearest(nodes, nodes[i], 8):
            sheet.line([nodes[i], other], colours.accent if i == chosen[0] else colours.line, 6)
    for i, (x, y) in enumerate(nodes):
        size = 40 if i in chosen else rng.choice((11, 14, 18))
        sheet.disc(x, y, size + 7, colours.ground)
        sheet.disc(x, y, size, colours.accent if i == chosen[0] else colours.line)


def _nearest(nodes: Sequence[Point], at: Point, count: int) -> list[Point]:
    return sorted(nodes, key=lambda node: math.dist(at, node))[1 : count + 1]


def lanes(sheet: Sheet, rng: Random, colours: Palette, *, rows: int = 12, late: Sequence[int] = (3, 8)) -> None:
    """Lines of a log: pieces of unequal length, in a few rows one piece that took too long."""
    tall = 1000 / rows
    for row in range(rows):
        y, x = row * tall + tall * 0.26, 70.0
        sheet.rect((x, y, x + 92, y + tall * 0.48), colours.shade, radius=10)
        x += 122
        while x < 1480:
            long = rng.choice((40, 64, 90, 130, 190))
            if row in late and 500 < x < 720:
                sheet.rect((x, y, x + 520, y + tall * 0.48), colours.accent, radius=10)
                x += 548
                continue
            tone = rng.choice((colours.line, colours.soft, colours.soft, mixed(colours.soft, colours.ground, 0.45)))
            sheet.rect((x, y, min(x + long, 1530), y + tall * 0.48), tone, radius=10)
            x += long + 26


def tree(sheet: Sheet, rng: Random, colours: Palette) -> None:
    """A plan: one box at the top, three below it, nine below these; the way that is taken is in the accent."""
    levels = [[800.0], [320.0, 800.0, 1280.0], [145.0 + 163.75 * i for i in range(9)]]
    taken = (0, rng.randrange(3), rng.randrange(3))
    path = {(0, 0), (1, taken[1]), (2, taken[1] * 3 + taken[2])}
    tops = (170.0, 470.0, 770.0)
    edges = [((0, 0), (1, i)) for i in range(3)] + [((1, i), (2, i * 3 + j)) for i in range(3) for j in range(3)]
    for above, below in sorted(edges, key=lambda edge: edge[1] in path):
        start, end = (levels[above[0]][above[1]], tops[above[0]] + 60), (levels[below[0]][below[1]], tops[below[0]])
        half = (start[1] + end[1]) / 2
        on = below in path
        sheet.line(
            [start, (start[0], half), (end[0], half), end], colours.accent if on else colours.soft, 12 if on else 6
        )
    for level, places in enumerate(levels):
        wide = (190, 150, 62)[level]
        for i, x in enumerate(places):
            colour = colours.accent if (level, i) in path else colours.line
            sheet.rect((x - wide, tops[level] - 50, x + wide, tops[level] + 62), colour, radius=18)
            for n in range((3, 3, 2)[level]):
                left = x - wide + 28
                long = rng.uniform(0.4, 1) * (wide * 2 - 56)
                sheet.rect(
                    (left, tops[level] - 22 + n * 26, left + long, tops[level] - 12 + n * 26),
                    mixed(colour, colours.ground, 0.62),
                )


def keyboard(sheet: Sheet, rng: Random, colours: Palette, *, meant: Sequence[int] = (16, 17, 18, 29)) -> None:
    """Keys in staggered rows, some of them in the accent."""
    side, number = 142.0, 0
    for row in range(-1, 7):
        start = -200 + (row % 4) * 44.0
        for column in range(14):
            x, y = start + column * side, 30 + row * side
            on = number % 56 in meant
            top = colours.accent if on else rng.choice((colours.line, colours.line, colours.soft))
            sheet.rect((x + 8, y + 14, x + side - 8, y + side - 2), mixed(top, colours.second, 0.6), radius=22)
            sheet.rect((x + 8, y + 4, x + side - 8, y + side - 18), top, radius=22)
            sheet.rect((x + 24, y + 14, x + side - 24, y + side - 36), mixed(top, "#ffffff", 0.16), radius=16)
            number += 1


def changes(sheet: Sheet, rng: Random, colours: Palette, *, rows: int = 17) -> None:
    """Two columns of lines of code; what went is marked on the left, what came on the right."""
    for side, x in enumerate((70.0, 830.0)):
        sheet.rect((x, 70, x + 700, 930), mixed(colours.ground, colours.shade, 0.8), radius=18)
        for row in range(rows):
            y, inset = 104 + row * 48.5, rng.choice((0, 0, 44, 44, 88))
            marked = 5 <= row <= 7 or row in ((11,) if side == 0 else (11, 12, 13))
            if marked:
                tone = colours.accent if side == 0 else colours.second
                sheet.rect((x, y - 13, x + 700, y + 36), mixed(colours.ground, tone, 0.32))
                sheet.rect((x, y - 13, x + 14, y + 36), tone)
            at = x + 50 + inset
            while at < x + 560:
                long = rng.choice((36, 60, 84, 120, 160))
                plain = rng.choice((colours.soft, colours.soft, colours.line))
                shown = (colours.accent if side == 0 else colours.line) if marked else plain
                sheet.rect((at, y, min(at + long, x + 660), y + 22), shown, radius=8)
                at += long + 20
                if rng.random() < 0.28:
                    break


def flags(sheet: Sheet, rng: Random, colours: Palette, *, columns: int = 9, rows: int = 5) -> None:
    """Pennants in rows; most hang, some fly, a few are gone and only the pole stands."""
    for row in range(rows):
        for column in range(columns):
            x, y = 120 + column * 166, 70 + row * 186
            sheet.line([(x, y), (x, y + 146)], colours.soft, 8)
            kind = rng.random()
            if kind < 0.2:
                continue
            tone = colours.accent if kind > 0.86 else (colours.line if kind > 0.5 else colours.second)
            sheet.polygon([(x + 4, y + 2), (x + 112, y + 36), (x + 4, y + 74)], tone)


def hours(sheet: Sheet, rng: Random, colours: Palette, *, meant: int = 13) -> None:
    """The zones of the hours, as stripes with borders that politics bent."""
    count = 18
    borders: list[list[Point]] = []
    for i in range(count + 1):
        x, y, aside = i * 1600 / count, -10.0, 0.0
        points: list[Point] = []
        while y < 1010:
            points.append((x + aside, y))
            y += rng.uniform(70, 240)
            points.append((x + aside, y))
            # What lies at the edge of the sheet is straight: nothing shows behind it.
            aside = rng.choice((0, 0, 0, -30, 30, 44)) if 0 < i < count else 0
        borders.append(points)
    for i in range(count):
        day = 0.5 + 0.5 * math.sin((i / count - 0.2) * math.tau)
        tone = colours.accent if i == meant else mixed(colours.second, colours.line, day)
        sheet.polygon([*borders[i], *reversed(borders[i + 1])], tone)
    for border in borders:
        sheet.line(border, colours.ground, 6, ends=False)
    sheet.rect((0, 496, 1600, 502), colours.ground)


def globe(sheet: Sheet, rng: Random, colours: Palette) -> None:
    """Meridians and parallels, with the way of a message between three places."""
    x, y, r = 800.0, 520.0, 400.0
    sheet.disc(x, y, r, colours.shade)
    for n in range(6):
        across = r * math.sin(n / 6 * math.pi / 2)
        for i in range(60):
            a, b = (math.pi * (i + d) / 60 - math.pi / 2 for d in (0, 1))
            for sign in (-1, 1):
                sheet.line(
                    [(x + sign * across * math.cos(t), y + r * math.sin(t)) for t in (a, b)],
                    colours.soft,
                    4,
                    ends=False,
                )
    for n in range(-4, 5):
        down = r * n / 5
        half = math.sqrt(r * r - down * down)
        sheet.line([(x - half, y + down), (x + half, y + down)], colours.soft, 4)
    sheet.ring(x, y, r, colours.line, 9)
    stops = [(560.0, 420.0), (880.0, 300.0), (1010.0, 650.0), (640.0, 720.0)]
    for start, end in zip(stops, [*stops[1:], stops[0]], strict=True):
        lift = ((start[0] + end[0]) / 2 + (start[1] - end[1]) * 0.25, (start[1] + end[1]) / 2 - 120)
        arc = [
            tuple((1 - t) ** 2 * start[i] + 2 * t * (1 - t) * lift[i] + t * t * end[i] for i in (0, 1))
            for t in (n / 30 for n in range(31))
        ]
        sheet.line([(p[0], p[1]) for p in arc], colours.accent, 8)
    for px, py in stops:
        sheet.disc(px, py, 24, colours.ground)
        sheet.disc(px, py, 17, colours.accent)


MOTIFS: dict[str, Callable[..., None]] = {
    "circuit": circuit, "graph": graph, "lanes": lanes, "tree": tree, "keyboard": keyboard, "changes": changes,
    "flags": flags, "hours": hours, "globe": globe,
}  # fmt: skip
