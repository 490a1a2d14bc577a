"""What of other hosts is shown in a body: the only frames that a reader can ever get.

The sanitiser lets no frame through. A body names what it shows by the address of its page, in a link within
`<figure class="embed">`; what cannot show a frame has the link. `show` puts the frame in its place when the body has
been sanitised: every part of it is written here, but for the name of what is shown, whose letters are checked.
"""

import re
from collections.abc import Iterator
from html import escape, unescape
from typing import Any

from publishing.bodies.tree import Element, words_of
from publishing.providers import PROVIDERS, REST, Embed, found_at

LONGEST_TITLE = 200

_FRAME = re.compile(r"<iframe\b((?:[^<>\"']|\"[^\"<>]*\"|'[^'<>]*')*)>[^<]*</iframe\s*>", re.IGNORECASE)
_WRITTEN = re.compile(r"\b(src|title)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)

# A frame of another origin: it may run its own scripts and keep its own data, open its page, fill the screen.
_SANDBOX = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-presentation"


def known() -> list[dict[str, Any]]:
    """The list for the editor in the browser, so that there is one."""
    return [
        {"name": one.name, "pages": [page + REST for page in one.pages], "page": one.page, "shape": one.shape}
        for one in PROVIDERS
    ]


def from_frames(html: str) -> str:
    """Unsanitised HTML in which the frames that are on the list, as imports have them, are links of ours instead."""
    return _FRAME.sub(_as_link, html) if "<iframe" in html.lower() else html


def _as_link(frame: re.Match[str]) -> str:
    written = {name.lower(): unescape(a or b or c) for name, a, b, c in _WRITTEN.findall(frame[1])}
    source = written.get("src", "")
    embed = found_at(f"https:{source}" if source.startswith("//") else source)
    if embed is None:
        return frame[0]
    title = written.get("title") or embed.page
    return f'<figure class="embed"><a href="{escape(embed.page)}">{escape(title)}</a></figure>'


def show(root: Element) -> None:
    """In a sanitised body each link that stands for something on the list becomes what it stands for."""
    for figure in _figures(root):
        link = next((child for child in figure.children if isinstance(child, Element) and child.tag == "a"), None)
        embed = found_at(unescape(link.attributes.get("href", ""))) if link else None
        if link is None or embed is None:
            del figure.attributes["class"]
            continue
        title = words_of(link, LONGEST_TITLE).strip()
        if not title or "://" in title:
            title = embed.provider.name
        figure.attributes["class"] = f"embed {embed.provider.shape}".strip()
        link.become("iframe", _frame(embed, title), [])


def _figures(root: Element) -> Iterator[Element]:
    for element in list(root.descendants()):
        if element.tag == "figure" and element.attributes.get("class") == "embed":
            yield element


def _frame(embed: Embed, title: str) -> dict[str, str]:
    return {
        "src": escape(embed.player),
        "title": escape(title),
        "loading": "lazy",
        "sandbox": _SANDBOX,
        "allow": "fullscreen; picture-in-picture",
        "referrerpolicy": "strict-origin-when-cross-origin",
    }
