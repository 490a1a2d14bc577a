"""An article's text with the passages marked that comments are about."""

from collections.abc import Iterator, Sequence
from html import escape, unescape
from itertools import pairwise
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

from publishing.bodies import tree
from publishing.bodies.tree import Element, Node
from publishing.models import Article
from studio.reviewing.passages import Span, Text

MOST = 300
"""Paragraphs that one can choose from without a pointer."""
OPENING = 100
"""Characters of a paragraph by which it is chosen."""
_PARAGRAPHS = {"p", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "pre", "figcaption", "td", "th", "dt", "dd"}


class Marked(NamedTuple):
    """Which thread is about which part of the text."""

    thread: int
    span: Span


class Reading:
    """Title, summary and body of an article as one text: what comments are about."""

    def __init__(self, article: Article, html: str) -> None:
        """`html` is its body, sanitised, as the studio shows it; what is put before it is escaped here."""
        summary = f'\n<p class="summary">{escape(article.summary)}</p>' if article.summary else ""
        title = f'<h2 class="title">{escape(str(article))}</h2>'
        self._root = tree.parse(f"{title}{summary}\n{html}")
        self._texts = list(_texts(self._root))
        self.text = Text("".join(said for _, _, said in self._texts))

    def openings(self) -> list[str]:
        """How its paragraphs begin."""
        found: list[str] = []
        for element in self._root.descendants():
            if element.tag in _PARAGRAPHS and not any(inner.tag in _PARAGRAPHS for inner in element.descendants()):
                words = " ".join(tree.words_of(element, 2 * OPENING).split())
                found += [words if len(words) <= OPENING else words[:OPENING].rpartition(" ")[0]] if words else []
            if len(found) >= MOST:
                break
        return found

    def marked(self, passages: Sequence[Marked]) -> SafeString:
        """The HTML with a mark around each passage; the first of a thread's has the id `passage-<thread>`.

        To be asked for once: the marks are put into the tree.
        """
        named: set[int] = set()
        instead: list[tuple[Element, int, list[Node]]] = []
        at = 0
        for parent, index, said in self._texts:
            inside = [one for one in passages if one.span.start < at + len(said) and one.span.end > at]
            if inside and not said.isspace():
                instead.append((parent, index, _pieces(said, at, inside, named)))
            at += len(said)
        # From the end: what comes before keeps its place.
        for parent, index, nodes in reversed(instead):
            parent.children[index : index + 1] = nodes
        return mark_safe(tree.written(self._root))  # noqa: S308 -- sanitised; its text is escaped again


def _pieces(said: str, at: int, inside: list[Marked], named: set[int]) -> list[Node]:
    """One text, cut where passages begin and end."""
    ends = {0, len(said)}
    for one in inside:
        ends |= {max(0, one.span.start - at), min(len(said), one.span.end - at)}
    cuts = sorted(ends)
    nodes: list[Node] = []
    for start, end in pairwise(cuts):
        words = escape(said[start:end], quote=False)
        threads = [one.thread for one in inside if one.span.start < at + end and one.span.end > at + start]
        nodes.append(_mark(threads, words, named) if threads else words)
    return nodes


def _mark(threads: list[int], words: str, named: set[int]) -> Element:
    """Of several threads on the same words the first one that has no name yet gives its own."""
    attributes = {"class": "passage", "data-threads": " ".join(map(str, threads))}
    mark = Element("mark", attributes, [words])
    for thread in [thread for thread in threads if thread not in named]:
        named.add(thread)
        mark = Element("span", {"id": f"passage-{thread}"}, [mark])
    return mark


def _texts(root: Element) -> Iterator[tuple[Element, int, str]]:
    """Every text of the tree in its order: what it is in, as which child, and what it says."""
    waiting: list[tuple[Element, int]] = [(root, 0)]
    while waiting:
        parent, index = waiting.pop()
        if index == len(parent.children):
            continue
        waiting.append((parent, index + 1))
        child = parent.children[index]
        if isinstance(child, str):
            yield parent, index, unescape(child)
        elif child.children:
            waiting.append((child, 0))
