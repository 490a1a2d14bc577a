"""How large a Markdown body's tables become, counted before they are rendered."""

import re

_LINE_END = re.compile(r"\r\n?|\n")
_RULE = set("|:- \t\v\f>")


def count_cells(source: str) -> int:
    """Columns × rows of all tables together; never too few, since every line up to a blank one counts as a row."""
    if "|" not in source or "-" not in source:
        return 0
    cells = columns = rows = 0
    for line in (*_LINE_END.split(source), ""):
        if not line.strip(" \t>"):
            cells += columns * rows
            columns = rows = 0
            continue
        rows += 1
        if "-" in line and "|" in line and _RULE.issuperset(line):
            columns = max(columns, line.strip(" \t>").strip("|").count("|") + 1)
    return cells
