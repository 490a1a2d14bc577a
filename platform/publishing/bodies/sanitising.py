"""The allow-list: the single authority on what HTML a reader can ever get from a body.

What is not named here does not arrive: no style, script, frame, form, event handler, SVG or MathML.
"""

import re
from collections import Counter
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
    "figure": _ALIGNMENTS | {"gallery"},
    "section": {"footnotes"},
    "sup": {"footnote-ref"},
    "a": {"footnote-backref"},
}

_ID = re.compile(r"\w[\w.:-]{0,127}")
_NUMBER = re.compile(r"\d{1,5}")
_SCHEME = re.compile(r"([a-z][a-z0-9+.\-]*):", re.IGNORECASE)
_FRAGMENT = re.compile(r"((?:/(?!/)[^#]*)?)#(\w[\w.:-]{0,127})")
_H1 = re.compile(r"(</?)h1(?=[\s/>])", re.IGNORECASE)
_NUMERIC = {"width", "height", "start", "colspan", "rowspan", "span"}
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_NEVER_NESTED = {
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "caption", "col", "colgroup", "option",
    "br", "hr", "img", "input", "wbr", "area", "base", "embed", "link", "meta", "param", "source", "track",
}  # fmt: skip
_MAX_DEPTH = 500
_MAX_PASSES = 4


def clean(html: str) -> str:
    """Sanitised HTML; cleaning it again changes nothing.

    A page's one h1 is its title, so h1 becomes h2. Tags nested deeper than any article's are shown as text: the
    parser's time grows with the square of the depth (100,000 `<div>` took 35 s).
    """
    if _is_too_deep(html):
        html = escape(html)
    html = _H1.sub(r"\1h2", html)
    for _ in range(_MAX_PASSES):
        cleaned = _CLEANER.clean(html)
        if cleaned == html:
            break
        html = cleaned
    return html


def _is_too_deep(html: str) -> bool:
    if html.count("<") <= _MAX_DEPTH:
        return False
    still_open: Counter[str] = Counter()
    depth = 0
    for slash, written in _TAG.findall(html):
        name = written.lower()
        if name in _NEVER_NESTED or (slash and not still_open[name]):
            continue
        step = -1 if slash else 1
        still_open[name] += step
        depth += step
        if depth > _MAX_DEPTH:
            return True
    return False


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "id":
        return value if _ID.fullmatch(value) else None
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
    if not value or any(ord(char) < 32 or char in "\\\x7f" for char in value):
        return False
    scheme = _SCHEME.match(value)
    return scheme is None or scheme[1].lower() in schemes


_CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags=_CONTENT_DROPPED,
    attributes=ATTRIBUTES,
    attribute_filter=_attribute,
    allowed_classes=CLASSES,
    set_tag_attribute_values={"img": {"loading": "lazy"}},
    url_schemes=URL_SCHEMES,
    link_rel="noopener noreferrer",
    id_prefix=ID_PREFIX,
)
