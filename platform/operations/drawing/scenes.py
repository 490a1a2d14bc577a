"""Landscapes of few colours: hills, sea, harbour, lighthouse, trees, a bridge, a road."""

import math
from collections.abc import Callable
from random import Random

from operations.drawing.chance import ridge
from operations.drawing.palettes import Light, mixed
from operations.drawing.sheet import Sheet

HORIZON = 610.0


def sky(sheet: Sheet, rng: Random, light: Light, *, bottom: float = HORIZON, stars: int = 0) -> None:
    sheet.gradient(light.ground, light.second, (0, 0, sheet.width, bottom))
    for _ in range(stars):
        x, y = rng.uniform(0, sheet.width), rng.uniform(0, bottom * 0.75)
        sheet.disc(x, y, rng.choice((1.6, 2.2, 3.2)), mixed(light.ground, light.glow, rng.uniform(0.5, 1)))


def orb(sheet: Sheet, light: Light, x: float, y: float, radius: float, *, colour: str = "") -> None:
    """The sun or the moon with the air around it."""
    sheet.glow(x, y, radius * 4, light.glow, 0.4)
    sheet.disc(x, y, radius, colour or light.glow)


def range_of_hills(sheet: Sheet, rng: Random, colour: str, *, foot: float, tall: float, rough: float = 0.5) -> None:
    heights = ridge(rng, 161, rough=rough)
    points = [(i * 10.0, foot - tall * height) for i, height in enumerate(heights)]
    sheet.polygon([(0, sheet.height + 2), *points, (sheet.width, sheet.height + 2)], colour)


def water(sheet: Sheet, rng: Random, light: Light, *, top: float, shine: float | None = None, wide: float = 90) -> None:
    """Down to the lower edge, with short strokes of light; below `shine` they gather."""
    sheet.gradient(mixed(light.second, light.soft, 0.5), light.line, (0, top, sheet.width, sheet.height))
    rows = 58
    for row in range(rows):
        depth = row / rows
        y = top + 6 + (sheet.height - top) * depth**1.25
        for _ in range(5):
            long = rng.uniform(14, 60) * (0.5 + depth * 1.6)
            x = rng.uniform(-50, sheet.width)
            sheet.rect((x, y, x + long, y + 2 + depth * 3), mixed(light.soft, light.line, depth * 0.8))
        if shine is not None:
            for _ in range(3):
                long = rng.uniform(12, 50) * (0.5 + depth * 1.8)
                x = rng.gauss(shine, wide * (0.25 + depth * 0.7))
                tone = mixed(light.glow, light.soft, depth * 0.55)
                sheet.rect((x - long / 2, y, x + long / 2, y + 3 + depth * 5), tone, radius=2)


def hills(sheet: Sheet, rng: Random, light: Light, *, ranges: int = 6, sun: float = 0.66) -> None:
    """Hills behind hills, paler with every one, under a low sun."""
    sky(sheet, rng, light, bottom=760)
    orb(sheet, light, 1600 * sun, 360, 92)
    for i in range(ranges):
        near = i / (ranges - 1)
        tone = mixed(mixed(light.second, light.soft, 0.75), light.line, near**1.15)
        range_of_hills(sheet, rng, tone, foot=560 + 92 * i, tall=190 - 14 * i, rough=0.42)
    sheet.grain(rng)


def sea(sheet: Sheet, rng: Random, light: Light, *, moon: float = 0.38, boat: bool = True) -> None:
    """A moon over the open sea, its light on the water, and one small boat."""
    sky(sheet, rng, light, stars=70)
    x = 1600 * moon
    orb(sheet, light, x, 300, 118)
    water(sheet, rng, light, top=HORIZON, shine=x)
    if boat:
        left, y = x + 420, HORIZON + 74.0
        hull = [(left - 74, y), (left + 84, y), (left + 56, y + 34), (left - 50, y + 34)]
        sheet.polygon(hull, light.line)
        sheet.polygon(
            [(left - 2, y - 10), (left - 2, y - 176), (left + 92, y - 10)], mixed(light.glow, light.soft, 0.25)
        )
        sheet.polygon([(left - 14, y - 10), (left - 14, y - 140), (left - 70, y - 10)], light.accent)
    sheet.grain(rng)


def harbour(sheet: Sheet, rng: Random, light: Light, *, boats: int = 7) -> None:
    """Masts before a low sun, and their reflections."""
    sky(sheet, rng, light)
    orb(sheet, light, 1130, 470, 112)
    range_of_hills(sheet, rng, mixed(light.second, light.soft, 0.7), foot=HORIZON + 10, tall=120, rough=0.4)
    water(sheet, rng, light, top=HORIZON, shine=1130)
    dark = light.line
    # Those far off first: the near ones stand before them.
    for i in sorted(range(boats), key=lambda i: i % 3):
        x = 90 + i * 1450 / boats + rng.uniform(0, 60)
        y = HORIZON + 60 + (i % 3) * 62
        size = 0.8 + (i % 3) * 0.28
        mast = rng.uniform(270, 360) * size
        hull = [
            (x - 110 * size, y),
            (x + 130 * size, y - 12 * size),
            (x + 96 * size, y + 48 * size),
            (x - 84 * size, y + 48 * size),
        ]
        tone = light.accent if i == 2 else dark
        sheet.polygon(hull, tone)
        sheet.rect((x - 110 * size, y - 2, x + 120 * size, y + 7 * size), mixed(tone, light.glow, 0.5))
        sheet.polygon(
            [(x - 40 * size, y), (x - 30 * size, y - 44 * size), (x + 34 * size, y - 44 * size), (x + 50 * size, y)],
            mixed(dark, light.soft, 0.25),
        )
        sheet.line([(x, y), (x, y - mast)], dark, 8 * size)
        sheet.line([(x, y - mast), (x + 124 * size, y - 10)], dark, 2.6)
        sheet.line([(x, y - mast), (x - 104 * size, y - 4)], dark, 2.6)
        sheet.line([(x, y - 72 * size), (x - 92 * size, y - 60 * size)], dark, 10 * size)
        for n in range(6):
            at = y + 70 * size + n * 26
            sheet.rect(
                (x - 5 - rng.uniform(0, 18), at, x + 5 + rng.uniform(0, 18), at + 9), mixed(dark, light.soft, 0.15)
            )
    sheet.grain(rng)


def lighthouse(sheet: Sheet, rng: Random, light: Light) -> None:
    """A tower on a rock; its beam goes out to the left over the sea."""
    sky(sheet, rng, light, stars=90, bottom=700)
    water(sheet, rng, light, top=700)
    lamp = (1210.0, 262.0)
    for spread, strength in ((150, 0.13), (84, 0.16), (36, 0.2)):
        sheet.veil([lamp, (-20, 190 - spread), (-20, 190 + spread * 1.5)], light.glow, strength)
    sheet.veil([lamp, (1640, 250), (1640, 340)], light.glow, 0.16)
    sheet.glow(*lamp, 300, light.glow, 0.75)
    rock = [
        (850, 1002),
        (930, 860),
        (1010, 830),
        (1090, 752),
        (1180, 770),
        (1290, 742),
        (1380, 790),
        (1470, 850),
        (1602, 900),
        (1602, 1002),
    ]
    sheet.polygon(rock, light.line)
    sheet.polygon([(1090, 752), (1180, 770), (1120, 860), (1010, 830)], mixed(light.line, light.soft, 0.25))
    white, dark = mixed(light.glow, light.soft, 0.3), light.line
    sheet.polygon([(1150, 770), (1172, 320), (1248, 320), (1270, 770)], white)
    for upper, lower in ((410, 500), (590, 680)):
        left = [1150 + 22 * (770 - y) / 450 for y in (upper, lower)]
        right = [1270 - 22 * (770 - y) / 450 for y in (upper, lower)]
        sheet.polygon([(left[0], upper), (right[0], upper), (right[1], lower), (left[1], lower)], light.accent)
    sheet.veil([(1214, 320), (1248, 320), (1270, 770), (1214, 770)], dark, 0.28)
    sheet.rect((1150, 306, 1270, 326), dark, radius=5)
    sheet.rect((1176, 226, 1244, 306), mixed(light.glow, "#ffffff", 0.4))
    for x in (1176, 1208, 1240):
        sheet.rect((x, 226, x + 5, 306), dark)
    sheet.polygon([(1164, 228), (1256, 228), (1210, 170)], dark)
    sheet.line([(1210, 172), (1210, 138)], dark, 6)
    sheet.grain(rng)


def trees(sheet: Sheet, rng: Random, light: Light, *, count: int = 15) -> None:
    """Birches one behind the other in winter light, and a low sun between them."""
    sky(sheet, rng, light, bottom=1000)
    orb(sheet, light, 930, 520, 130)
    for depth in range(3):
        near = depth / 2
        foot = 800 + 90 * depth
        ground = (
            mixed(light.second, light.soft, 0.35 + 0.3 * near) if depth < 2 else mixed(light.glow, light.soft, 0.25)
        )
        for i in range(count - depth * 3):
            x = (i + rng.uniform(0.15, 0.85)) * 1640 / (count - depth * 3) - 20
            if abs(x - 930) < 80 * near:
                continue
            thick = 9 + 21 * near + rng.uniform(0, 8)
            tone = mixed(mixed(light.second, light.soft, 0.8), light.line, near)
            _trunk(sheet, rng, light, x, foot + rng.uniform(0, 40), thick, tone, depth)
        range_of_hills(sheet, rng, ground, foot=foot + 60, tall=54, rough=0.3)
    sheet.grain(rng)


def _trunk(sheet: Sheet, rng: Random, light: Light, x: float, foot: float, thick: float, tone: str, depth: int) -> None:
    lean = rng.uniform(-40, 40)
    sheet.polygon(
        [(x - thick, foot), (x + lean - thick * 0.6, -5), (x + lean + thick * 0.6, -5), (x + thick, foot)], tone
    )
    for _ in range(5):
        up = rng.uniform(0.35, 0.95)
        bx, by = x + lean * up, foot * (1 - up)
        side, long = rng.choice((-1, 1)), rng.uniform(80, 220)
        sheet.line(
            [(bx, by), (bx + side * long * 0.6, by - long * 0.5), (bx + side * long, by - long)],
            tone,
            max(3.0, thick * 0.28),
        )
    if depth == 2:
        for _ in range(16):
            up = rng.random()
            y, wide = foot * (1 - up), thick * rng.uniform(0.4, 1)
            left = x + lean * up - thick * 0.85
            sheet.rect((left, y, left + wide, y + rng.uniform(4, 9)), mixed(tone, light.glow, 0.45))


def arches(sheet: Sheet, rng: Random, light: Light, *, spans: int = 4) -> None:
    """A stone bridge and what the river makes of it."""
    sky(sheet, rng, light, bottom=640)
    orb(sheet, light, 420, 250, 84)
    range_of_hills(sheet, rng, mixed(light.second, light.soft, 0.8), foot=600, tall=150, rough=0.45)
    line = 660.0
    sheet.gradient(mixed(light.second, light.soft, 0.4), mixed(light.soft, light.line, 0.7), (0, line, 1600, 1000))
    stone, deep = light.line, mixed(light.line, light.soft, 0.32)
    wide = 1600 / spans
    sheet.polygon([(0, 430), (800, 360), (1600, 430), (1600, 660), (0, 660)], stone)
    sheet.polygon([(0, 414), (800, 344), (1600, 414), (1600, 440), (0, 370 + 70)], deep)
    for i in range(spans):
        x, radius = wide * (i + 0.5), wide * 0.39
        beyond = mixed(light.second, light.soft, 0.45)
        mirror = mixed(light.soft, light.line, 0.05)
        sheet.slice(x, line, radius, 180, 360, beyond)
        sheet.slice(x, line, radius, 0, 180, mirror)
    for i in range(spans + 1):
        x = wide * i
        sheet.rect((x - wide * 0.11, line, x + wide * 0.11, line + 320), mixed(light.line, light.soft, 0.18))
    for row in range(44):
        y = line + 8 + row * 7.8
        for _ in range(6):
            x, long = rng.uniform(0, 1600), rng.uniform(20, 130)
            sheet.rect((x, y, x + long, y + 3), mixed(light.second, light.soft, rng.random()))
    for x, tall in ((620.0, 96.0), (700.0, 84.0)):
        foot = 366 + abs(800 - x) / 800 * 70
        sheet.rect((x - 11, foot - tall, x + 11, foot), light.accent if x < 650 else stone, radius=10)
        sheet.disc(x, foot - tall - 12, 12, stone)
    sheet.grain(rng)


def road(sheet: Sheet, rng: Random, light: Light) -> None:
    """A road that goes up into hills, poles beside it, somebody's lit window far away."""
    sky(sheet, rng, light, bottom=620)
    for i in range(4):
        tone = mixed(mixed(light.second, light.soft, 0.6), light.line, i / 4)
        range_of_hills(sheet, rng, tone, foot=520 + 80 * i, tall=170 - 26 * i, rough=0.4)
    edge = [(y, 1080 - 420 * math.sin((y - 520) / 480 * 2.6) * ((y - 500) / 500) ** 1.2) for y in range(640, 1010, 10)]
    half = [8 + 190 * ((y - 640) / 360) ** 1.5 for y, _ in edge]
    left = [(x - wide, float(y)) for (y, x), wide in zip(edge, half, strict=True)]
    right = [(x + wide, float(y)) for (y, x), wide in zip(edge, half, strict=True)]
    sheet.polygon([*left, *reversed(right)], mixed(light.glow, light.soft, 0.35))
    for n in range(7):
        size = 1.0 - n * 0.13
        x, foot = 150 + n * 128, 960 - n * 56
        sheet.line([(x, foot), (x, foot - 430 * size)], light.line, 12 * size)
        sheet.line([(x - 60 * size, foot - 396 * size), (x + 60 * size, foot - 396 * size)], light.line, 8 * size)
    sheet.glow(1240, 560, 110, light.glow, 0.7)
    sheet.polygon([(1196, 584), (1196, 548), (1240, 516), (1284, 548), (1284, 584)], light.line)
    sheet.rect((1226, 552, 1250, 576), light.accent)
    sheet.grain(rng)


MOTIFS: dict[str, Callable[..., None]] = {
    "hills": hills, "sea": sea, "harbour": harbour, "lighthouse": lighthouse, "trees": trees, "arches": arches,
    "road": road,
}  # fmt: skip
