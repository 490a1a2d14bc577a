"""What is left of a picture where a theme crops it."""

from publishing.models import Image

# What each is for, width to height.
CROPS = (("16 : 9", 16, 9), ("1 : 1", 1, 1), ("4 : 5", 4, 5))


def box(image: Image, width: int, height: int) -> str:
    """As browsers crop by `object-position`: an SVG viewBox, in pixels of the picture. So does studio/pictures.js."""
    scale = min(image.width / width, image.height / height)
    shown_width, shown_height = width * scale, height * scale
    left = (image.width - shown_width) * image.focus_x / 100
    top = (image.height - shown_height) * image.focus_y / 100
    return f"{left:.1f} {top:.1f} {shown_width:.1f} {shown_height:.1f}"
