"""Parts of a whole, and things that are counted: boxes, rings, ribbons, coins, houses, containers, days."""

import math
from collections.abc import Callable, Sequence
from random import Random

from operations.drawing.charts import begin
from operations.drawing.palettes import Palette, mixed
from operations.drawing.sheet import Box, Point, Sheet


def boxes(sheet: Sheet, rng: Random, colours: Palette, *, data: Sequence[float], meant: Sequence[int] = (0,)) -> None:
    """A whole cut into rectangles as large as its parts; the order is from large to small."""
    tones = [colours.line, colours.second, colours.soft, mixed(colours.soft, colours.ground, 0.4), colours.shade]
    others = iter(range(len(data)))
    for i, box in enumerate(_cut(sorted(data, reverse=True), (0, 0, sheet.width, sheet.height))):
        left, top, right, bottom = box
        tone = colours.accent if i in meant else tones[next(others) % len(tones)]
        sheet.rect((left + 7, top + 7, right - 7, bottom - 7), tone)
        _grid_of(sheet, (left + 7, top + 7, right - 7, bottom - 7), mixed(tone, colours.ground, 0.14), rng)


def _grid_of(sheet: Sheet, box: Box, colour: str, rng: Random) -> None:
    """Dots, stripes or nothing, so that a large box is not empty."""
    left, top, right, bottom = box
    kind = rng.randrange(3)
    if kind == 0:
        for x in range(int(left) + 34, int(right) - 20, 40):
            for y in range(int(top) + 34, int(bottom) - 20, 40):
                sheet.disc(x, y, 6, colour)
    elif kind == 1:
        for y in range(int(top) + 30, int(bottom) - 10, 34):
            sheet.rect((left, y, right, y + 8), colour)


def _cut(parts: Sequence[float], box: Box) -> list[Box]:
    if len(parts) == 1:
        return [box]
    left, top, right, bottom = box
    whole, half = sum(parts), 1
    while half < len(parts) - 1 and sum(parts[: half + 1]) <= whole * 0.6:
        half += 1
    share = sum(parts[:half]) / whole
    if right - left > bottom - top:
        middle = left + (right - left) * share
        return _cut(parts[:half], (left, top, middle, bottom)) + _cut(parts[half:], (middle, top, right, bottom))
    middle = top + (bottom - top) * share
    return _cut(parts[:half], (left, top, right, middle)) + _cut(parts[half:], (left, middle, right, bottom))


def rings(sheet: Sheet, rng: Random, colours: Palette, *, data: Sequence[float] = (), meant: int = 0) -> None:
    """Arcs around one centre, each as long as its share; the outermost is the first."""
    shares = list(data) or [0.86, 0.7, 0.58, 0.41, 0.3]
    x, y, width = 800.0, 500.0, 330.0 / len(shares)
    for i, share in enumerate(shares):
        radius = 420 - i * (width + 8)
        sheet.ring(x, y, radius, colours.shade, width)
        colour = colours.accent if i == meant else mixed(colours.line, colours.soft, i / len(shares))
        sheet.arc(x, y, radius, -90, -90 + 360 * share, colour, width)


def ribbons(sheet: Sheet, rng: Random, colours: Palette, *, left: int = 3, right: int = 5) -> None:
    """Streams that part and join between two edges, the first of them in the accent."""
    starts, ends = _ports(rng, left, sheet.height), _ports(rng, right, sheet.height)
    sheet.rect((0, 0, 90, sheet.height), colours.shade)
    sheet.rect((1510, 0, 1600, sheet.height), colours.shade)
    tones = [mixed(colours.soft, colours.ground, share) for share in (0.0, 0.3, 0.5)]
    streams: list[tuple[list[Point], str]] = []
    used = [top for top, _ in starts]
    for j, (top, tall) in enumerate(ends):
        at = top
        for i in range(left):
            share = tall / left
            thick = (starts[i][1] / right, share)
            colour = (
                colours.accent if (i, j) == (0, 1) else (colours.second if (i, j) == (1, 3) else tones[(i + j) % 3])
            )
            streams.append((_ribbon((90, used[i], thick[0]), (1510, at, thick[1])), colour))
            used[i] += thick[0]
            at += share
    # The two that are meant lie over the others.
    for points, colour in sorted(streams, key=lambda one: one[1] in (colours.accent, colours.second)):
        sheet.polygon(points, colour)
    for ports, (near, far) in ((starts, (64, 96)), (ends, (1504, 1536))):
        for top, tall in ports:
            sheet.rect((near, top, far, top + tall), colours.line)


def _ports(rng: Random, count: int, height: float) -> list[tuple[float, float]]:
    sizes = [rng.uniform(0.7, 1.5) for _ in range(count)]
    gap = 60.0
    room = height - 160 - gap * (count - 1)
    tops, at = [], 80.0
    for size in sizes:
        tall = room * size / sum(sizes)
        tops.append((at, tall))
        at += tall + gap
    return tops


def _ribbon(start: tuple[float, float, float], end: tuple[float, float, float]) -> list[Point]:
    (x0, y0, tall0), (x1, y1, tall1) = start, end
    steps = [i / 40 for i in range(41)]

    def bent(a: float, b: float, t: float) -> float:
        return a + (b - a) * (3 * t * t - 2 * t**3)

    upper = [(x0 + (x1 - x0) * t, bent(y0, y1, t)) for t in steps]
    lower = [(x0 + (x1 - x0) * t, bent(y0 + tall0, y1 + tall1, t)) for t in steps]
    return [*upper, *reversed(lower)]


def coins(sheet: Sheet, rng: Random, colours: Palette, *, data: Sequence[int] = (2, 3, 5, 8, 12)) -> None:
    """Stacks of coins, each as high as its number."""
    sheet.rect((0, 800, 1600, 1000), colours.shade)
    across = 1400 / len(data)
    wide = min(125.0, across * 0.42)
    thick = min(52.0, 560 / max(data))
    for i, count in enumerate(data):
        x = 100 + across * (i + 0.5)
        face = colours.accent if i == len(data) - 1 else mixed(colours.soft, colours.second, i / len(data))
        edge, rim = mixed(face, "#000000", 0.28), mixed(face, "#ffffff", 0.25)
        for n in range(count):
            y = 850 - n * thick
            aside = rng.uniform(-5, 5)
            sheet.oval(x + aside, y, wide, wide * 0.3, edge)
            sheet.rect((x + aside - wide, y - thick + 5, x + aside + wide, y), edge)
            sheet.oval(x + aside, y - thick + 5, wide, wide * 0.3, face)
        sheet.oval(x + aside, y - thick + 5, wide * 0.72, wide * 0.215, rim)
        sheet.oval(x + aside, y - thick + 5, wide * 0.66, wide * 0.195, face)


def houses(sheet: Sheet, rng: Random, colours: Palette, *, count: int = 9, meant: int = 4) -> None:
    """A street of narrow houses, one of them in the accent."""
    sheet.gradient(colours.ground, mixed(colours.ground, colours.shade, 0.9))
    tones = [
        colours.line,
        colours.soft,
        mixed(colours.soft, colours.ground, 0.35),
        mixed(colours.line, colours.soft, 0.45),
    ]
    wide = 1640 / count
    last = -1
    for i in range(count):
        left, right = -20 + i * wide, -20 + (i + 1) * wide
        kind = rng.choice([one for one in range(len(tones)) if one != last])
        last = kind
        wall = colours.accent if i == meant else tones[kind]
        eaves = 1000 - rng.choice((430, 500, 560, 620))
        roof = rng.choice((110, 150, 190))
        sheet.polygon(
            [(left, 1000), (left, eaves), ((left + right) / 2, eaves - roof), (right, eaves), (right, 1000)], wall
        )
        pane = mixed(wall, colours.ground, 0.72)
        for row in range(int((1000 - eaves - 190) // 120) + 1):
            for column in (0.26, 0.62):
                x, y = left + wide * column, eaves + 40 + row * 120
                lit = rng.random() < 0.16
                sheet.rect((x - 4, y, x + wide * 0.13, y + 68), colours.second if lit else pane)
        sheet.rect((left + wide * 0.4, 884, left + wide * 0.62, 1000), mixed(wall, "#000000", 0.35))


def containers(sheet: Sheet, rng: Random, colours: Palette, *, rows: int = 5) -> None:
    """Containers on a quay under a crane."""
    sheet.rect((0, 880, 1600, 1000), colours.shade)
    tones = (colours.line, colours.soft, colours.accent, colours.second, mixed(colours.soft, colours.ground, 0.3))
    for column in range(8):
        for row in range(rng.randint(2, rows) if column < 6 else rng.randint(1, 2)):
            left, bottom = 60 + column * 190, 880 - row * 96
            tone = rng.choice(tones)
            sheet.rect((left, bottom - 92, left + 184, bottom), tone)
            for rib in range(9):
                x = left + 12 + rib * 19
                sheet.rect((x, bottom - 80, x + 7, bottom - 12), mixed(tone, "#000000", 0.14))
    dark = mixed(colours.line, colours.ground, 0.1)
    for x in (1250, 1480):
        sheet.line([(x, 880), (x, 200)], dark, 20)
    sheet.line([(320, 200), (1560, 200)], dark, 24)
    for x in range(360, 1560, 80):
        sheet.line([(x, 200), (x + 40, 150), (x + 80, 200)], dark, 7, ends=False)
    sheet.line([(1365, 60), (360, 196)], dark, 7)
    sheet.line([(1365, 60), (1550, 196)], dark, 7)
    sheet.line([(1250, 200), (1365, 60), (1480, 200)], dark, 16)
    sheet.rect((700, 210, 800, 240), colours.accent)
    for x in (712, 788):
        sheet.line([(x, 240), (x, 286)], dark, 5)
    sheet.rect((658, 286, 842, 374), colours.accent)


def days(sheet: Sheet, rng: Random, colours: Palette, *, columns: int = 16, rows: int = 9) -> None:
    """A calendar of squares, each as deep as its day was busy."""
    side = 1600 / columns
    for column in range(columns):
        for row in range(rows + 2):
            season = 0.5 + 0.42 * math.sin(column / columns * math.tau * 1.2 + row / 5)
            heat = min(1.0, max(0.0, season + rng.gauss(0, 0.2)))
            tone = colours.accent if heat > 0.94 else mixed(colours.shade, colours.line, heat**1.4)
            x, y = column * side, row * side - side / 2
            sheet.rect((x + 6, y + 6, x + side - 6, y + side - 6), tone, radius=10)


def balance(sheet: Sheet, rng: Random, colours: Palette, *, left: Sequence[float], right: Sequence[float]) -> None:
    """Two columns cut into their parts, to one measure; what is alike in both has one colour."""
    begin(sheet, colours)
    tones = (colours.accent, colours.soft, colours.line, colours.second)
    whole = max(sum(left), sum(right))
    for x, parts in ((250.0, left), (850.0, right)):
        at = 870.0
        for i, part in enumerate(parts):
            tall = 690 * part / whole
            sheet.rect((x, at - tall + 8, x + 500, at), tones[i % len(tones)])
            at -= tall
    sheet.rect((80, 878, 1520, 886), colours.line)


MOTIFS: dict[str, Callable[..., None]] = {
    "boxes": boxes, "rings": rings, "ribbons": ribbons, "coins": coins, "houses": houses, "containers": containers,
    "days": days, "balance": balance,
}  # fmt: skip
