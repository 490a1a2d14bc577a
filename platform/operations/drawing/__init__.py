"""Pictures drawn by rule: charts, patterns, scenes, portraits and marks for the demonstration. Pillow and nothing else.

The same motif, seed and palette give the same picture, on every machine and in every release of Python.
"""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from operations.drawing import charts, diagrams, marks, patterns, portraits, scenes, shares, still_lifes, streets
from operations.drawing.palettes import PALETTES
from operations.drawing.sheet import Sheet

Motif = Callable[..., None]

WIDE = (1600, 1000)
"""Width and height of a picture in units, and in pixels at scale 1; a portrait is `SQUARE`, a mark has its own."""
SQUARE = (640, 640)
MARK = (1200, 240)

MOTIFS: Mapping[str, Motif] = {
    **charts.MOTIFS,
    **diagrams.MOTIFS,
    **patterns.MOTIFS,
    **scenes.MOTIFS,
    **streets.MOTIFS,
    **shares.MOTIFS,
    **still_lifes.MOTIFS,
}


def picture(motif: str, *, seed: str, palette: str, scale: float = 1.0, **given: Any) -> bytes:
    """A picture for an article, as PNG. `given` is what the motif itself understands, such as a chart's data."""
    colours = PALETTES[palette]
    sheet = Sheet(*WIDE, colours.ground, scale=scale)
    MOTIFS[motif](sheet, Random(seed), colours, **given)
    return sheet.as_png()


def portrait(*, seed: str, palette: str, scale: float = 1.0, **given: Any) -> bytes:
    """Somebody who does not exist, from the shoulders up, as PNG."""
    colours = PALETTES[palette]
    sheet = Sheet(*SQUARE, colours.ground, scale=scale)
    portraits.draw(sheet, Random(seed), colours, **given)
    return sheet.as_png()


def mark(name: str, *, ink: str, accent: str, scale: float = 1.0) -> bytes:
    """A brand's mark on nothing, as PNG: for light and for dark paper."""
    sheet = Sheet(*MARK, None, scale=scale)
    marks.MARKS[name](sheet, ink, accent)
    return sheet.as_png(cropped=True)
