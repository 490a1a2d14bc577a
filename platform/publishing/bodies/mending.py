"""What an import brings along and HTML's own rules forbid, put right without a word lost.

Every rule looks at an element whose children have been put right already.
"""

import re
from collections.abc import Callable, Container, Mapping
from itertools import groupby

from publishing.bodies.addresses import last_part, tidy
from publishing.bodies.grids import MOST_PLACES, order_rows, places_of, straighten
from publishing.bodies.headings import LEVELS
from publishing.bodies.tree import Element, Node, is_blank

# What an element holds, itself or further in: words to be read or heard; pictures; what must not get lost though it has
# no words; what cannot stand in a line of text, and of that what is no plain paragraph; what can be clicked; headings;
# tables.
_WORDS, _IMAGES, _THINGS, _BLOCKS, _LARGE_BLOCKS, _CLICKABLE, _HEADINGS, _TABLES = (1 << bit for bit in range(8))

# In a line of text; these may hold nothing else. `a`, `del` and `ins` may hold what stands around them may.
_INLINE = frozenset({
    "span", "em", "strong", "b", "i", "u", "s", "sub", "sup", "abbr", "kbd", "samp", "var", "mark", "small", "cite",
    "q", "dfn", "time", "code",
})  # fmt: skip
_IN_A_LINE = _INLINE | {"a", "del", "ins", "img", "br", "picture", "source"}
# Without words and things these are nothing.
_HOLLOW = frozenset({"p", "div", "blockquote", "figure", "figcaption", "ul", "ol", "dl", "table"})
_TABLE_PARTS = frozenset({"table", "caption", "colgroup", "thead", "tbody", "tfoot", "tr", "td", "th", "col"})
# What belongs into which elements alone.
_HOMES = {
    "li": {"ul", "ol"}, "dt": {"dl"}, "dd": {"dl"}, "figcaption": {"figure"}, "summary": {"details"},
}  # fmt: skip
_SCOPES = {"row", "col", "rowgroup", "colgroup"}
_MOMENT = re.compile(
    r"\d{4,}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01])"
    r"(?:[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,3})?)?(?:Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?)?)?"
)


# Children looked at in a whole body; a novel of 30,000 paragraphs has 100,000. Hundreds of elements around thousands
# would be looked at again in each of them.
MOST_STEPS = 2_000_000


class Tangled(Exception):
    """So much lies in so much that putting it right would take longer than anybody waits."""


def mend(root: Element) -> None:
    """Raises Tangled, with the tree half put right."""
    seen: set[str] = set()
    elements = list(root.descendants())
    rules = _RULES if places_of(elements) <= MOST_PLACES else {**_RULES, "table": order_rows}
    steps = 0
    for element in elements:
        _keep_first_id(element, seen)
    for element in [*reversed(elements), root]:
        element.children = _spliced(element.children)
        steps += len(element.children)
        if steps > MOST_STEPS:
            raise Tangled
        _find_homes(element)
        element.holds = _held_by(element)
        if rule := rules.get(element.tag):
            rule(element)
        if element.tag in _HOLLOW and not element.holds & (_WORDS | _THINGS):
            element.vanish()


def _keep_first_id(element: Element, seen: set[str]) -> None:
    """Of equal ids browsers go to the first. An empty class is what the sanitiser leaves of a forbidden one."""
    if not element.attributes:
        return
    if element.attributes.get("id") in seen:
        del element.attributes["id"]
    elif "id" in element.attributes:
        seen.add(element.attributes["id"])
    if element.attributes.get("class") == "":
        del element.attributes["class"]


def _spliced(children: list[Node]) -> list[Node]:
    """With what has lost its tag replaced by its children."""
    if all(isinstance(child, str) or child.tag for child in children):
        return children
    spliced: list[Node] = []
    waiting = children[::-1]
    while waiting:
        child = waiting.pop()
        if isinstance(child, str) or child.tag:
            spliced.append(child)
        else:
            waiting += reversed(child.children)
    return spliced


def _held_by(element: Element) -> int:
    held = _THINGS if "id" in element.attributes or element.tag in ("img", "hr") else 0
    for child in element.children:
        if isinstance(child, str):
            held |= 0 if is_blank(child) else _WORDS
        else:
            held |= child.holds | _is(child)
    return held


def _is(child: Element) -> int:
    tag = child.tag
    if tag == "img":
        return _IMAGES if is_blank(child.attributes["alt"]) else _IMAGES | _WORDS
    if tag == "a":
        return _CLICKABLE
    if tag in _IN_A_LINE:
        return 0
    if tag in ("p", "div"):
        return _BLOCKS
    if tag in LEVELS or tag == "section":
        return _BLOCKS | _LARGE_BLOCKS | _HEADINGS
    return _BLOCKS | _LARGE_BLOCKS | {"details": _CLICKABLE, "table": _TABLES}.get(tag, 0)


def _find_homes(element: Element) -> None:
    """Items of a list, captions and summaries that stand alone."""
    strays = {child.tag for child in element.children if isinstance(child, Element)} & _HOMES.keys()
    if strays := {tag for tag in strays if element.tag not in _HOMES[tag]}:
        element.children = _wrapped(element.children, strays & {"li"}, "ul")
        element.children = _wrapped(element.children, strays & {"dt", "dd"}, "dl")
        for child in element.children:
            if isinstance(child, Element) and child.tag in strays & {"figcaption", "summary"}:
                child.tag = "div"


def _wrapped(children: list[Node], tags: Container[str], around: str) -> list[Node]:
    """Each run of such elements in one of these."""
    if not tags:
        return children
    wrapped: list[Node] = []
    for belongs, run in groupby(children, lambda child: isinstance(child, Element) and child.tag in tags):
        if belongs:
            home = Element(around, children=list(run))
            home.holds = _held_by(home)
            _RULES[around](home)
            wrapped.append(home)
        else:
            wrapped += run
    return wrapped


def _image(image: Element) -> None:
    source = image.attributes.get("src")
    if source is None:
        # Refused by the sanitiser: what it showed is told.
        alt = image.attributes.get("alt", "")
        image.become("", {}, [alt] if alt else [])
        return
    image.attributes["src"] = tidy(source)
    image.attributes.setdefault("alt", "")


def _link(link: Element) -> None:
    href = link.attributes.get("href")
    if href is None or link.holds & _CLICKABLE:
        _be_no_link(link)
        return
    link.attributes["href"] = tidy(href)
    if is_blank(link.attributes.get("aria-label", "")):
        link.attributes.pop("aria-label", None)
    if link.holds & _WORDS or "aria-label" in link.attributes:
        return
    if link.holds & _IMAGES:
        link.attributes["aria-label"] = last_part(href)
    else:
        _be_no_link(link)


def _be_no_link(link: Element) -> None:
    """Its words stay, and its id, for those who link to it."""
    anchor = link.attributes.get("id")
    if anchor and not link.holds & _BLOCKS:
        link.become("span", {"id": anchor}, link.children)
    else:
        link.unwrap()


def _heading(heading: Element) -> None:
    _line(heading)
    if heading.tag in LEVELS and not heading.holds & _WORDS:
        if heading.holds & _IMAGES:
            heading.tag = "p"
        else:
            heading.vanish()


def _line(line: Element) -> None:
    """What has room for a line only: paragraphs in it become lines, and with anything larger in it, it is a block."""
    if line.holds & _LARGE_BLOCKS:
        _be_block(line)
    elif line.holds & _BLOCKS:
        for block in [inside for inside in line.descendants() if inside.tag in ("p", "div")]:
            block.children.append(Element("br"))
            block.unwrap()
        line.children = _spliced(line.children)
        if isinstance(last := line.children[-1], Element) and last.tag == "br":
            line.children.pop()


def _be_block(element: Element) -> None:
    anchor = element.attributes.get("id")
    element.become("div", {"id": anchor} if anchor else {}, element.children)


def _inline(element: Element) -> None:
    if element.holds & _BLOCKS:
        element.unwrap()


def _time(time: Element) -> None:
    moment = time.attributes.get("datetime", "")
    if _MOMENT.fullmatch(moment):
        time.attributes["datetime"] = re.sub(r"-00:?00$", "Z", moment)
        _inline(time)
    else:
        time.unwrap()


def _list(items: Element) -> None:
    """What stands between the items joins the one before it, as browsers show it."""
    kept: list[Node] = []
    item: Element | None = None
    for child in items.children:
        if isinstance(child, str) and is_blank(child):
            kept.append("\n")
        elif isinstance(child, Element) and child.tag == "li":
            item = child
            kept.append(child)
        elif item is None:
            item = Element("li", children=[child])
            kept.append(item)
        else:
            item.children.append(child)
    items.children = kept


def _definitions(terms: Element) -> None:
    """Terms and then what they mean, again and again; what is anything else is no list of definitions."""
    names = "".join([_letter(child) for child in terms.children])
    if re.fullmatch(r"(?:t+d+)*", names):
        terms.children = ["\n" if isinstance(child, str) else child for child in terms.children]
        return
    _be_block(terms)
    for child in terms.children:
        if isinstance(child, Element) and child.tag in ("dt", "dd"):
            child.tag = "div"


def _letter(child: Node) -> str:
    if isinstance(child, str):
        return "" if is_blank(child) else "x"
    return {"dt": "t", "dd": "d"}.get(child.tag, "x")


def _term(term: Element) -> None:
    """No headings and sections within: a term is one."""
    if term.holds & _HEADINGS:
        for inside in term.descendants():
            if inside.tag in LEVELS:
                inside.become("p", {}, inside.children)
            elif inside.tag == "section":
                inside.tag = "div"
        term.holds &= ~_HEADINGS


def _cell(cell: Element) -> None:
    for name, most in (("colspan", 1000), ("rowspan", 65534)):
        if not 1 <= int(cell.attributes.get(name, 1)) <= most:
            del cell.attributes[name]


def _header(cell: Element) -> None:
    _term(cell)
    _cell(cell)
    is_empty = not cell.holds & (_WORDS | _IMAGES)
    if is_empty or cell.attributes.get("scope", "row") not in _SCOPES:
        cell.attributes.pop("scope", None)
    if is_empty:
        # An empty corner is no header: nobody could hear what it says.
        cell.tag = "td"


def _caption(caption: Element) -> None:
    """No table within: its cells become lines."""
    if caption.holds & _TABLES:
        for inside in caption.descendants():
            if inside.tag in _TABLE_PARTS:
                inside.children += [Element("br")] if inside.tag in ("td", "th") else []
                inside.unwrap()
        caption.children = _spliced(caption.children)
        caption.holds &= ~_TABLES


def _columns(group: Element) -> None:
    if not 1 <= int(group.attributes.get("span", 1)) <= 1000 or (group.tag == "colgroup" and group.children):
        group.attributes.pop("span", None)


def _figure(figure: Element) -> None:
    """One caption, at the beginning or at the end."""
    captions = [child for child in figure.children if isinstance(child, Element) and child.tag == "figcaption"]
    for more in captions[1:]:
        more.tag = "div"
    if not captions:
        return
    shown = [child for child in figure.children if not isinstance(child, str) or child.strip(" \t\n\f\r")]
    if captions[0] not in (shown[0], shown[-1]):
        figure.children.remove(captions[0])
        figure.children.append(captions[0])


def _details(details: Element) -> None:
    """A summary comes first; without one there is nothing to open it by."""
    summaries = [child for child in details.children if isinstance(child, Element) and child.tag == "summary"]
    for more in summaries[1:]:
        more.tag = "div"
    if not summaries:
        details.tag = "div"
    else:
        details.children.remove(summaries[0])
        details.children.insert(0, summaries[0])


_RULES: Mapping[str, Callable[[Element], None]] = {
    **dict.fromkeys(_INLINE, _inline),
    **dict.fromkeys(LEVELS, _heading),
    **dict.fromkeys(("p", "pre", "summary"), _line),
    "img": _image,
    "a": _link,
    "time": _time,
    "ul": _list,
    "ol": _list,
    "dl": _definitions,
    "dt": _term,
    "td": _cell,
    "th": _header,
    "col": _columns,
    "colgroup": _columns,
    "table": straighten,
    "caption": _caption,
    "figure": _figure,
    "details": _details,
}
