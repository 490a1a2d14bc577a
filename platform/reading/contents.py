"""The table of contents of a long article, made of the headings in its text."""

import re
from html import unescape
from typing import NamedTuple

# An article of fewer words, or with fewer headings, is looked through faster than its contents are read.
LONG = 900
FEWEST = 3

# What the sanitiser writes: every heading's id in double quotes, every "<" that is not a tag's escaped.
_HEADING = re.compile(r'<h([23]) id="([^"]+)"[^>]*>(.*?)</h\1>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


class Heading(NamedTuple):
    """A heading of the text, on level 2 or 3; `anchor` is its id."""

    level: int
    anchor: str
    title: str


def contents_of(html: str, words: int) -> tuple[Heading, ...]:
    """The headings of a long text, in its order; none of a short one."""
    if words < LONG:
        return ()
    found = (Heading(int(level), unescape(anchor), _words(title)) for level, anchor, title in _HEADING.findall(html))
    headings = tuple(heading for heading in found if heading.title)
    return headings if len(headings) >= FEWEST else ()


def _words(title: str) -> str:
    return " ".join(unescape(_TAG.sub("", title)).split())
