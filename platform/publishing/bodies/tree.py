"""Sanitised HTML as a tree that can be changed, and written again.

Read by one regular expression and not by a parser of HTML: the sanitiser closes every element, quotes every attribute
and escapes every "<" that is not a tag's. What is not touched is written as it was read, to the letter.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Union

VOID = frozenset({"br", "hr", "img", "col", "source"})

_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:[^<>"]|"[^"]*")*)>')
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')

Node = Union["Element", str]


class Element:
    """Text among the children and values of attributes are escaped. An element without a tag is its children alone.

    `holds` is what `mending` has learnt of what is inside.
    """

    __slots__ = ("attributes", "children", "holds", "tag")

    def __init__(self, tag: str, attributes: dict[str, str] | None = None, children: list[Node] | None = None) -> None:
        self.tag = tag
        self.attributes = {} if attributes is None else attributes
        self.children: list[Node] = [] if children is None else children
        self.holds = 0

    def become(self, tag: str, attributes: dict[str, str], children: list[Node]) -> None:
        """Something else in the same place."""
        self.tag, self.attributes, self.children = tag, attributes, children

    def copied(self) -> "Element":
        """The same once more, to stand inside of what this one becomes."""
        return Element(self.tag, self.attributes, self.children)

    def vanish(self) -> None:
        self.become("", {}, [])

    def unwrap(self) -> None:
        self.tag, self.attributes = "", {}

    def descendants(self) -> Iterator["Element"]:
        """In the order of their start tags; what an element becomes while it is visited is followed."""
        waiting = _elements(self.children)
        while waiting:
            element = waiting.pop()
            yield element
            waiting += _elements(element.children)


def _elements(children: list[Node]) -> list[Element]:
    """The last first."""
    return [child for child in reversed(children) if isinstance(child, Element)]


def parse(html: str) -> Element:
    """The body, in an element without a tag."""
    root = Element("")
    still_open = [root]
    here = root.children
    end = 0
    for tag in _TAG.finditer(html):
        if tag.start() > end:
            here.append(html[end : tag.start()])
        end = tag.end()
        closes, name, attributes = tag.groups()
        if closes:
            if len(still_open) > 1 and still_open[-1].tag == name:
                still_open.pop()
                here = still_open[-1].children
            continue
        element = Element(name, dict(_ATTRIBUTE.findall(attributes)) if attributes else {})
        here.append(element)
        if name not in VOID:
            still_open.append(element)
            here = element.children
    if end < len(html):
        here.append(html[end:])
    return root


def written(root: Element) -> str:
    parts: list[str] = []
    waiting: list[Node] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            parts.append(node)
            continue
        if node.tag:
            attributes = node.attributes and "".join([f' {name}="{value}"' for name, value in node.attributes.items()])
            parts.append(f"<{node.tag}{attributes or ''}>")
            if node.tag in VOID:
                continue
            waiting.append(f"</{node.tag}>")
        waiting += reversed(node.children)
    return "".join(parts)


def words_of(element: Element, limit: int) -> str:
    """The beginning of its text, unescaped."""
    found = ""
    waiting: list[Node] = [element]
    while waiting and len(found) < limit:
        node = waiting.pop()
        if isinstance(node, str):
            found += unescape(node)
        else:
            waiting += reversed(node.children)
    return found[:limit]


def is_blank(text: str) -> bool:
    return not text.replace("&nbsp;", " ").strip()
