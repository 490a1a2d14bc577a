"""A body as the blocks that somebody reads: paragraphs, headings, items, rows of a table."""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from publishing.bodies import markdown, sanitising, storable, tree
from publishing.bodies.tree import Element

MAX_BLOCKS = 10_000
"""More than any article has: what follows is one block more."""

Form = frozenset[tuple[str, str]]


class Block(NamedTuple):
    """`label` says what it is, empty for a paragraph; `form`, which of its words are formatted how."""

    label: str
    text: str
    form: Form = frozenset()


_LABELS = {
    "h1": "heading", "h2": "heading", "h3": "heading 3", "h4": "heading 4", "h5": "heading 5", "h6": "heading 6",
    "li": "list item", "blockquote": "quote", "pre": "code", "tr": "table row", "caption": "caption",
    "figcaption": "caption", "dt": "term", "dd": "definition", "summary": "summary",
}  # fmt: skip
_BLOCKS = {*_LABELS, "p", "div", "ul", "ol", "dl", "table", "thead", "tbody", "tfoot", "figure", "section", "details"}
_INLINE = {
    "strong": "bold", "b": "bold", "em": "italic", "i": "italic", "code": "code", "a": "link", "s": "struck out",
    "del": "struck out", "u": "underlined", "ins": "underlined", "sup": "raised", "sub": "lowered", "mark": "marked",
}  # fmt: skip
_STARTS = (
    (re.compile(r"#{1,6}\s"), "heading"),
    (re.compile(r"([-*+]|\d{1,9}[.)])\s"), "list"),
    (re.compile(r">"), "quote"),
    (re.compile(r"\|"), "table"),
    (re.compile(r"!\["), "picture"),
    (re.compile(r"(```|~~~)"), "code"),
    (re.compile(r"\[\^"), "footnote"),
)


def blocks_of(body: str, body_format: str, *, rendered: bool = False) -> list[Block]:
    """Of Markdown the source as it was typed, or, if `rendered`, what it becomes: to compare it with HTML."""
    body = storable(body)
    if body_format == "markdown" and not rendered:
        return list(_markdown_blocks(body))
    html = markdown.to_html(body) if body_format == "markdown" else body
    return _Reading(tree.parse(sanitising.clean(html))).blocks


def _markdown_blocks(source: str) -> Iterator[Block]:
    lines: list[str] = []
    fence = ""
    cut = 0
    for line in source.splitlines():
        stripped = line.strip()
        if fence:
            lines.append(line.rstrip())
            fence = "" if stripped.startswith(fence) else fence
            continue
        if not stripped and cut < MAX_BLOCKS:
            yield from _markdown_block(lines)
            lines = []
            cut += 1
            continue
        fence = stripped[:3] if stripped.startswith(("```", "~~~")) else ""
        lines.append(line.rstrip())
    yield from _markdown_block(lines)


def _markdown_block(lines: list[str]) -> Iterator[Block]:
    if lines:
        text = "\n".join(lines)
        yield Block(next((label for start, label in _STARTS if start.match(text.lstrip())), ""), text)


class _Reading:
    """Walks the tree and cuts it where a block begins or ends. Without recursion: trees are deep."""

    def __init__(self, root: Element) -> None:
        self.blocks: list[Block] = []
        self.label = ""
        self.text: list[str] = []
        self.form: set[tuple[str, str]] = set()
        self._walk(root)
        self._cut(at_the_end=True)

    def _walk(self, root: Element) -> None:
        # An element and the label to go back to when all inside of it has been read, or a node to read.
        waiting: list[tuple[Element, str] | Element | str] = [root]
        while waiting:
            node = waiting.pop()
            if isinstance(node, str):
                self.text.append(unescape(node))
            elif isinstance(node, tuple):
                self._cut()
                self.label = node[1]
            else:
                self._enter(node, waiting)

    def _enter(self, element: Element, waiting: list[tuple[Element, str] | Element | str]) -> None:
        tag = element.tag
        kind = element.attributes.get("class")
        if kind == "footnote-backref":
            return  # nobody wrote it
        if kind == "footnote-ref":
            self.text.append(f"[{tree.words_of(element, 20)}]")
            return
        if tag in _BLOCKS and not (self.label in {"table row", "code"} and tag not in {"tr", "pre"}):
            self._cut()
            waiting.append((element, self.label))
            self.label = _LABELS.get(tag, self.label)
        elif tag in {"td", "th"} and "".join(self.text).strip():
            self.text.append(" | ")
        elif tag == "br":
            self.text.append("\n" if self.label == "code" else " ")
        elif tag in {"img", "hr"}:
            self._alone(element)
        elif tag in _INLINE:
            said = " ".join(tree.words_of(element, 300).split())
            self.form.add((_INLINE[tag], f"{element.attributes.get('href', '')} {said}"))
        waiting.extend(reversed(element.children))

    def _alone(self, element: Element) -> None:
        """A picture or a rule stands for itself."""
        label, text, form = self.label, self.text, self.form
        alt = unescape(element.attributes.get("alt", ""))
        is_picture = element.tag == "img"
        self.label, self.text = "picture" if is_picture else "rule", [alt or "(no words)" if is_picture else "———"]
        self.form = {("picture", element.attributes.get("src", ""))} if is_picture else set()
        self._cut()
        self.label, self.text, self.form = label, text, form

    def _cut(self, *, at_the_end: bool = False) -> None:
        if len(self.blocks) >= MAX_BLOCKS and not at_the_end:
            self.text.append(" ")
            return
        text = "".join(self.text)
        text = text.strip("\n") if self.label == "code" else " ".join(text.split())
        if text.strip():
            self.blocks.append(Block(self.label, text, frozenset(self.form)))
        self.text, self.form = [], set()
