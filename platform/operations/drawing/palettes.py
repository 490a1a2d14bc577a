"""Few colours that were chosen for each other."""

from dataclasses import dataclass

from PIL import ImageColor

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Palette:
    """`ground` behind all; `shade` what is barely there; `soft` the crowd, `line` what is to be read, on that ground;
    `accent` the one thing that matters and `second` the one beside it."""

    ground: str
    shade: str
    soft: str
    line: str
    accent: str
    second: str


@dataclass(frozen=True, slots=True)
class Light(Palette):
    """A time of day: the sky is `ground` above and `second` at the horizon, things are `soft` far off and `line` near;
    `shade` lies between the two, and `accent` is the lamp that somebody lit. `glow` is what light makes of paper."""

    glow: str


PALETTES: dict[str, Palette] = {
    # A technical journal: blues, and one signal.
    "cobalt": Palette("#1f4fd8", "#2a5ae4", "#7ea2ff", "#f2f6ff", "#ffb84d", "#0b2472"),
    "navy": Palette("#0c1633", "#152349", "#3d5fb8", "#dce7ff", "#ff7a59", "#5b86ff"),
    "ice": Palette("#e8effc", "#d5e1f8", "#96b2ee", "#16307f", "#ff6444", "#1f4fd8"),
    "chalk": Palette("#f4f1ea", "#e6e1d5", "#a9b2c6", "#1a2440", "#1f4fd8", "#ff7a59"),
    # A financial daily: warm paper, deep greens and reds, one ochre.
    "salmon": Palette("#fbe6d2", "#f3d5b9", "#b9a489", "#17443a", "#b0243c", "#d7922a"),
    "green": Palette("#0f4a3c", "#15584a", "#55917d", "#f7e8d5", "#f4a95c", "#e5705f"),
    "claret": Palette("#651830", "#76223d", "#b56c80", "#fcebdd", "#f5b65e", "#ef9180"),
    "cream": Palette("#fdf5e8", "#efe4d0", "#a5b3a6", "#1f3230", "#0f6b4f", "#cb4a3f"),
    "slate": Palette("#22323c", "#2c3f4a", "#66818f", "#f5ebde", "#eba641", "#62b89d"),
    # A literary magazine: times of day.
    "dusk": Light("#2c2d58", "#5d4a78", "#94708f", "#211a38", "#e8613c", "#f3ab82", "#ffdba6"),
    "night": Light("#0a1830", "#17355a", "#2f5a80", "#060e1c", "#f0953f", "#3c6a8e", "#ffe2a0"),
    "dawn": Light("#8fabc2", "#8b92a8", "#b3aebc", "#36455a", "#d8704f", "#f8ddca", "#fff5e0"),
    "ochre": Light("#efd6a6", "#b98552", "#d9b27c", "#4c2f1d", "#a83f1e", "#f8ebd0", "#fff7e2"),
    "moss": Light("#c9d0b4", "#6f8568", "#a3b190", "#26382f", "#c2653a", "#efe9d2", "#fbf6e2"),
    "rose": Light("#c98a83", "#94525c", "#d3a096", "#3b1f2d", "#8c2f39", "#f5d7c3", "#fff0e0"),
    "tide": Light("#0e3c43", "#2d6b6c", "#5f9a94", "#08201f", "#e6a53c", "#a6cfc0", "#f8ebc9"),
}


def mixed(one: str, other: str, share: float) -> str:
    """The colour on the way from one to the other: 0 is the one, 1 the other."""
    pairs = zip(rgb(one), rgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * min(1.0, max(0.0, share))):02x}" for a, b in pairs)


def rgb(colour: str) -> Colour:
    red, green, blue = ImageColor.getrgb(colour)[:3]
    return red, green, blue
