"""Towns after dark: lit windows, a row of lamps, roofs, stairs, rain on a pane."""

import math
from collections.abc import Callable
from random import Random

from operations.drawing.palettes import Light, mixed
from operations.drawing.scenes import orb, sky
from operations.drawing.sheet import Sheet


def windows(sheet: Sheet, rng: Random, light: Light, *, lit: float = 0.2) -> None:
    """House fronts close together; here and there somebody is still awake."""
    sky(sheet, rng, light, bottom=700, stars=60)
    orb(sheet, light, 1290, 190, 74)
    for depth in range(3):
        x, near = -40.0, depth / 2
        wall = mixed(mixed(light.shade, light.soft, 0.5), light.line, 0.25 + 0.75 * near)
        while x < 1600:
            wide, tall = rng.uniform(150, 290), (690, 560, 420)[depth] + rng.uniform(-80, 80)
            tone = mixed(wall, light.ground, rng.uniform(0, 0.16))
            _front(sheet, rng, light, (x, 1000 - tall, x + wide, 1002), tone, lit * (0.5 + near))
            x += wide
    sheet.grain(rng)


def _front(
    sheet: Sheet, rng: Random, light: Light, box: tuple[float, float, float, float], wall: str, lit: float
) -> None:
    left, top, right, bottom = box
    sheet.rect(box, wall)
    roof = rng.choice(("flat", "gable", "gable", "slope"))
    if roof == "gable":
        sheet.polygon([(left, top + 1), ((left + right) / 2, top - 66), (right, top + 1)], wall)
    elif roof == "slope":
        sheet.polygon([(left, top + 1), (left, top - 50), (right, top + 1)], wall)
    if rng.random() < 0.5:
        sheet.rect((left + 26, top - 62, left + 56, top + 10), wall)
    columns = max(2, int((right - left) // 62))
    gap = (right - left) / columns
    dark = mixed(wall, light.second, 0.16)
    y = top + 44
    while y < bottom - 40:
        for column in range(columns):
            x = left + gap * (column + 0.5)
            on = rng.random() < lit
            tone = rng.choice((light.glow, light.accent, mixed(light.glow, light.accent, 0.4))) if on else dark
            sheet.rect((x - 15, y, x + 15, y + 46), tone)
            if on:
                sheet.rect((x - 1.5, y, x + 1.5, y + 46), wall)
        y += 86


def lamps(sheet: Sheet, rng: Random, light: Light, *, count: int = 6) -> None:
    """Street lamps that grow smaller with the road, each with its circle of light, and one walker."""
    sheet.gradient(light.ground, mixed(light.shade, light.soft, 0.35))
    sheet.polygon(
        [(0, 1000), (0, 760), (1180, 520), (1230, 520), (1600, 700), (1600, 1000)], mixed(light.line, light.shade, 0.35)
    )
    for depth in reversed(range(count)):
        size = 0.72**depth
        x, foot = 1180 - 900 * size, 525 + 400 * size
        head = foot - 640 * size
        arm = x + 96 * size
        pool = mixed(mixed(light.line, light.shade, 0.35), light.glow, 0.5)
        sheet.oval(arm, foot + 16 * size, 210 * size, 44 * size, pool)
        sheet.veil(
            [
                (arm - 26 * size, head + 40 * size),
                (arm + 26 * size, head + 40 * size),
                (arm + 206 * size, foot + 18 * size),
                (arm - 206 * size, foot + 18 * size),
            ],
            light.glow,
            0.2,
        )
        sheet.glow(arm, head + 40 * size, 190 * size, light.glow, 0.85)
        sheet.line([(x, foot), (x, head), (arm, head)], light.line, 15 * size)
        sheet.polygon(
            [
                (arm - 34 * size, head + 34 * size),
                (arm + 34 * size, head + 34 * size),
                (arm + 16 * size, head - 4 * size),
                (arm - 16 * size, head - 4 * size),
            ],
            light.line,
        )
        sheet.oval(arm, head + 40 * size, 24 * size, 16 * size, mixed(light.glow, "#ffffff", 0.4))
    _walker(sheet, light, 640, 800)
    sheet.grain(rng)


def _walker(sheet: Sheet, light: Light, x: float, foot: float) -> None:
    dark = light.line
    sheet.line([(x - 14, foot), (x, foot - 62), (x + 18, foot)], dark, 13)
    sheet.polygon([(x - 26, foot - 50), (x - 17, foot - 132), (x + 17, foot - 132), (x + 28, foot - 50)], light.accent)
    sheet.disc(x, foot - 150, 18, dark)
    sheet.rect((x - 27, foot - 164, x + 27, foot - 158), dark, radius=3)


def roofs(sheet: Sheet, rng: Random, light: Light, *, rows: int = 5) -> None:
    """Roofs down to the water's edge of the sky, chimneys, and a flock that has just left."""
    sky(sheet, rng, light, bottom=900)
    orb(sheet, light, 360, 300, 96)
    for row in range(rows):
        near = row / (rows - 1)
        x, foot = -60.0 - rng.uniform(0, 80), 560 + row * 108
        while x < 1640:
            wide = rng.uniform(170, 270)
            tone = mixed(mixed(light.second, light.soft, 0.9), light.line, near * 0.9 + rng.uniform(0, 0.1))
            peak = foot - rng.uniform(70, 130)
            if rng.random() < 0.6:
                cx = x + wide * rng.uniform(0.2, 0.35)
                sheet.rect((cx, peak - 34, cx + 34, foot), mixed(tone, light.line, 0.3))
            sheet.polygon([(x, foot), (x + wide / 2, peak), (x + wide, foot), (x + wide, 1002), (x, 1002)], tone)
            sheet.polygon(
                [(x + wide / 2, peak), (x + wide, foot), (x + wide * 0.72, foot)], mixed(tone, light.accent, 0.35)
            )
            if rng.random() < 0.35:
                sheet.rect((x + wide * 0.42, foot + 22, x + wide * 0.58, foot + 62), light.glow)
            x += wide
    for _ in range(26):
        bx, by, size = rng.gauss(1120, 190), rng.gauss(250, 84), rng.uniform(12, 30)
        sheet.line([(bx - size, by - size * 0.45), (bx, by), (bx + size, by - size * 0.5)], light.line, size * 0.2)
    sheet.grain(rng)


def stairs(sheet: Sheet, rng: Random, light: Light, *, turns: int = 26) -> None:
    """A stairwell, seen from the top floor."""
    sheet.gradient(mixed(light.second, light.glow, 0.3), light.second)
    x, y = 800.0, 520.0
    for level in range(6):
        outer = 860 * 0.68**level
        inner = outer * 0.68
        for step in range(turns):
            start = 360 / turns * step + level * 9
            share = 0.5 + 0.5 * math.cos(math.radians(start * 2 - 60))
            tone = mixed(mixed(light.soft, light.glow, 0.35), light.line, min(1.0, 0.12 * level + 0.55 * share))
            sheet.slice(x, y, outer, start, start + 360 / turns - 0.6, tone)
        sheet.ring(x, y, inner + 6, light.accent if level == 1 else light.line, 16 * 0.8**level)
    sheet.disc(x, y, 860 * 0.68**6, light.line)
    sheet.glow(x, y, 120, light.glow, 0.9)
    sheet.grain(rng)


def rain(sheet: Sheet, rng: Random, light: Light) -> None:
    """A window from inside: lights out there, out of focus, and drops that run down the pane."""
    sheet.gradient(light.ground, light.shade)
    for _ in range(44):
        x, y, size = rng.uniform(0, 1600), rng.gauss(560, 190), rng.uniform(26, 92)
        tone = rng.choice((light.glow, light.accent, light.second))
        sheet.glow(x, y, size * 1.5, tone, 0.42)
        sheet.glow(x, y, size * 0.8, tone, 0.35)
    for _ in range(240):
        x, y, size = rng.uniform(0, 1600), rng.uniform(0, 1000), rng.uniform(3, 9)
        sheet.oval(x, y, size, size * 1.25, mixed(light.soft, light.glow, rng.uniform(0.1, 0.6)))
    for _ in range(16):
        x, y, end = rng.uniform(40, 1560), rng.uniform(-40, 300), rng.uniform(300, 860)
        points = [(x + rng.uniform(-7, 7), y + (end - y) * n / 9) for n in range(10)]
        sheet.line(points, mixed(light.shade, light.second, 0.5), 6)
        sheet.oval(points[-1][0], points[-1][1], 12, 17, mixed(light.second, light.glow, 0.6))
    frame = light.line
    for box in (
        (0, 0, 1600, 46),
        (0, 930, 1600, 1000),
        (0, 0, 60, 1000),
        (1540, 0, 1600, 1000),
        (1040, 0, 1078, 1000),
        (0, 470, 1600, 500),
    ):
        sheet.rect(box, frame)
    sheet.rect((0, 930, 1600, 942), mixed(frame, light.soft, 0.4))
    sheet.grain(rng)


MOTIFS: dict[str, Callable[..., None]] = {
    "windows": windows, "lamps": lamps, "roofs": roofs, "stairs": stairs, "rain": rain,
}  # fmt: skip
