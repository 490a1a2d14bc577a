"""What no page may have of what somebody wrote, told by another parser than the sanitiser's."""

import re
from html.parser import HTMLParser

from publishing.providers import HOSTS

# Of a body: what neither loads, nor runs, nor takes anything in, nor moves.
_HARMLESS = {
    "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "colgroup",
    "col", "thead", "tbody", "tfoot", "tr", "th", "td", "blockquote", "pre", "code", "div", "section", "figure",
    "figcaption", "picture", "source", "img", "a", "span", "em", "strong", "b", "i", "u", "s", "del", "ins", "sub",
    "sup", "abbr", "kbd", "samp", "var", "mark", "small", "cite", "q", "dfn", "time", "details", "summary",
}  # fmt: skip
_SAID = {
    "id", "class", "href", "title", "aria-label", "src", "alt", "width", "height", "start", "colspan", "rowspan",
    "scope", "span", "datetime", "rel", "loading", "tabindex", "srcset", "sizes", "type", "decoding",
}  # fmt: skip
_FRAME = {
    "src", "title", "sandbox", "allow", "allowfullscreen", "loading", "referrerpolicy", "width", "height", "class",
}  # fmt: skip
# What an address may begin with: a scheme that shows a page, a picture or a letter, or none at all.
_ADDRESS = re.compile(r"(?:https?:|mailto:|#|/|\?|(?![a-z][a-z0-9+.-]*:))", re.IGNORECASE)
_ODD = re.compile(r"[\x00-\x1f\x7f]")
_ADDRESSES = {"href", "src", "action", "formaction", "data", "cite", "poster", "background", "ping", "xlink:href"}
# The page's own classes, by which a body could pass for the page.
_PAGES_OWN = {"masthead", "modal", "overlay", "frame", "unseen", "skip", "htmx-indicator", "colophon", "said"}
_DATA = {"application/ld+json", "application/json", "importmap"}


class Harm(AssertionError):
    """Something that should not be there."""


class _Body(HTMLParser):
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "iframe":
            host = re.match(r"https://([a-z0-9.-]+)/", said.get("src", ""))
            if not (host and host[1] in HOSTS and set(said) <= _FRAME and said.get("sandbox")):
                raise Harm(self.get_starttag_text())
            return
        if tag not in _HARMLESS or set(said) - _SAID:
            raise Harm(self.get_starttag_text())
        if _PAGES_OWN & set(said.get("class", "").split()):
            raise Harm(self.get_starttag_text())
        if "id" in said and not said["id"].startswith("s-"):
            raise Harm(self.get_starttag_text())
        _check_addresses(said)

    def handle_comment(self, data: str) -> None:
        raise Harm(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise Harm(f"a declaration: {decl}")

    def handle_pi(self, data: str) -> None:
        raise Harm(f"an instruction: {data}")


class _Page(HTMLParser):
    """A whole page of ours, whose own scripts are named, or are data."""

    def __init__(self, *, nonce: str) -> None:
        super().__init__()
        self._nonce = nonce

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag in {"object", "embed", "applet", "base", "frame", "frameset", "portal", "style", "math", "template"}:
            raise Harm(self.get_starttag_text())
        if any(name.startswith("on") or name in {"style", "srcdoc", "http-equiv", "ping"} for name in said):
            raise Harm(self.get_starttag_text())
        if tag == "script" and said.get("type") not in _DATA and not said.get("src", "").startswith("/static/"):
            raise Harm(self.get_starttag_text())
        if tag == "script" and said.get("type") == "importmap" and said.get("nonce") != self._nonce:
            raise Harm(self.get_starttag_text())
        _check_addresses(said)


def _check_addresses(said: dict[str, str]) -> None:
    for name in _ADDRESSES & said.keys():
        if not _ADDRESS.match(said[name]) or _ODD.search(said[name]) or "\\" in said[name]:
            raise Harm(f"{name}={said[name]!r}")


def audit_body(html: str) -> None:
    """Raise Harm where a rendered body could do anything but be read."""
    parser = _Body(convert_charrefs=True)
    parser.feed(html)
    parser.close()


def audit_page(html: str, *, nonce: str = "") -> None:
    """Raise Harm where a page has a script, a handler or an address that is not its own."""
    parser = _Page(nonce=nonce)
    parser.feed(html)
    parser.close()
