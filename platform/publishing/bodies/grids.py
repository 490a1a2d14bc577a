"""The grid of a table, in which every row and every column is one where a cell begins: HTML's table model."""

from collections.abc import Iterable, Iterator
from itertools import accumulate

from publishing.bodies.tree import Element

# Places in the grids of a body. Where there are more, columns stay as they are: 100,000 cells of 1,000 columns fit in.
MOST_PLACES = 200_000

_GROUPS = ("thead", "tbody", "tfoot")


def places_of(elements: Iterable[Element]) -> int:
    """Of all cells among these."""
    return sum(_span(cell, "colspan") * _span(cell, "rowspan") for cell in elements if cell.tag in ("td", "th"))


def straighten(table: Element) -> None:
    """Parts in their order, no empty rows, no column that only spans make up. What is seen stays the same."""
    order_rows(table)
    _close_columns(table)


def order_rows(table: Element) -> None:
    """Parts in their order, no empty rows."""
    _order_parts(table)
    for group in _elements(table, *_GROUPS):
        _drop_empty_rows(group)
    table.children = [part for part in table.children if isinstance(part, str) or part.tag]


def _order_parts(table: Element) -> None:
    captions, heads = _elements(table, "caption"), _elements(table, "thead")
    first = next(iter(_elements(table, "tbody", "thead")), None)
    for head in heads:
        if head is not first:
            head.tag = "tbody"
    for foot in _elements(table, "tfoot")[:-1]:
        foot.tag = "tbody"
    for more in captions[1:]:
        captions[0].children += more.children
        more.vanish()
    columns = _elements(table, "colgroup")
    last = _elements(table, "tfoot")
    moved = {id(part) for part in (*captions, *columns, *last)}
    between = [part for part in table.children if id(part) not in moved]
    table.children = [*captions[:1], *columns, *between, *last]


def _drop_empty_rows(group: Element) -> None:
    """A cell that reached across a row that goes is one row less high, and no cell reaches out of its group."""
    rows = _rows(group)
    # How many rows are kept before each, and in all.
    kept = [0, *accumulate(1 if _cells(row) else 0 for row in rows)]
    for number, row in enumerate(rows):
        for cell in _cells(row):
            height = kept[min(number + _span(cell, "rowspan"), len(rows))] - kept[number]
            if height != _span(cell, "rowspan"):
                cell.attributes["rowspan"] = str(height)
    group.children = [row for row in group.children if isinstance(row, str) or _cells(row)]
    if not kept[-1]:
        group.vanish()


def _close_columns(table: Element) -> None:
    places = list(_places(table))
    beginning = {start for _, start, _ in places}
    for cell, start, end in places:
        if end - start > 1:
            width = sum(column in beginning for column in range(start, end))
            if width != end - start:
                cell.attributes["colspan"] = str(width)


def _places(table: Element) -> Iterator[tuple[Element, int, int]]:
    """Every cell with its first column and the one after its last."""
    for group in _elements(table, *_GROUPS):
        # Which columns cells of earlier rows still reach into, and for how many rows.
        taken: dict[int, int] = {}
        for row in _rows(group):
            column, begun = 0, {}
            for cell in _cells(row):
                while taken.get(column):
                    column += 1
                start, column = column, column + _span(cell, "colspan")
                begun.update(dict.fromkeys(range(start, column), _span(cell, "rowspan")))
                yield cell, start, column
            taken = {place: left - 1 for place, left in {**taken, **begun}.items() if left > 1}


def _span(cell: Element, name: str) -> int:
    return int(cell.attributes.get(name, 1))


def _rows(group: Element) -> list[Element]:
    return _elements(group, "tr")


def _cells(row: Element) -> list[Element]:
    return _elements(row, "td", "th")


def _elements(parent: Element, *tags: str) -> list[Element]:
    return [child for child in parent.children if isinstance(child, Element) and child.tag in tags]
