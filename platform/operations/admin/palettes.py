"""Whether a brand's colours can be read: text and accent on paper, on the light page and on the dark one."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sites_core.palette import TEXT, contrast, nearest_readable
from sites_core.themes import Theme, Tokens

# Columns of Brand; each but the accent may be empty, which is the theme's own.
COLOURS = ("accent", "paper", "ink", "accent_dark", "paper_dark", "ink_dark")


@dataclass(frozen=True, slots=True)
class Page:
    """The colours of a light or a dark page, whoever chose them."""

    label: str
    paper: str
    ink: str
    accent: str

    @property
    def text_contrast(self) -> float:
        return _told(contrast(self.ink, self.paper))

    @property
    def accent_contrast(self) -> float:
        return _told(contrast(self.accent, self.paper))


def pages_of(chosen: Mapping[str, str], theme: Theme) -> tuple[Page, Page]:
    """The light page and the dark one of a brand that chose these of COLOURS."""
    paper = chosen["paper_dark"] or theme.dark.paper
    accent = chosen["accent_dark"] or nearest_readable(chosen["accent"], paper)
    return (
        Page("Light", chosen["paper"] or theme.light.paper, chosen["ink"] or theme.light.ink, chosen["accent"]),
        Page("Dark", paper, chosen["ink_dark"] or theme.dark.ink, accent),
    )


def faults(chosen: Mapping[str, str], theme: Theme) -> Iterator[tuple[str, str]]:
    """The column and the sentence of each pair that cannot be read. A colour that `chosen` lacks is not judged."""
    for tokens, dark in ((theme.light, ""), (theme.dark, "_dark")):
        yield from _unreadable_text(chosen, tokens, dark)
        yield from _unreadable_accent(chosen, tokens, dark)


def _unreadable_text(chosen: Mapping[str, str], tokens: Tokens, dark: str) -> Iterator[tuple[str, str]]:
    paper, ink = chosen.get(f"paper{dark}"), chosen.get(f"ink{dark}")
    if paper is None or ink is None:
        return
    # The colour to change is one that the brand chose: the theme's own is nowhere to be written.
    if ink or not paper:
        yield from _fault(f"ink{dark}", ink or tokens.ink, paper or tokens.paper)
    elif contrast(tokens.ink, paper) < TEXT:
        sentence = f"The theme's ink {_pair(tokens.ink, paper)}; text needs {TEXT}."
        yield f"paper{dark}", f"{sentence} The nearest paper that passes is {nearest_readable(paper, tokens.ink)}."


def _unreadable_accent(chosen: Mapping[str, str], tokens: Tokens, dark: str) -> Iterator[tuple[str, str]]:
    paper, accent = chosen.get(f"paper{dark}"), chosen.get(f"accent{dark}")
    # An accent that is made from the other one is made to be read.
    if paper is not None and accent:
        yield from _fault(f"accent{dark}", accent, paper or tokens.paper)


def _fault(column: str, colour: str, paper: str) -> Iterator[tuple[str, str]]:
    if contrast(colour, paper) < TEXT:
        shade = nearest_readable(colour, paper)
        yield column, f"{_pair(colour, paper)}; text needs {TEXT}. The nearest shade that passes is {shade}."


def _pair(colour: str, paper: str) -> str:
    return f"{colour} on {paper} has a contrast of {_told(contrast(colour, paper))}"


def _told(ratio: float) -> float:
    """One decimal, never more than there is: 4.49 must not read as 4.5."""
    return math.floor(ratio * 10) / 10
