"""Pictures small enough to be kept beside the code."""

import io

from PIL import Image

MOST_BYTES = 400_000
# Tried in this order. Dots of two colours stand for a third one where a picture fades; what is flat compresses better.
WAYS = (
    (256, Image.Dither.FLOYDSTEINBERG),
    (256, Image.Dither.NONE),
    (128, Image.Dither.NONE),
)
SMALLER = 0.85


def shrunk(png: bytes) -> bytes:
    """The picture with a palette, in as few colours and, if need be, as few pixels as fit. It is opaque."""
    with Image.open(io.BytesIO(png)) as opened:
        picture = opened.convert("RGB")
    while True:
        for colours, dither in WAYS:
            written = _written(picture, colours, dither)
            if len(written) <= MOST_BYTES:
                return written
        picture = picture.resize(
            (round(picture.width * SMALLER), round(picture.height * SMALLER)), Image.Resampling.LANCZOS
        )


def _written(picture: Image.Image, colours: int, dither: Image.Dither) -> bytes:
    palette = picture.quantize(colours, method=Image.Quantize.MEDIANCUT)
    out = io.BytesIO()
    picture.quantize(palette=palette, dither=dither).save(out, "PNG", optimize=True)
    return out.getvalue()
