"""What of a text is shown where words of it were found, and how these are marked.

PostgreSQL marks the words with characters of Unicode's private use, of which it was told to take every other one away
before. Only once the text is escaped do they become tags: what an author wrote never does.
"""

from markupsafe import Markup, escape

START, END, PART = "\ue000", "\ue001", "\ue002"
# Characters of a passage, of those before its first mark, and of the window into the text that it is taken from.
LONGEST_PASSAGE, BEFORE, WINDOW = 240, 80, 360
# A cut is moved to the next space, but not by more: some languages write none.
_NEAR = 40
_CUT = "…"
_TRAILING = " .,;:–—-"

Span = tuple[int, int]


def marked(text: str) -> Markup:
    """The text as HTML, white space folded, with `<mark>` where the marks are."""
    folded = str(escape(" ".join(text.split())))
    return Markup(folded.replace(START, "<mark>").replace(END, "</mark>"))  # noqa: S704 -- escaped the line before


def passage_of(window: str, *, is_opening: bool) -> str:
    """The part of the window with most of the marks, at most LONGEST_PASSAGE characters and an ellipsis at either cut.

    `is_opening` tells that the text begins with the window; it ends with it where the window is shorter than WINDOW.
    """
    plain, spans = _spans(window)
    start, stop = _best(spans, len(plain))
    opening = ""
    if start or not is_opening:
        start, opening = _beginning(plain, start, next((first for first, _ in spans if first >= start), start))
        stop = min(len(plain), start + LONGEST_PASSAGE)
    is_cut = stop < len(plain) or len(plain) >= WINDOW
    if is_cut:
        stop = _before_space(plain, stop)
    shown = _with_marks(plain, [(first, last) for first, last in spans if start <= first and last <= stop], start, stop)
    return f"{opening}{shown.rstrip(_TRAILING)}{_CUT}" if is_cut else f"{opening}{shown}"


def _spans(window: str) -> tuple[str, list[Span]]:
    """The text without its marks, and where they began and ended."""
    plain, *rest = window.split(START)
    spans = []
    for piece in rest:
        word, _, after = piece.partition(END)
        spans.append((len(plain), len(plain) + len(word)))
        plain += word + after
    return plain, spans


def _best(spans: list[Span], length: int) -> Span:
    """Where most marks lie near each other, the first of such places; the beginning where there are none."""
    latest = max(0, length - LONGEST_PASSAGE)
    starts = [min(max(0, first - BEFORE), latest) for first, _ in spans] or [0]
    best = max(
        starts, key=lambda start: sum(start <= first and last <= start + LONGEST_PASSAGE for first, last in spans)
    )
    return best, min(length, best + LONGEST_PASSAGE)


def _beginning(plain: str, start: int, first: int) -> tuple[int, str]:
    """Where to begin between the cut and the first mark, and what to begin with: nothing, where a sentence begins."""
    sentence = max(plain.rfind(end, start, first) for end in (". ", "? ", "! "))
    if sentence >= 0:
        return sentence + 2, ""
    space = plain.find(" ", start, min(first, start + _NEAR))
    return (space + 1 if space >= 0 else start), _CUT


def _before_space(plain: str, stop: int) -> int:
    space = plain.rfind(" ", stop - _NEAR, stop)
    return space if space >= 0 else stop


def _with_marks(plain: str, spans: list[Span], start: int, stop: int) -> str:
    pieces, at = [], start
    for first, last in spans:
        pieces += [plain[at:first], START, plain[first:last], END]
        at = last
    return "".join([*pieces, plain[at:stop]])
