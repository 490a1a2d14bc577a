"""People who do not exist: a head, shoulders, hair, and what one remembers of a face from across a room."""

from random import Random

from operations.drawing.palettes import Palette, mixed
from operations.drawing.sheet import Sheet

SKINS = ("#f2cdb0", "#e2b08a", "#c98d63", "#9c6442", "#6f432b")
HAIRS = {
    "black": "#1f1a1c",
    "brown": "#55351f",
    "red": "#a2482a",
    "grey": "#9a9a9c",
    "white": "#e6e0d6",
    "blond": "#d2a45c",
}


def draw_somebody(
    sheet: Sheet, rng: Random, colours: Palette, *, skin: int, hair: str, cut: str, coat: str = "",
    glasses: bool = False, beard: bool = False,
) -> None:  # fmt: skip
    """`skin` from 0, pale, to 4; `hair` a colour of HAIRS; `cut`: short, bob, bun, long, curls or bald."""
    tone, tuft = SKINS[skin], HAIRS[hair]
    deep = mixed(tone, "#3a1c14", 0.22)
    cloth = coat or colours.line
    sheet.disc(rng.uniform(430, 500), rng.uniform(150, 220), 250, colours.shade)
    if cut == "long":
        sheet.rect((188, 190, 452, 540), tuft, radius=120)
    if cut == "bun":
        sheet.disc(320, 98, 62, tuft)
    if cut == "curls":
        for x, y, r in (
            (210, 250, 74),
            (430, 250, 74),
            (220, 170, 80),
            (420, 170, 80),
            (320, 130, 96),
            (206, 330, 56),
            (434, 330, 56),
        ):
            sheet.disc(x, y, r, tuft)
    if cut == "bob":
        sheet.rect((194, 130, 446, 400), tuft, radius=116)
    _shoulders(sheet, colours, cloth, tone, deep)
    _head(sheet, tone, deep)
    _hair(sheet, cut, tuft)
    _face(sheet, tone, tuft, glasses=glasses, beard=beard)


def _shoulders(sheet: Sheet, colours: Palette, cloth: str, tone: str, deep: str) -> None:
    sheet.oval(320, 680, 258, 196, cloth)
    sheet.rect((272, 380, 368, 500), deep)
    sheet.polygon([(258, 500), (320, 566), (382, 500), (350, 480), (290, 480)], tone)
    dark = mixed(cloth, "#000000", 0.25)
    sheet.polygon([(250, 486), (320, 600), (286, 640), (214, 512)], dark)
    sheet.polygon([(390, 486), (320, 600), (354, 640), (426, 512)], dark)


def _head(sheet: Sheet, tone: str, deep: str) -> None:
    for x in (214, 426):
        sheet.oval(x, 306, 20, 30, deep)
    sheet.rect((216, 160, 424, 440), tone, radius=102)
    # The side that the light does not reach.
    sheet.polygon([(320, 252), (338, 330), (308, 336)], deep)


def _hair(sheet: Sheet, cut: str, tuft: str) -> None:
    if cut == "bald":
        return
    if cut == "short":
        sheet.slice(320, 262, 112, 180, 360, tuft)
        sheet.polygon([(208, 262), (432, 262), (432, 290), (404, 236), (300, 226), (236, 240), (208, 296)], tuft)
        return
    sheet.slice(320, 256, 114, 180, 360, tuft)
    if cut in ("bob", "long"):
        sheet.polygon([(206, 256), (434, 256), (434, 330), (410, 250), (330, 216), (250, 262), (206, 336)], tuft)
    else:
        sheet.polygon([(206, 256), (434, 256), (430, 300), (400, 232), (320, 218), (240, 232), (210, 300)], tuft)


def _face(sheet: Sheet, tone: str, tuft: str, *, glasses: bool, beard: bool) -> None:
    ink = mixed(tone, "#1c0f10", 0.75)
    if beard:
        sheet.slice(320, 362, 106, 0, 180, tuft)
        sheet.rect((214, 330, 240, 366), tuft)
        sheet.rect((400, 330, 426, 366), tuft)
        sheet.rect((262, 352, 378, 374), tuft, radius=11)
        sheet.arc(320, 372, 30, 20, 160, mixed(tone, "#8c3a34", 0.5), 9)
    else:
        sheet.arc(320, 360, 38, 28, 152, mixed(tone, "#8c2f34", 0.6), 9)
    for x in (274, 366):
        sheet.arc(x, 306, 17, 20, 160, ink, 7)
        sheet.line([(x - 24, 272), (x, 264), (x + 24, 270)], mixed(tuft, ink, 0.4), 8)
        if glasses:
            sheet.ring(x, 304, 37, ink, 7)
    if glasses:
        sheet.line([(311, 300), (329, 300)], ink, 7)
