"""What happened as CSV, as spreadsheets open it."""

import csv
from collections.abc import Iterable, Iterator

from publishing.auditing import KINDS
from studio.audit.telling import Told

PART = 120
"""Rows that are in memory at once."""
MOST = 100_000
"""Rows of one download. Where there are more, its last line says so."""

_HEADINGS = ("time (UTC)", "person", "what", "site", "kind", "changes", "request")
# What a spreadsheet would take for a formula, and compute.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Line:
    """For csv.writer: hands back what it is given."""

    def write(self, line: str) -> str:
        return line


def written(rows: Iterable[Told]) -> Iterator[str]:
    """Line by line, beginning with the mark by which spreadsheets know UTF-8."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(_HEADINGS)
    left = MOST
    for row in rows:
        left -= 1
        yield writer.writerow([_inert(cell) for cell in _cells(row)])
    if left <= 0:
        yield writer.writerow([f"The first {MOST:,} of more. Choose a period, a person or a site to see the others."])


def _cells(row: Told) -> list[str]:
    event = row.event
    return [
        f"{event.place.at:%Y-%m-%d %H:%M:%S}",
        row.who,
        row.sentence,
        row.site,
        KINDS[event.place.kind].label,
        "; ".join(f"{one.label}: {one.old} → {one.new}" for one in row.changes),
        event.url,
    ]


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
