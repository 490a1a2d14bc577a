"""A body in its paragraphs, lists, figures: what two people's versions of it are compared by.

Only where to cut is decided here. Nothing is changed: the blocks put together again are the source, to the letter.
"""

import re
from itertools import pairwise

from publishing.bodies.tree import VOID

MOST_OPEN = 500
"""Elements within each other. What is deeper is no article, and one block."""

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)\b(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>", re.IGNORECASE)
_BLOCKS = frozenset({
    "h1", "h2", "h3", "h4", "h5", "h6", "p", "hr", "ul", "ol", "dl", "table", "blockquote", "pre", "div", "section",
    "figure", "details", "aside", "article", "header", "footer", "address", "form", "iframe",
})  # fmt: skip


def blocks_of(source: str, body_format: str) -> list[str]:
    """Each with the white space after it; none is empty."""
    cut = _cut_markdown(source) if body_format == "markdown" else _cut_html(source)
    return [block for block in cut if block]


def joined(blocks: list[str], body_format: str) -> str:
    """One body; blocks of two sources are kept apart where Markdown would run them together."""
    if body_format != "markdown":
        return "".join(blocks)
    *before, last = blocks or [""]
    return "".join([_apart(block) for block in before]) + last


def _apart(block: str) -> str:
    return block if re.search(r"\n[ \t]*\n\s*\Z", block) or not block.strip() else f"{block.rstrip()}\n\n"


def _cut_markdown(source: str) -> list[str]:
    """At blank lines, but not within a fenced block of code."""
    blocks, block, fence, blank = [], "", "", False
    for line in source.splitlines(keepends=True):
        if not line.strip():
            blank = not fence
        elif blank:
            blocks.append(block)
            block, blank = "", False
        block += line
        fence = _fence_after(line, fence)
    return [*blocks, block]


def _fence_after(line: str, fence: str) -> str:
    """The fence that is open after this line, if one is."""
    marks = _FENCE.match(line)
    if not marks:
        return fence
    if not fence:
        return marks[1]
    closes = marks[1].startswith(fence) and not line[marks.end() :].strip()
    return "" if closes else fence


def _cut_html(source: str) -> list[str]:
    """Before and after each outermost block."""
    cuts: list[int] = []
    still_open: list[str] = []
    for tag in _TAG.finditer(source):
        name = tag[2].lower()
        if not tag[1]:
            if still_open == ["p"] and name in _BLOCKS:
                still_open = []
            if not still_open and name in _BLOCKS:
                cuts.append(tag.start())
            if name not in VOID:
                still_open.append(name)
            if len(still_open) > MOST_OPEN:
                return [source]
        elif name in still_open:
            del still_open[len(still_open) - 1 - still_open[::-1].index(name) :]
            if not still_open and name in _BLOCKS:
                cuts.append(_after_space(source, tag.end()))
    marks = [0, *sorted(set(cuts)), len(source)]
    return [source[start:end] for start, end in pairwise(marks)]


def _after_space(source: str, place: int) -> int:
    while place < len(source) and source[place] in " \t\r\n":
        place += 1
    return place
