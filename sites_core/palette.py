"""Colours that can be read: contrast as WCAG 2.2 defines it, and the nearest shade that has enough of it.

A colour is "#rrggbb" in lower case throughout.
"""

from functools import lru_cache

# WCAG 2.2, success criterion 1.4.3, level AA: text against what is behind it.
TEXT = 4.5
_STEPS = 64

RGB = tuple[float, float, float]


@lru_cache(maxsize=4096)
def contrast(one: str, other: str) -> float:
    """From 1, the same, to 21, black on white."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@lru_cache(maxsize=4096)
def nearest_readable(colour: str, paper: str, ratio: float = TEXT) -> str:
    """The colour itself where it has this contrast to the paper, else its nearest shade or tint that has.

    Away from the paper: towards black on a light one, towards white on a dark one; where neither end has as much, the
    end that has more.
    """
    if contrast(colour, paper) >= ratio:
        return colour
    end = furthest(paper)
    for step in range(1, _STEPS):
        shade = mixed(colour, end, step / _STEPS)
        if contrast(shade, paper) >= ratio:
            return shade
    return end


def furthest(colour: str) -> str:
    """Black or white, whichever stands out more."""
    return max("#000000", "#ffffff", key=lambda end: contrast(end, colour))


def mixed(one: str, other: str, share: float) -> str:
    """`share` of the other colour, from 0 to 1, in the rest of the one."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(255 * (mine + (theirs - mine) * share)):02x}" for mine, theirs in pairs)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _channels(colour: str) -> RGB:
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255
