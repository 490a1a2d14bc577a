"""Patterns: contour lines, ridges, tilings, halftones, circles that meet."""

import math
from collections.abc import Callable, Iterator
from random import Random

from PIL import Image

from operations.drawing.chance import FIELD, field, floats
from operations.drawing.palettes import Palette, mixed
from operations.drawing.sheet import Point, Sheet

# The field covers the sheet: so many units from one of its cells to the next.
CELL = 1600 / (FIELD[0] - 1)


def contours(sheet: Sheet, rng: Random, colours: Palette, *, levels: int = 15, meant: int = 9) -> None:
    """A map of hills; one of its heights is drawn in the accent."""
    hills = field(rng, coarse=4, layers=2)
    for step in range(1, 5):
        sheet.raised(hills, step / 5, mixed(colours.ground, colours.shade, step / 4))
    for level, start, end in equal_heights(hills, levels):
        if level != meant:
            sheet.line([start, end], colours.soft, 4, ends=False)
    for level, start, end in equal_heights(hills, levels):
        if level == meant:
            sheet.line([start, end], colours.accent, 9)


def equal_heights(hills: Image.Image, levels: int) -> Iterator[tuple[int, Point, Point]]:
    """Short pieces of the lines on which a field is equally high, cell by cell (marching squares)."""
    heights = [height * levels for height in floats(hills)]
    wide, tall = hills.size
    for row in range(tall - 1):
        for column in range(wide - 1):
            at = row * wide + column
            corners = (heights[at], heights[at + 1], heights[at + wide + 1], heights[at + wide])
            for level in range(int(min(corners)) + 1, int(max(corners)) + 1):
                cuts = _cuts(corners, level, column, row)
                for start, end in zip(cuts[::2], cuts[1::2], strict=False):
                    yield level, start, end


def _cuts(corners: tuple[float, float, float, float], level: float, column: int, row: int) -> list[Point]:
    """Where a level crosses the sides of a cell, in units of the sheet."""
    places = ((column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1))
    cuts = []
    for side in range(4):
        low, high = corners[side], corners[(side + 1) % 4]
        if (low < level) != (high < level):
            share = (level - low) / (high - low)
            (x0, y0), (x1, y1) = places[side], places[(side + 1) % 4]
            cuts.append(((x0 + (x1 - x0) * share) * CELL, (y0 + (y1 - y0) * share) * CELL))
    return cuts


def papercut(sheet: Sheet, rng: Random, colours: Palette, *, levels: int = 7) -> None:
    """Sheets of paper with holes, one above the other, from the deep to the light; one is in the accent."""
    hills = field(rng, coarse=4, layers=1)
    path = [colours.second, colours.ground, colours.soft, colours.shade, colours.line]
    tones = [_along(path, i / (levels - 1)) for i in range(levels)]
    tones[levels // 2] = colours.accent
    sheet.rect((0, 0, sheet.width, sheet.height), tones[0])
    for i, tone in enumerate(tones[1:], start=1):
        sheet.raised(hills, i / levels, tone, shadow=0.35)


def _along(path: list[str], share: float) -> str:
    place = share * (len(path) - 1)
    first = min(int(place), len(path) - 2)
    return mixed(path[first], path[first + 1], place - first)


def ridges(sheet: Sheet, rng: Random, colours: Palette, *, rows: int = 30, peak: float = 0.5, meant: int = 24) -> None:
    """One line of measurements below the other, each hiding what is behind it; `peak` is where they rise."""
    steps = 160
    for row in range(rows):
        base = 250 + row * 24
        phases = [(rng.uniform(2, 9), rng.random() * math.tau, rng.uniform(0.2, 1)) for _ in range(5)]
        heights = []
        for i in range(steps + 1):
            at = i / steps
            hump = math.exp(-(((at - peak) / 0.17) ** 2))
            chatter = sum(size * math.sin(often * at * math.tau + phase) for often, phase, size in phases)
            heights.append(5 + rng.random() * 4 + hump * (70 + 34 * chatter + rng.random() * 26))
        points = [(160 + 1280 * i / steps, base - max(0.0, height)) for i, height in enumerate(heights)]
        sheet.polygon([(160, base + 30), *points, (1440, base + 30)], colours.ground)
        sheet.line(points, colours.accent if row == meant else colours.line, 7 if row == meant else 4)


def tiles(sheet: Sheet, rng: Random, colours: Palette, *, side: int = 160) -> None:
    """Square tiles with quarter circles, each turned by chance; together they make paths."""
    tones = (colours.line, colours.line, colours.soft)
    for column in range(-(-sheet.width // side)):
        for row in range(-(-sheet.height // side)):
            x, y = column * side, row * side
            if (column + row) % 2:
                sheet.rect((x, y, x + side, y + side), colours.shade)
            corners = ((x, y), (x + side, y + side)) if rng.random() < 0.5 else ((x + side, y), (x, y + side))
            for cx, cy in corners:
                _quarter(sheet, (x, y, side), (cx, cy), rng.choice(tones))
    for _ in range(7):
        column, row = rng.randrange(sheet.width // side), rng.randrange(sheet.height // side)
        sheet.disc((column + 0.5) * side, (row + 0.5) * side, side * 0.2, colours.accent)


def _quarter(sheet: Sheet, tile: tuple[float, float, float], corner: tuple[float, float], colour: str) -> None:
    x, y, side = tile
    start = {(True, True): 0, (False, True): 90, (False, False): 180, (True, False): 270}[
        corner[0] == x, corner[1] == y
    ]
    sheet.arc(*corner, side / 2, start, start + 90, colour, side * 0.2)


def halftone(sheet: Sheet, rng: Random, colours: Palette, *, side: int = 32) -> None:
    """Dots in a grid, large where the field is high, in the accent where it is highest."""
    heights = floats(field(rng, coarse=4, layers=2))
    for column in range(sheet.width // side + 1):
        for row in range(sheet.height // side + 1):
            x, y = (column + 0.5) * side, (row + 0.5) * side
            height = heights[min(FIELD[1] - 1, int(y / CELL)) * FIELD[0] + min(FIELD[0] - 1, int(x / CELL))]
            colour = colours.accent if height > 0.86 else mixed(colours.soft, colours.line, height)
            sheet.disc(x, y, 2 + side * 0.5 * height**1.3, colour)


def circles(sheet: Sheet, rng: Random, colours: Palette, *, sources: int = 2) -> None:
    """Rings that spread from two places and cross."""
    places = ((470, 560), (1130, 440), (800, 900))[:sources]
    for n in range(34, 0, -1):
        for i, (x, y) in enumerate(places):
            colour = colours.line if i == 0 else colours.soft
            sheet.ring(x, y, n * 34, mixed(colour, colours.ground, n / 44), 5)
    for i, (x, y) in enumerate(places):
        sheet.disc(x, y, 26, colours.accent if i == 0 else colours.line)


def blocks(sheet: Sheet, rng: Random, colours: Palette, *, wide: int = 7, missing: bool = True) -> None:
    """Cubes in stacks of unequal height, seen from above a corner; one of them is in the accent."""
    side = 104.0
    across, down = side * math.cos(math.pi / 6), side / 2
    heights = [[rng.choice((1, 1, 2, 2, 3, 4)) for _ in range(wide)] for _ in range(wide)]
    chosen = (wide // 2, wide - 2)
    for row in range(wide):
        for column in range(wide):
            for level in range(heights[row][column] if missing else 3):
                x = 800 + (column - row) * across
                y = 330 + (column + row) * down - level * side
                top = level == heights[row][column] - 1
                meant = (row, column) == chosen and top
                _cube(sheet, (x, y), (across, down, side), colours.accent if meant else "", colours)


def _cube(sheet: Sheet, at: tuple[float, float], size: tuple[float, float, float], tone: str, colours: Palette) -> None:
    (x, y), (across, down, side) = at, size
    faces = (
        (mixed(tone, "#ffffff", 0.2), tone, mixed(tone, "#000000", 0.25)) if tone
        else (colours.line, colours.soft, mixed(colours.soft, colours.second, 0.55))
    )  # fmt: skip
    sheet.polygon([(x, y), (x + across, y + down), (x, y + 2 * down), (x - across, y + down)], faces[0])
    left = [(x - across, y + down), (x, y + 2 * down), (x, y + 2 * down + side), (x - across, y + down + side)]
    sheet.polygon(left, faces[1])
    right = [(x + across, y + down), (x, y + 2 * down), (x, y + 2 * down + side), (x + across, y + down + side)]
    sheet.polygon(right, faces[2])


def waves(sheet: Sheet, rng: Random, colours: Palette, *, rows: int = 13) -> None:
    """Bands that swing, one before the other, with one in the accent."""
    meant = rows // 2
    for row in range(rows):
        base = -40 + row * 1000 / (rows - 2)
        often, phase, size = rng.uniform(0.9, 1.7), rng.random() * math.tau, rng.uniform(24, 60)
        points = [(x, base + size * math.sin(often * x / 1600 * math.tau + phase)) for x in range(-20, 1640, 20)]
        share = row / (rows - 1)
        colour = colours.accent if row == meant else mixed(colours.shade, colours.second, share)
        sheet.polygon([(-20, 1010), *points, (1620, 1010)], colour)
        sheet.line(points, mixed(colour, colours.line, 0.35), 4, ends=False)


MOTIFS: dict[str, Callable[..., None]] = {
    "contours": contours, "papercut": papercut, "ridges": ridges, "tiles": tiles, "halftone": halftone,
    "circles": circles, "blocks": blocks, "waves": waves,
}  # fmt: skip
