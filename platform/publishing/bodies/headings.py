"""Headings that a table of contents and a screen reader can follow: each has an id, and no level is left out."""

from collections import defaultdict
from itertools import count

from publishing.bodies.markdown import heading_id
from publishing.bodies.sanitising import ID_PREFIX
from publishing.bodies.tree import Element, words_of

LEVELS = {"h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
LONGEST_ID = 100


def order(root: Element) -> None:
    """The first heading is an h2, below the page's title; whatever is below another is one level below it."""
    elements = list(root.descendants())
    headings = [element for element in elements if element.tag in LEVELS]
    if headings:
        _close_gaps(headings)
        _name(headings, {element.attributes["id"] for element in elements if "id" in element.attributes})


def _close_gaps(headings: list[Element]) -> None:
    above: list[int] = []
    for heading in headings:
        level = LEVELS[heading.tag]
        while above and above[-1] >= level:
            above.pop()
        above.append(level)
        heading.tag = f"h{len(above) + 1}"


def _name(headings: list[Element], taken: set[str]) -> None:
    numbers: defaultdict[str, count[int]] = defaultdict(lambda: count(1))
    for heading in headings:
        if "id" in heading.attributes:
            continue
        title = anchor = f"{ID_PREFIX}{heading_id(words_of(heading, LONGEST_ID))}"
        while anchor in taken:
            anchor = f"{title}-{next(numbers[title])}"
        taken.add(anchor)
        heading.attributes["id"] = anchor
