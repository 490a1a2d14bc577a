"""Markdown to unsanitised HTML: CommonMark with tables, strikethrough, footnotes, definition lists and heading ids.

Code is not highlighted yet: it says its language in its class, as the editor in the browser writes it too.
"""

import re
from collections import defaultdict
from html import unescape
from itertools import count

import comrak

_HEADING = re.compile(r"<(h[1-6])>((?:(?!<h[1-6]).){0,2000}?)</\1>", re.DOTALL)
_ALIGNED_CELL = re.compile(r'<(t[hd]) align="(left|center|right)">')
_EMPTY_LINK = re.compile(r'<a href="">((?:(?!</?a[ >]).){0,2000}?)</a>', re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")

_EXTENSIONS = comrak.ExtensionOptions()
_EXTENSIONS.table = True
_EXTENSIONS.strikethrough = True
_EXTENSIONS.footnotes = True
_EXTENSIONS.description_lists = True
_EXTENSIONS.cjk_friendly_emphasis = True
_RENDERING = comrak.RenderOptions()
_RENDERING.unsafe_ = True  # HTML passes here: the sanitiser decides, and it alone


def to_html(source: str) -> str:
    # The last line needs its end: without it the parser does not see a definition `[label]: <>` there.
    html = comrak.render_markdown(f"{source}\n", extension_options=_EXTENSIONS, render_options=_RENDERING)
    html = _ALIGNED_CELL.sub(r'<\1 class="align-\2">', html)
    # `[text](<>)` is text: the importer writes it where a link's target is not known.
    html = _EMPTY_LINK.sub(r"\1", html)
    return _with_heading_ids(html)


def heading_id(title: str) -> str:
    """Ids as kramdown and GitHub make them, so that links to a section of an imported post still arrive."""
    words = re.sub(r"[^\w\- ]", "", title.strip().lower())
    return re.sub(r"^[\W\d_]+", "", words).replace(" ", "-") or "section"


def _with_heading_ids(html: str) -> str:
    taken: set[str] = set()
    numbers: defaultdict[str, count[int]] = defaultdict(lambda: count(1))

    def named(heading: re.Match[str]) -> str:
        anchor = title = heading_id(unescape(_TAG.sub("", heading[2])))
        while anchor in taken:
            anchor = f"{title}-{next(numbers[title])}"
        taken.add(anchor)
        return f'<{heading[1]} id="{anchor}">{heading[2]}</{heading[1]}>'

    return _HEADING.sub(named, html)
