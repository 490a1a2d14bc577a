"""Pictures drawn by rule: charts, patterns, scenes, portraits and marks for the demonstration. Pillow and nothing else.

The same motif, seed and palette give the same picture, on every machine and in every release of Python.
"""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from operations.drawing.charts import MOTIFS as CHARTS
from operations.drawing.diagrams import MOTIFS as DIAGRAMS
from operations.drawing.marks import MARKS
from operations.drawing.palettes import PALETTES
from operations.drawing.patterns import MOTIFS as PATTERNS
from operations.drawing.portraits import draw_somebody
from operations.drawing.scenes import MOTIFS as SCENES
from operations.drawing.shares import MOTIFS as SHARES
from operations.drawing.sheet import Sheet
from operations.drawing.still_lifes import MOTIFS as STILL_LIFES
from operations.drawing.streets import MOTIFS as STREETS

Motif = Callable[..., None]

WIDE = (1600, 1000)
"""Width and height of a picture in units, and in pixels at scale 1; a portrait is `SQUARE`, a mark has its own."""
SQUARE = (640, 640)
MARK = (1200, 240)

MOTIFS: Mapping[str, Motif] = {**CHARTS, **DIAGRAMS, **PATTERNS, **SCENES, **SHARES, **STILL_LIFES, **STREETS}


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
    draw_somebody(sheet, Random(seed), colours, **given)
    return sheet.as_png()


def mark(name: str, *, ink: str, accent: str, scale: float = 1.0) -> bytes:
    """A brand's mark on nothing, as PNG: for light and for dark paper."""
    sheet = Sheet(*MARK, None, scale=scale)
    MARKS[name](sheet, ink, accent)
    return sheet.as_png(cropped=True)
