"""The tenant's own pictures in a body: each in every format and width that there is of it."""

import re
from collections.abc import Mapping
from html import escape
from typing import NamedTuple

from publishing.bodies.tree import Element, Node

# More different pictures than this in one body are shown in the one size that it names.
MOST = 500
# CSS pixels that an article's text is wide, and what is beside it. Themes differ; a file a size too large does no harm.
TEXT_WIDTH = 704
MARGINS = 64

_OWN = re.compile(r"/media/([0-9a-f]{32})-[1-9][0-9]{0,4}\.(?:avif|webp|jpg|png)(?![\w.-])")


class OwnPicture(NamedTuple):
    """`sources` are the better formats, best first, as (media type, srcset); `src` and `srcset` one that every browser
    knows. Width and height are those of the picture as it was uploaded; `alt` is for bodies that say none."""

    sources: tuple[tuple[str, str], ...]
    src: str
    srcset: str
    width: int
    height: int
    alt: str


Pictures = Mapping[str, OwnPicture]
"""By what the names of its files begin with: 32 hexadecimal digits."""


def named_in(source: str) -> list[str]:
    """The pictures, at most `MOST`, that a body names, as `Pictures` calls them; in their order, each once."""
    return list(dict.fromkeys(_OWN.findall(source)))[:MOST] if "/media/" in source else []


def show(root: Element, pictures: Pictures) -> None:
    """Every `img` of a picture that is known becomes a `picture`."""
    if not pictures:
        return
    for element in list(root.descendants()):
        if element.tag == "img" and (own := _OWN.fullmatch(element.attributes.get("src", ""))):
            picture = pictures.get(own[1])
            if picture:
                element.become("picture", {}, _in_all_formats(picture, element.attributes))


def _in_all_formats(picture: OwnPicture, written: dict[str, str]) -> list[Node]:
    width, height = _shown_size(picture, written)
    shown = min(width, TEXT_WIDTH)
    sizes = f"(min-width: {shown + MARGINS}px) {shown}px, 100vw"
    sources = [
        Element("source", {"type": escape(media_type), "srcset": escape(srcset), "sizes": sizes})
        for media_type, srcset in picture.sources
    ]
    kept = {name: value for name, value in written.items() if name in ("id", "title")}
    image = {
        "src": escape(picture.src),
        "srcset": escape(picture.srcset),
        "sizes": sizes,
        "width": str(width),
        "height": str(height),
        "alt": written.get("alt") or escape(picture.alt),
        "loading": "lazy",
        "decoding": "async",
    }
    return [*sources, Element("img", kept | image)]


def _shown_size(picture: OwnPicture, written: dict[str, str]) -> tuple[int, int]:
    """An author may want it smaller, and decides about its width alone: nobody wants it distorted."""
    width = min(int(written.get("width", 0)) or picture.width, picture.width)
    return width, max(1, round(picture.height * width / picture.width))
