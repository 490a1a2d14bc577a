"""Jekyll's Markdown (kramdown) and the readers' leftovers, written as the Markdown that Masthead renders."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator

from publishing.importing.liquid import UNKNOWN

_TICKS = re.compile(r"[`~]+")
_CODE = re.compile(r"[`~]+|^ {0,3}<(?P<sample>pre|textarea)(?=[\s>])", re.MULTILINE | re.IGNORECASE)
_CODE_SPAN_END = 2000
_LIST_OF_CONTENTS = re.compile(
    r"^[ \t]*(?:[*+-]|\d+\.)[ \t]+[^\n]*\n[ \t]*\{:[^}\n]*\btoc\b[^}\n]*\}[ \t]*$", re.MULTILINE
)
_ATTRIBUTE_LINE = re.compile(r"^([ \t]*)\{:([^}\n]*)\}[ \t]*$", re.MULTILINE)
_ATTRIBUTES = re.compile(r"\{:([^}\n]*)\}")
_HEADING_ID = re.compile(r"^(#{1,6}[^\n]*?)[ \t]*\{#([\w-]+)\}[ \t]*$", re.MULTILINE)
_ID = re.compile(r"#([\w-]+)")
_MARKDOWN_INSIDE = re.compile(
    r"^([ \t]*)<(div|section|blockquote|figure|details|aside)\b([^<>\n]*?)\smarkdown=[\"']?\w+[\"']?([^<>\n]*)>",
    re.MULTILINE,
)
_TABLE = re.compile(r"^([ \t]*)<table\b(?:(?!<table\b).){0,50000}?</table>", re.MULTILINE | re.DOTALL)
_CELL_OPTION = re.compile(r"(<t[hd]\b[^<>\n]*?)\smarkdown=[\"']?\w+[\"']?", re.IGNORECASE)
_NOT_LINE_END = re.compile(r"[^\n]")
_ROW = re.compile(r"[ \t]*\|")
_RULE = re.compile(r"[ \t]*\|(?=[^\n]*-)[-:+=| \t]+")
_DEFINITION_LINE = re.compile(r"(?<=[^\n])\n(?=\[)(\[[^\[\]^][^\[\]\n]{0,300}\]:[ \t])")
_CLOSING = re.compile(r"^([ \t]*)</(?:div|section|blockquote|figure|details|aside)>[ \t]*$", re.MULTILINE)
_DASHES = re.compile(r"--+")
_BEFORE_DASH = re.compile(r"[\w\"'”’).,!?*_`\]]")
_AFTER_DASH = re.compile(r"[\w\"'“‘(*_`\[]")
_REFERENCE = re.compile(r"\[((?:[^\[\]\\]|\\.|\[[^\[\]]{0,200}\]){1,1000})\]\[([^\[\]]{0,300})\]")
_DEFINED = re.compile(r"^[ \t>]*\[([^\[\]]{1,300})\]:", re.MULTILINE)
_UNKNOWN_TARGET = re.compile(rf"(\]\()[^()\s]*{UNKNOWN}[^()\s]*(?=[\s)])")
_UNKNOWN_DEFINITION = re.compile(rf"^([ \t]*\[[^\[\]]{{1,300}}\]:)[ \t]*\S*{UNKNOWN}\S*.*$", re.MULTILINE)


def in_prose(source: str, change: Callable[[str], str]) -> str:
    """`change` applied to all but fenced code, code spans and preformatted HTML."""
    parts, position = [], 0
    for start, end in _code(source):
        parts += [change(source[position:start]), source[start:end]]
        position = end
    return "".join([*parts, change(source[position:])])


def sub_in_prose(pattern: re.Pattern[str], change: Callable[[re.Match[str]], str], source: str) -> str:
    """As `pattern.sub`, but what begins inside of code stays as it is written.

    What begins in prose may hold code, as the words of a picture do.
    """
    code = list(_code(source))
    starts = [start for start, _ in code]

    def changed(found: re.Match[str]) -> str:
        before = bisect_right(starts, found.start()) - 1
        return found[0] if before >= 0 and found.start() < code[before][1] else change(found)

    return pattern.sub(changed, source)


def _code(source: str) -> Iterator[tuple[int, int]]:
    position = 0
    for ticks in _CODE.finditer(source):
        if ticks.start() < position or (not ticks["sample"] and len(set(ticks[0])) > 1):
            continue
        if ticks["sample"]:
            position = _sample_end(source, ticks)
            yield ticks.start(), position
            continue
        before = source[source.rfind("\n", 0, ticks.start()) + 1 : ticks.start()]
        if len(ticks[0]) >= 3 and not before.strip(" \t>*+-.0123456789"):
            closing = re.compile(rf"^[ \t>]*{ticks[0]}[`~]*[ \t]*$", re.MULTILINE).search(source, ticks.end())
            position = closing.end() if closing else len(source)
            yield ticks.start(), position
        elif ticks[0][0] == "`" and (end := _span_end(source, ticks)):
            position = end
            yield ticks.start(), position


def _sample_end(source: str, opening: re.Match[str]) -> int:
    closing = re.compile(rf"</{opening['sample']}>", re.IGNORECASE).search(source, opening.end())
    return closing.end() if closing else len(source)


def _span_end(source: str, ticks: re.Match[str]) -> int | None:
    """Where the code span ends that these ticks open; None where they are just ticks."""
    for closing in _TICKS.finditer(source, ticks.end(), ticks.end() + _CODE_SPAN_END):
        if closing[0] == ticks[0]:
            is_one_paragraph = "\n\n" not in source[ticks.end() : closing.start()]
            return closing.end() if is_one_paragraph else None
    return None


def to_markdown(source: str) -> str:
    """Attribute lists become ids or go, Markdown inside HTML blocks is parted by blank lines, dashes are set."""
    if "<table" in source:
        source = _flattened_tables(source)
    if "|" in source:
        source = _headed_tables(source)
    return in_prose(source, _converted)


def _headed_tables(source: str) -> str:
    """Tables without a heading, which kramdown knows and CommonMark's extension does not, get an empty one."""
    lines = source.split("\n")
    before = ""
    for number, (line, masked) in enumerate(zip(lines, _masked(source).split("\n"), strict=True)):
        starts = _ROW.match(masked) and not _ROW.match(before)
        before = masked
        if not starts:
            continue
        following = lines[number + 1] if number + 1 < len(lines) else ""
        indent = line[: len(line) - len(line.lstrip())]
        columns = masked.strip().strip("|").count("|") + 1
        if _RULE.fullmatch(masked):
            lines[number] = f"{indent}|{' |' * columns}\n{line}"
        elif not _RULE.fullmatch(following) and _ROW.match(following):
            lines[number] = f"{indent}|{' |' * columns}\n{indent}|{'-|' * columns}\n{line}"
    return "\n".join(lines)


def _flattened_tables(source: str) -> str:
    """HTML tables without indentation inside: after a blank line, CommonMark would take an indented cell for code."""
    parts, position = [], 0
    for table in _TABLE.finditer(_masked(source)):
        lines = source[table.start() : table.end()].split("\n")
        flat = [f"{table[1]}{line.strip()}" if line.strip() else "" for line in lines]
        parts += [source[position : table.start()], "\n".join(flat)]
        position = table.end()
    return "".join([*parts, source[position:]])


def _converted(prose: str) -> str:
    if "{:" in prose or "{#" in prose:
        prose = _LIST_OF_CONTENTS.sub("", prose)
        prose = _HEADING_ID.sub(r'<span id="\2"></span>\n\n\1', prose)
        prose = _ATTRIBUTE_LINE.sub(
            lambda line: f"\n{line[1]}{anchor}\n" if (anchor := _anchor(line[2])) else "", prose
        )
        prose = _ATTRIBUTES.sub(lambda list_: _anchor(list_[1]), prose)
    if "markdown=" in prose:
        prose = _CELL_OPTION.sub(r"\1", prose)
        prose = _CLOSING.sub(r"\n\g<0>\n", _MARKDOWN_INSIDE.sub(r"\1<\2\3\4>\n", prose))
    prose = _DEFINITION_LINE.sub(r"\n\n\1", prose)
    return _DASHES.sub(_dash, prose) if "--" in prose else prose


def _dash(written: re.Match[str]) -> str:
    """Two make an en dash, three an em dash, between words; elsewhere they rule a line, a table or an option."""
    before, after = (
        written.string[max(0, written.start() - 1) : written.start()],
        written.string[written.end() : written.end() + 1],
    )
    spaced = before == after == " "
    # Where the text ends, a code span begins.
    joined = (not before or _BEFORE_DASH.match(before)) and (not after or _AFTER_DASH.match(after))
    if len(written[0]) > 3 or not (spaced or joined):
        return written[0]
    return "—" if len(written[0]) == 3 else "–"


def _anchor(attributes: str) -> str:
    named = _ID.search(attributes)
    return f'<span id="{named[1]}"></span>' if named else ""


def without_unknown(source: str) -> tuple[str, int]:
    """The source without links whose target Liquid did not know, and how many values were unknown."""
    count = source.count(UNKNOWN)
    if not count:
        return source, 0
    source = _UNKNOWN_DEFINITION.sub(r"\1 <>", source)
    return _UNKNOWN_TARGET.sub(r"\1<>", source).replace(UNKNOWN, ""), count


def with_all_references(source: str) -> tuple[str, int]:
    """Each reference without a definition gets an empty one, which shows its words as text; and their number.

    The words stay as they were written, and who edits the post can fill in the address.
    """
    prose = _masked(source)
    defined = {_label(label) for label in _DEFINED.findall(source)}
    used: dict[str, str] = {}
    count = 0
    for reference in _REFERENCE.finditer(prose):
        start, end = reference.span(2) if reference[2] else reference.span(1)
        written = source[start:end]
        if _label(written) not in defined and _is_label(written):
            used.setdefault(_label(written), " ".join(written.split()))
            count += 1
    if not used:
        return source, 0
    return source.rstrip() + "\n\n" + "".join(f"[{label}]: <>\n" for label in used.values()), count


def _masked(source: str) -> str:
    """The source with each code span and block replaced by as many signs that mean nothing."""
    parts, position = [], 0
    for start, end in _code(source):
        parts += [source[position:start], _NOT_LINE_END.sub("\ufdd3", source[start:end])]
        position = end
    return "".join([*parts, source[position:]])


def _is_label(written: str) -> bool:
    return bool(written.strip()) and not written.startswith("^") and "[" not in written and "]" not in written


def _label(written: str) -> str:
    return " ".join(written.split()).casefold()
