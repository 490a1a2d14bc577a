"""Things on a table: paper, books, letters, a cup, a radio; and a line of somebody's hand."""

import math
from collections.abc import Callable
from random import Random

from operations.drawing.palettes import Light, mixed
from operations.drawing.sheet import Point, Sheet

TABLE = 720.0


def _room(sheet: Sheet, rng: Random, light: Light, *, lamp: float = 0.24) -> None:
    """A wall with the light of a window or a lamp on it, and a table."""
    sheet.gradient(light.ground, mixed(light.ground, light.second, 0.7), (0, 0, 1600, TABLE))
    sheet.glow(1600 * lamp, 250, 720, light.glow, 0.55)
    sheet.gradient(mixed(light.shade, light.line, 0.1), mixed(light.shade, light.line, 0.5), (0, TABLE, 1600, 1000))
    sheet.rect((0, TABLE, 1600, TABLE + 8), mixed(light.shade, light.glow, 0.35))


def papers(sheet: Sheet, rng: Random, light: Light, *, count: int = 34) -> None:
    """A stack of manuscripts, tied with string, and a pencil before it."""
    _room(sheet, rng, light)
    y = 888.0
    for i in range(count):
        aside, wide = rng.gauss(0, 15), 330 + rng.uniform(-10, 10)
        x = 800 + aside + 16 * math.sin(i / 6)
        tone = mixed(light.glow, light.soft, rng.uniform(0.02, 0.3))
        thick = rng.choice((9, 11, 14, 18))
        sheet.rect((x - wide, y - thick, x + wide, y), mixed(tone, light.shade, 0.45))
        sheet.rect((x - wide, y - thick, x + wide, y - 3), tone)
        y -= thick
    sheet.polygon([(470, y), (560, y - 54), (1090, y - 46), (1140, y)], mixed(light.glow, "#ffffff", 0.35))
    for n in range(4):
        left = 590 + n * 4
        sheet.line(
            [(left, y - 44 + n * 10), (1050 - (n == 3) * 200, y - 38 + n * 10)], mixed(light.shade, light.soft, 0.3), 3
        )
    for x in (700.0, 940.0):
        sheet.line([(x, y - 50), (x - 6, y), (x, 888)], light.accent, 8)
    sheet.line([(1190, 930), (1420, 878)], light.accent, 24, ends=False)
    sheet.polygon([(1190, 930 - 13), (1190, 930 + 13), (1140, 942)], mixed(light.glow, light.soft, 0.3))
    sheet.polygon([(1157, 931), (1158, 944), (1138, 943)], light.line)
    sheet.grain(rng)


def books(sheet: Sheet, rng: Random, light: Light, *, rows: int = 2) -> None:
    """Shelves of spines; some lean, one lies, one is in the accent."""
    sheet.gradient(mixed(light.line, light.shade, 0.25), light.line)
    tones = [
        light.soft,
        light.shade,
        mixed(light.soft, light.glow, 0.5),
        mixed(light.shade, light.accent, 0.25),
        light.second,
        mixed(light.glow, light.soft, 0.15),
    ]
    for row in range(rows):
        foot = 466 + row * 478
        x, meant = 24.0, rng.uniform(500, 1000)
        while x < 1570:
            wide, tall = rng.uniform(34, 84), rng.uniform(290, 400)
            is_meant = row == rows - 1 and x < meant < x + wide + 4
            tone = light.accent if is_meant else rng.choice(tones)
            lean = rng.choice((0, 0, 0, 0, 0, 0, 0, 44))
            _spine(sheet, rng, light, (x, foot, wide, tall), tone, lean)
            x += wide + 4 + lean
            if rng.random() < 0.07:
                x += rng.uniform(50, 120)
        sheet.rect((0, foot, 1600, foot + 30), mixed(light.shade, light.soft, 0.35))
        sheet.rect((0, foot + 24, 1600, foot + 34), mixed(light.line, light.shade, 0.3))
    sheet.glow(520, 120, 900, light.glow, 0.22)
    sheet.grain(rng)


def _spine(
    sheet: Sheet, rng: Random, light: Light, place: tuple[float, float, float, float], tone: str, lean: float
) -> None:
    x, foot, wide, tall = place

    def strip(low: float, high: float, colour: str) -> None:
        shift = [lean * share for share in (low, high)]
        sheet.polygon(
            [
                (x + shift[0], foot - tall * low),
                (x + shift[1], foot - tall * high),
                (x + wide + shift[1], foot - tall * high),
                (x + wide + shift[0], foot - tall * low),
            ],
            colour,
        )

    strip(0, 1, tone)
    band = mixed(tone, light.glow, 0.45) if rng.random() < 0.7 else mixed(tone, light.line, 0.5)
    kind = rng.randrange(3)
    if kind == 0:
        strip(0.8, 0.84, band)
        strip(0.12, 0.15, band)
    elif kind == 1:
        strip(0.55, 0.82, band)
    else:
        strip(0.88, 0.9, band)
        strip(0.83, 0.85, band)


def cup(sheet: Sheet, rng: Random, light: Light) -> None:
    """A cup, a jug and two pears in the light of a window."""
    _room(sheet, rng, light, lamp=0.3)
    for slant in (0, 250):
        sheet.veil([(170 + slant, 90), (390 + slant, 90), (560 + slant, 560), (340 + slant, 560)], light.glow, 0.22)
    shadow = mixed(light.shade, light.line, 0.62)
    for x, wide in ((640.0, 250.0), (1000.0, 190.0), (1250.0, 130.0)):
        sheet.oval(x + 90, 884, wide, 30, shadow)
    pale = mixed(light.glow, light.soft, 0.22)
    jug = [
        (500, 860),
        (470, 700),
        (500, 560),
        (560, 470),
        (556, 400),
        (720, 400),
        (716, 470),
        (780, 560),
        (806, 700),
        (776, 860),
    ]
    sheet.polygon(jug, light.accent)
    sheet.oval(638, 862, 138, 34, light.accent)
    sheet.polygon(
        [(700, 470), (716, 470), (780, 560), (806, 700), (776, 860), (720, 886), (742, 700), (724, 560)],
        mixed(light.accent, light.line, 0.35),
    )
    sheet.oval(638, 400, 82, 20, mixed(light.accent, light.line, 0.55))
    sheet.arc(806, 590, 92, -80, 92, mixed(light.accent, light.line, 0.25), 28)
    sheet.slice(1000, 720, 150, 0, 180, pale)
    sheet.veil([(1040, 720), (1150, 720), (1128, 800), (1060, 858)], light.shade, 0.35)
    sheet.oval(1000, 720, 150, 34, mixed(pale, "#ffffff", 0.3))
    sheet.oval(1000, 722, 128, 25, mixed(light.line, light.accent, 0.4))
    sheet.arc(1162, 768, 46, -100, 110, pale, 18)
    sheet.oval(1000, 876, 84, 16, mixed(pale, light.shade, 0.3))
    for x, y, size in ((1300.0, 830.0, 1.0), (1420.0, 850.0, 0.85)):
        tone = mixed(light.second, light.accent, 0.35)
        sheet.disc(x, y, 76 * size, tone)
        sheet.polygon(
            [
                (x - 68 * size, y - 34 * size),
                (x - 22 * size, y - 150 * size),
                (x + 26 * size, y - 150 * size),
                (x + 68 * size, y - 34 * size),
            ],
            tone,
        )
        sheet.disc(x + 2 * size, y - 142 * size, 27 * size, tone)
        sheet.line([(x + 4 * size, y - 160 * size), (x + 18 * size, y - 206 * size)], light.line, 8)
    sheet.grain(rng)


def radio(sheet: Sheet, rng: Random, light: Light) -> None:
    """An old kitchen radio with a round burn on its side, before a window with the sea in it."""
    sheet.gradient(mixed(light.ground, light.second, 0.35), mixed(light.ground, light.second, 0.75))
    sheet.rect((150, 80, 620, 600), light.line)
    sheet.gradient(light.ground, light.second, (170, 100, 600, 400))
    sheet.gradient(mixed(light.second, light.soft, 0.6), light.soft, (170, 400, 600, 580))
    sheet.disc(430, 330, 40, light.glow)
    for box in ((170, 330, 600, 342), (378, 100, 390, 580)):
        sheet.rect(box, light.line)
    sheet.rect((120, 600, 650, 630), mixed(light.line, light.soft, 0.2))
    sheet.rect((0, 830, 1600, 1000), mixed(light.glow, light.soft, 0.4))
    sheet.rect((0, 830, 1600, 842), mixed(light.glow, "#ffffff", 0.3))
    sheet.oval(1010, 846, 440, 18, mixed(light.soft, light.line, 0.4))
    body = mixed(light.shade, light.accent, 0.3)
    sheet.line([(1330, 430), (1420, 120)], mixed(light.line, light.soft, 0.3), 7)
    sheet.rect((600, 410, 1410, 838), mixed(body, light.line, 0.4), radius=60)
    sheet.rect((600, 400, 1400, 826), body, radius=60)
    sheet.rect((650, 448, 1040, 780), mixed(light.glow, light.soft, 0.35), radius=26)
    for n in range(14):
        sheet.rect((672, 472 + n * 21.5, 1018, 480 + n * 21.5), mixed(body, light.line, 0.25), radius=4)
    sheet.rect((1084, 448, 1352, 560), mixed(light.glow, "#ffffff", 0.2), radius=16)
    for n in range(13):
        sheet.line([(1104 + n * 19, 470), (1104 + n * 19, 492 + (n % 4 == 0) * 16)], light.line, 3)
    sheet.line([(1200, 458), (1200, 550)], light.accent, 6)
    for x in (1140.0, 1292.0):
        sheet.disc(x, 690, 66, mixed(body, light.line, 0.5))
        sheet.disc(x, 684, 56, mixed(light.glow, light.soft, 0.25))
        sheet.line([(x, 684), (x + 26, 648)], light.line, 8)
    sheet.disc(1352, 770, 22, mixed(body, light.line, 0.72))
    sheet.ring(1352, 770, 24, mixed(body, light.line, 0.5), 5)
    sheet.grain(rng)


def letters(sheet: Sheet, rng: Random, light: Light, *, count: int = 21) -> None:
    """Envelopes thrown on a table, one of them with a seal."""
    sheet.gradient(mixed(light.shade, light.line, 0.35), mixed(light.shade, light.line, 0.7))
    for i in range(count):
        x, y = 60 + i % 5 * 370 + rng.uniform(-60, 60), 60 + i * 7 % 4 * 290 + rng.uniform(-60, 60)
        if i == count - 1:
            x, y = 800, 520
        turn = rng.uniform(-0.5, 0.5)
        tone = mixed(light.glow, rng.choice((light.soft, light.second, light.soft)), rng.uniform(0.05, 0.55))
        _envelope(sheet, light, (x, y), turn, 270 if i == count - 1 else 220, tone, sealed=i == count - 1)
    sheet.grain(rng)


def _envelope(sheet: Sheet, light: Light, at: Point, turn: float, half: float, tone: str, *, sealed: bool) -> None:
    cos, sin = math.cos(turn), math.sin(turn)

    def placed(x: float, y: float) -> Point:
        return at[0] + x * cos - y * sin, at[1] + x * sin + y * cos

    tall = half * 0.62
    corners = [placed(-half, -tall), placed(half, -tall), placed(half, tall), placed(-half, tall)]
    sheet.veil([(x + 12, y + 16) for x, y in corners], "#000000", 0.3)
    sheet.polygon(corners, tone)
    edge = mixed(tone, light.line, 0.3)
    sheet.line([placed(-half, tall), placed(-half * 0.12, 0), placed(half * 0.12, 0), placed(half, tall)], edge, 4)
    sheet.polygon([placed(-half, -tall), placed(half, -tall), placed(0, tall * 0.24)], mixed(tone, "#ffffff", 0.22))
    sheet.line([placed(-half, -tall), placed(0, tall * 0.24), placed(half, -tall)], edge, 4)
    if sealed:
        sheet.disc(*placed(0, tall * 0.2), 42, light.accent)
        sheet.ring(*placed(0, tall * 0.2), 27, mixed(light.accent, light.line, 0.35), 6)


def script(sheet: Sheet, rng: Random, light: Light, *, rows: int = 9) -> None:
    """Lines that a hand has written; one is struck out, and one was added in the margin in another ink."""
    paper = mixed(light.glow, light.second, 0.12)
    sheet.gradient(mixed(paper, "#ffffff", 0.35), paper)
    for row in range(rows + 2):
        sheet.rect((0, 96 + row * 96, 1600, 98 + row * 96), mixed(paper, light.soft, 0.4))
    sheet.rect((330, 0, 334, 1000), mixed(paper, light.accent, 0.6))
    for row in range(rows):
        end = 1480 if row % 4 != 3 else rng.uniform(700, 1100)
        _written(sheet, rng, 384, 84 + row * 96, end, light.line, 4.5)
        if row == 4:
            sheet.line([(380, 66 + row * 96), (760, 58 + row * 96), (1140, 70 + row * 96)], light.accent, 9)
    for row in (3, 4):
        _written(sheet, rng, 70, 100 + row * 96, 290, light.accent, 4.5)
    sheet.grain(rng)


def _written(sheet: Sheet, rng: Random, start: float, base: float, end: float, ink: str, width: float) -> None:
    """Words of loops that lean to the right, joined by the line the pen does not leave."""
    x = start
    while x < end - 40:
        points: list[Point] = [(x - 10, base)]
        for _ in range(rng.randint(2, 8)):
            tall, wide = rng.choice((22, 22, 24, 20, 54, 58)), rng.uniform(9, 15)
            drop = 34 if rng.random() < 0.1 else 0
            for n in range(1, 11):
                angle = n / 10 * math.tau
                height = tall / 2 - (tall / 2 + drop * (n > 6)) * math.cos(angle)
                points.append((x + n * 1.7 - wide * math.sin(angle) * 0.55 + height * 0.36, base - height))
            x += 10 + wide
            if x > end:
                break
        sheet.line(points, ink, width)
        x += 30


MOTIFS: dict[str, Callable[..., None]] = {
    "papers": papers, "books": books, "cup": cup, "radio": radio, "letters": letters, "script": script,
}  # fmt: skip
