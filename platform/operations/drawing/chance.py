"""Shapes out of chance: fields, ridges and walks. All of it comes from the generator that is passed in."""

import math
from random import Random
from typing import cast

from PIL import Image

FIELD = (200, 125)
"""Width and height of a field, in cells."""


def field(rng: Random, *, coarse: int = 5, layers: int = 2) -> Image.Image:
    """Soft hills between 0 and 1, `FIELD` floats: one layer of large ones, each further one finer and lower."""
    sums = [0.0] * (FIELD[0] * FIELD[1])
    for layer in range(layers):
        heights = _layer(rng, coarse * 2**layer)
        sums = [low + high * 0.3**layer for low, high in zip(sums, heights, strict=True)]
    hills = Image.new("F", FIELD)
    hills.putdata(levelled(sums))
    return hills


def _layer(rng: Random, cells: int) -> tuple[float, ...]:
    rows = max(3, cells * FIELD[1] // FIELD[0] + 1)
    stones = Image.frombytes("L", (cells, rows), rng.randbytes(cells * rows)).convert("F")
    return floats(stones.resize(FIELD, Image.Resampling.BICUBIC))


def floats(field: Image.Image) -> tuple[float, ...]:
    """A field's heights, row by row."""
    return cast("tuple[float, ...]", field.get_flattened_data())


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
