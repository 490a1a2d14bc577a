"""Shapes out of chance: fields, ridges and walks. All of it comes from the generator that is passed in."""

import math
from random import Random

from PIL import Image


def field(rng: Random, *, coarse: int = 5, layers: int = 2) -> Image.Image:
    """Soft hills of grey, 400 by 250: one layer of large ones, each further one twice as fine and half as high."""
    size = (400, 250)
    hills = _layer(rng, coarse, size)
    for layer in range(1, layers):
        hills = Image.blend(hills, _layer(rng, coarse * 2**layer, size), 0.28 / layer)
    low, high = hills.getextrema()
    span = max(1.0, float(high) - float(low))  # type: ignore[arg-type]  # of one channel they are two numbers
    return hills.point([min(255, max(0, round((value - float(low)) * 255 / span))) for value in range(256)])  # type: ignore[arg-type]


def _layer(rng: Random, cells: int, size: tuple[int, int]) -> Image.Image:
    rows = max(3, cells * size[1] // size[0] + 1)
    return Image.frombytes("L", (cells, rows), rng.randbytes(cells * rows)).resize(size, Image.Resampling.BICUBIC)


def ridge(rng: Random, points: int, *, rough: float = 0.5) -> list[float]:
    """Heights from 0 to 1 of so many points along a mountain. `rough`: 0 is a dune, 1 a saw."""
    waves = [(rng.uniform(0.6, 1.4) * 2**octave, rng.random() * math.tau, rough**octave) for octave in range(6)]
    heights = [
        sum(size * math.sin(often * math.tau * i / points + phase) for often, phase, size in waves)
        for i in range(points)
    ]
    return levelled(heights)


def walk(rng: Random, steps: int, *, drift: float = 0.0, jolt: float = 1.0) -> list[float]:
    """Where somebody stands who each time goes a little up or down."""
    at, path = 0.0, []
    for _ in range(steps):
        at += drift + rng.gauss(0, jolt)
        path.append(at)
    return path


def levelled(values: list[float]) -> list[float]:
    """The same shape between 0 and 1."""
    low, span = min(values), (max(values) - min(values)) or 1.0
    return [(value - low) / span for value in values]
