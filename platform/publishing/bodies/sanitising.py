"""The allow-list: the single authority on what HTML a reader can ever get from a body.

What is not named here does not arrive: no style, script, frame, form, event handler, SVG or MathML.
"""

import re
from html import escape

import nh3
from pygments.token import STANDARD_TYPES

ID_PREFIX = "s-"
"""Every id of a body begins so (and every link to one), so that a body cannot take the id of a page's own element."""

URL_SCHEMES = {"http", "https", "mailto"}

TAGS = {
    "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "ul", "ol", "li", "dl", "dt", "dd", "table", "caption",
    "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td", "blockquote", "pre", "code", "div", "section",
    "figure", "figcaption", "img", "a", "span", "em", "strong", "b", "i", "u", "s", "del", "ins", "sub", "sup",
    "abbr", "kbd", "samp", "var", "mark", "small", "cite", "q", "dfn", "time", "details", "summary",
}  # fmt: skip
_CONTENT_DROPPED = {
    "script", "style", "iframe", "object", "embed", "svg", "math", "template", "noscript", "noembed", "noframes",
    "textarea", "select", "option", "title", "xmp", "audio", "video", "canvas",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"id"},
    "a": {"href", "title", "aria-label"},
    "img": {"src", "alt", "width", "height", "title"},
    "abbr": {"title"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
    "time": {"datetime"},
}
_ALIGNMENTS = {"align-left", "align-center", "align-right"}
CLASSES = {
    "span": {css for css in STANDARD_TYPES.values() if css},
    "pre": {"highlight"},
    "td": _ALIGNMENTS,
    "th": _ALIGNMENTS,
    "p": _ALIGNMENTS,
    "figure": _ALIGNMENTS | {"gallery", "embed"},
    "section": {"footnotes"},
    "sup": {"footnote-ref"},
    "a": {"footnote-backref"},
}

# Allowed in a string, and in no HTML document: what comes after may take them away, and join what they parted.
FORBIDDEN = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")

_ID = re.compile(r"\w[\w.:-]{0,127}")
_LANGUAGE = re.compile(r"language-[A-Za-z0-9_+#.-]{1,40}")
_NUMBER = re.compile(r"\d{1,5}")
_SCHEME = re.compile(r"([a-z][a-z0-9+.\-]*):", re.IGNORECASE)
_FRAGMENT = re.compile(r"((?:/(?!/)[^#]*)?)#(\w[\w.:-]{0,127})")
_H1 = re.compile(r"(</?)h1(?=[\s/>])", re.IGNORECASE)
_NUMERIC = {"width", "height", "start", "colspan", "rowspan", "span"}
_TAG = re.compile(r"<(/?)([a-z][^ \t\n\f\r/>]*)", re.IGNORECASE)
# A whole tag as the HTML standard reads it, or else what hides tags from the parser: comments and their like.
_MARKUP = re.compile(
    r"(?P<tag></?[a-z][^ \t\n\f\r/>]*+"
    r"(?:[ \t\n\f\r/]++|[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+"
    r"(?:[ \t\n\f\r]*+=[ \t\n\f\r]*+(?:\"[^\"]*+\"|'[^']*+'|[^ \t\n\f\r>\"'][^ \t\n\f\r>]*+)?+)?+)*+>?+)"
    r"|<!--(?:-?>|.*?(?:--!?>|\Z))|<(?:[!?]|/[^a-z>])[^>]*+>?+",
    re.IGNORECASE | re.DOTALL,
)
_NEVER_NESTED = {
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "caption", "col", "colgroup", "option",
    "br", "hr", "img", "input", "wbr", "area", "base", "embed", "link", "meta", "param", "source", "track",
}  # fmt: skip
_MAX_DEPTH = 500
# The parser opens these again in each block that begins while they are open.
_REOPENED = {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
# Of those, in a whole body: what an article has is a few thousand at most.
_MOST_REOPENED = 200_000
_MAX_PASSES = 4


def clean(html: str) -> str:
    """Sanitised HTML; cleaning it again changes nothing.

    A page's one h1 is its title, so h1 becomes h2. Tags nested deeper than any article's are shown as text: the
    parser's time grows with the square of the depth (100,000 `<div>` took 35 s).
    """
    return _cleaned(html, _CLEANER)


def clean_source(html: str) -> str:
    """The same for a source that somebody goes on writing: code keeps the name of its language."""
    return _cleaned(html, _SOURCE_CLEANER)


def _cleaned(html: str, cleaner: nh3.Cleaner) -> str:
    if html.count("<") > _MAX_DEPTH:
        html = _without_hidden_tags(html)
        html = escape(html) if _is_too_deep(html) else html
    html = _H1.sub(r"\1h2", html)
    for _ in range(_MAX_PASSES):
        cleaned = cleaner.clean(html)
        if cleaned == html:
            break
        html = cleaned
    return html


def _without_hidden_tags(html: str) -> str:
    """The same HTML without comments, and without tags inside of attributes: what looks like a tag is one."""
    shorter = _MARKUP.sub(lambda markup: _shown(markup["tag"], ""), html)
    # What a removed comment parted can be one now; a space leaves nothing to join.
    return _MARKUP.sub(lambda markup: _shown(markup["tag"], " "), shorter)


def _shown(tag: str | None, instead: str) -> str:
    if tag is None or "<" not in tag[1:]:
        return instead if tag is None else tag
    inside = tag[1:].removesuffix(">").replace("<", "&lt;").replace(">", "&gt;")
    return f"<{inside}>" if tag.endswith(">") else f"<{inside}"


def _is_too_deep(html: str) -> bool:
    """Never too shallow: an end tag counts only where it ends the innermost element.

    Also what grows without being deep: emphasis that is left open is opened again in each paragraph.
    """
    still_open: list[str] = []
    formatting = reopened = 0
    for tag in _TAG.finditer(html):
        name = tag[2].lower()
        if not tag[1]:
            reopened += formatting
        if name in _NEVER_NESTED:
            pass
        elif not tag[1]:
            still_open.append(name)
            formatting += name in _REOPENED
        elif still_open and still_open[-1] == name:
            still_open.pop()
            formatting -= name in _REOPENED
        if len(still_open) > _MAX_DEPTH or reopened > _MOST_REOPENED:
            return True
    return False


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "id":
        return value if _ID.fullmatch(value) else None
    if name == "class" and tag == "code":
        return value if _LANGUAGE.fullmatch(value) else None
    if name in _NUMERIC:
        return value if _NUMBER.fullmatch(value) else None
    if name == "href":
        return _href(value.strip())
    if name == "src":
        return value if _is_web_address(value.strip(), {"http", "https"}) else None
    return value


def _href(value: str) -> str | None:
    if not _is_web_address(value, URL_SCHEMES):
        return None
    if (within := _FRAGMENT.fullmatch(value)) and not within[2].startswith(ID_PREFIX):
        return f"{within[1]}#{ID_PREFIX}{within[2]}"
    return value


def _is_web_address(value: str, schemes: set[str]) -> bool:
    if not value or FORBIDDEN.search(value) or any(ord(char) < 32 or char == "\\" for char in value):
        return False
    scheme = _SCHEME.match(value)
    return scheme is None or scheme[1].lower() in schemes


def _cleaner(attributes: dict[str, set[str]]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=TAGS,
        clean_content_tags=_CONTENT_DROPPED,
        attributes=attributes,
        attribute_filter=_attribute,
        allowed_classes=CLASSES,
        set_tag_attribute_values={"img": {"loading": "lazy"}},
        url_schemes=URL_SCHEMES,
        link_rel="noopener noreferrer",
        id_prefix=ID_PREFIX,
    )


_CLEANER = _cleaner(ATTRIBUTES)
_SOURCE_CLEANER = _cleaner({**ATTRIBUTES, "code": {"class"}})
