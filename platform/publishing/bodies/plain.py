"""The words of sanitised HTML. Regular expressions suffice, because the sanitiser writes well-formed tags only."""

import re
from html import unescape

_NOTE_MARKS = re.compile(
    r'<sup class="footnote-ref">.*?</sup>|<a [^<>]*class="footnote-backref"[^<>]*>.*?</a>', re.DOTALL
)
_PARAGRAPH = re.compile(r"<p(?: [^<>]*)?>(.*?)</p>", re.DOTALL)
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)(?:[^<>"]|"[^"]*")*>')
_INLINE = {
    "a", "span", "em", "strong", "b", "i", "u", "s", "del", "ins", "sub", "sup", "abbr", "kbd", "samp", "var",
    "mark", "small", "cite", "q", "dfn", "time", "code",
}  # fmt: skip
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


def text_of(html: str) -> str:
    """Plain text, white space folded; `html` must come from the sanitiser."""
    spaced = _TAG.sub(lambda tag: "" if tag[2] in _INLINE else " ", _NOTE_MARKS.sub("", html))
    return " ".join(unescape(spaced).split())


def opening(html: str, limit: int) -> str:
    """The first paragraph that has words, cut between words to at most `limit` characters with an ellipsis."""
    text = next(filter(None, (text_of(paragraph[1]) for paragraph in _PARAGRAPH.finditer(html))), "")
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:–—-") + "…"


def count_words(text: str) -> int:
    if text.isascii():
        return len(text.split())
    return len(_WIDE.findall(text)) + len(_WIDE.sub(" ", text).split())
