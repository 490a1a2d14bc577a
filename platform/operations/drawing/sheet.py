"""A sheet to draw on: in units instead of pixels, and larger than the picture becomes, so that edges are smooth."""

import io
import math
from collections.abc import Sequence
from functools import lru_cache
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from operations.drawing.palettes import rgb

OVER = 2
"""How many times larger than the picture it is drawn."""

Point = tuple[float, float]
Box = tuple[float, float, float, float]


class Sheet:
    """`scale` is pixels of the picture to a unit. A sheet without a ground is transparent."""

    def __init__(self, width: int, height: int, ground: str | None, *, scale: float = 1.0) -> None:
        self.width, self.height = width, height
        self._k = scale * OVER
        size = (max(OVER, round(width * self._k)), max(OVER, round(height * self._k)))
        self._image = Image.new("RGB", size, ground) if ground else Image.new("RGBA", size)
        self._pen = ImageDraw.Draw(self._image)
        self._grain: Random | None = None

    def polygon(self, points: Sequence[Point], fill: str) -> None:
        self._pen.polygon(self._scaled(points), fill=fill)

    def rect(self, box: Box, fill: str, *, radius: float = 0) -> None:
        left, top, right, bottom = (value * self._k for value in box)
        if right - left < 1 or bottom - top < 1:
            return
        # Pillow's right and bottom are inside.
        corners = (left, top, right - 1, bottom - 1)
        if radius:
            self._pen.rounded_rectangle(corners, radius * self._k, fill=fill)
        else:
            self._pen.rectangle(corners, fill=fill)

    def line(self, points: Sequence[Point], fill: str, width: float, *, ends: bool = True) -> None:
        """A stroke with round joints and, unless told otherwise, round ends."""
        self._pen.line(self._scaled(points), fill=fill, width=max(1, round(width * self._k)), joint="curve")
        if ends:
            for x, y in (points[0], points[-1]):
                self.disc(x, y, width / 2, fill)

    def disc(self, x: float, y: float, radius: float, fill: str) -> None:
        self.oval(x, y, radius, radius, fill)

    def oval(self, x: float, y: float, across: float, down: float, fill: str) -> None:
        """An ellipse by its centre and its two radii."""
        k = self._k
        self._pen.ellipse(((x - across) * k, (y - down) * k, (x + across) * k, (y + down) * k), fill=fill)

    def ring(self, x: float, y: float, radius: float, fill: str, width: float) -> None:
        self.arc(x, y, radius, 0, 360, fill, width)

    def arc(self, x: float, y: float, radius: float, start: float, end: float, fill: str, width: float) -> None:
        """Part of a ring, in degrees clockwise from three o'clock; the radius is that of the stroke's middle."""
        outer, k = radius + width / 2, self._k
        box = ((x - outer) * k, (y - outer) * k, (x + outer) * k, (y + outer) * k)
        self._pen.arc(box, start, end, fill=fill, width=max(1, round(width * k)))

    def slice(self, x: float, y: float, radius: float, start: float, end: float, fill: str) -> None:
        """A piece of a pie, in degrees clockwise from three o'clock."""
        k = self._k
        self._pen.pieslice(((x - radius) * k, (y - radius) * k, (x + radius) * k, (y + radius) * k), start, end, fill)

    def gradient(self, top: str, bottom: str, box: Box | None = None) -> None:
        """From one colour above to another below, over the whole sheet or a box of it."""
        left, upper, right, lower = self._pixels(box or (0, 0, self.width, self.height))
        if right > left and lower > upper:
            steps = Image.linear_gradient("L").resize((1, lower - upper), Image.Resampling.BILINEAR)
            self._image.paste(_between(steps, top, bottom).resize((right - left, lower - upper)), (left, upper))

    def glow(self, x: float, y: float, radius: float, fill: str, strength: float = 1.0) -> None:
        """Light that fades to the rim. `strength` is how much of it there is in the middle, 0 to 1."""
        side = round(radius * 2 * self._k)
        if side > 0:
            shine = _shine(round(strength * 100)).resize((side, side), Image.Resampling.BILINEAR)
            corner = (round((x - radius) * self._k), round((y - radius) * self._k))
            self._image.paste(Image.new("RGB", shine.size, fill), corner, shine)

    def veil(self, points: Sequence[Point], fill: str, strength: float) -> None:
        """A polygon that lets through what lies behind it."""
        scaled = self._scaled(points)
        left, upper = (max(0, math.floor(min(one[i] for one in scaled))) for i in (0, 1))
        right = min(self._image.width, math.ceil(max(x for x, _ in scaled)))
        lower = min(self._image.height, math.ceil(max(y for _, y in scaled)))
        if right > left and lower > upper:
            mask = Image.new("L", (right - left, lower - upper))
            ImageDraw.Draw(mask).polygon([(x - left, y - upper) for x, y in scaled], fill=round(strength * 255))
            self._image.paste(Image.new("RGB", mask.size, fill), (left, upper), mask)

    def raised(self, field: Image.Image, above: float, fill: str, *, shadow: float = 0.0) -> None:
        """All of the sheet where the field is higher than so much; `shadow` is how dark it lies on what is below."""
        half = (self._image.width // 2, self._image.height // 2)
        # Steep instead of hard: the edge is as soft as a pixel.
        steep = field.resize(half, Image.Resampling.BICUBIC).point(
            lambda height: height * 90000 + (128 - 90000 * above)
        )
        mask = steep.convert("L")
        if shadow:
            reach = max(1, round(7 * self._k))
            dark = mask.reduce(4).filter(ImageFilter.GaussianBlur(reach / 3)).resize(self._image.size)
            dark = dark.point([round(value * shadow) for value in range(256)])
            self._image.paste(Image.new("RGB", dark.size, "#000000"), (reach // 2, reach), dark)
        self._image.paste(Image.new("RGB", self._image.size, fill), (0, 0), mask.resize(self._image.size))

    def text(
        self, x: float, y: float, words: str, fill: str, size: float, *, anchor: str = "ls", bold: float = 0
    ) -> None:
        """Words in the typeface that Pillow brings with it. `bold` is how much is added around the strokes."""
        font = ImageFont.load_default(max(4.0, size * self._k))
        at = (x * self._k, y * self._k)
        self._pen.text(at, words, fill=fill, font=font, anchor=anchor, stroke_width=bold * self._k, stroke_fill=fill)

    def grain(self, rng: Random) -> None:
        """Let the finished picture have the tooth of paper."""
        self._grain = rng

    def as_png(self, *, cropped: bool = False) -> bytes:
        image = self._image.reduce(OVER)
        if cropped and (box := image.getbbox()):
            image = image.crop(box)
        if self._grain:
            image = ImageChops.soft_light(image, _tooth(image.size, self._grain))
        out = io.BytesIO()
        # It is decoded again at once; pressing it hard would take longer than drawing it did.
        image.save(out, "PNG", compress_level=1)
        return out.getvalue()

    def _scaled(self, points: Sequence[Point]) -> list[Point]:
        return [(x * self._k, y * self._k) for x, y in points]

    def _pixels(self, box: Box) -> tuple[int, int, int, int]:
        left, top, right, bottom = (round(value * self._k) for value in box)
        return left, top, right, bottom


def _between(steps: Image.Image, low: str, high: str) -> Image.Image:
    pairs = zip(rgb(low), rgb(high), strict=True)
    return Image.merge("RGB", [steps.point([round(a + (b - a) * v / 255) for v in range(256)]) for a, b in pairs])


@lru_cache(maxsize=64)
def _shine(strength: int) -> Image.Image:
    # Pillow's gradient is 181 where it meets the middle of a side, and 255 in the corners.
    fading = [round(max(0.0, 1 - distance / 180) ** 1.8 * 2.55 * strength) for distance in range(256)]
    return Image.radial_gradient("L").point(fading)


def _tooth(size: tuple[int, int], rng: Random) -> Image.Image:
    half = (max(1, size[0] // 2), max(1, size[1] // 2))
    specks = Image.frombytes("L", half, rng.randbytes(half[0] * half[1]))
    soft = specks.resize(size, Image.Resampling.BICUBIC).point([112 + value * 32 // 255 for value in range(256)])
    return Image.merge("RGB", [soft] * 3)
