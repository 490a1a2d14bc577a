"""The lines of a CSV become redirects of a site: import_redirects."""

import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.db import transaction

from publishing.redirects import LONGEST_PATH, Ledger, hold_ledger, names_of, path_from
from tenants.models import Tenant

# Of one import; a form is not the way to send more.
MOST_LINES, MOST_BYTES = 5000, 1_000_000
_HEADINGS = {"path", "from", "old", "source", "redirect from", "old path", "old url"}


class Outcome(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    SAME = "there already"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an import and what becomes of it: `target` is where readers are led in the end."""

    number: int
    path: str
    target: str
    outcome: Outcome
    sentence: str = ""


@transaction.atomic
def import_redirects(*, tenant: Tenant, site: Site, text: str, is_trial: bool = False) -> list[Line]:
    """Lines of a CSV, each a path and its target, in the order of the file; a later line may change an earlier one's.

    What is refused stays out and the rest goes in; on trial nothing does. Raises ValidationError for what cannot be
    read at all.
    """
    if not is_trial:
        hold_ledger(site)
    names = names_of(site)
    read = [_read(number, cells, names) for number, cells in cells_of(text)]
    wanted = [one for one in read if one.outcome != Outcome.REFUSED]
    ledger = Ledger(tenant, site, {one.path for one in wanted}, {one.target for one in wanted})
    lines = [one if one.outcome == Outcome.REFUSED else _led(ledger, one) for one in read]
    if not is_trial:
        ledger.keep()
    return lines


def cells_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """The numbers of a CSV's lines and their cells: separated by commas, semicolons or tabs; without its heading."""
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise ValidationError(f"A file may have {MOST_BYTES // 1_000_000} MB. Send it in parts.")
    first = text.lstrip("\ufeff \r\n").partition("\n")[0]
    separator = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=separator)
    found = 0
    try:
        for cells in rows:
            stripped = [cell.strip() for cell in cells]
            if not any(stripped) or (not found and stripped[0].casefold() in _HEADINGS):
                continue
            found += 1
            if found > MOST_LINES:
                raise ValidationError(f"A file may have {MOST_LINES:,} lines. Send it in parts.")
            yield rows.line_num, stripped
    except csv.Error as error:
        raise ValidationError(f"Line {rows.line_num} cannot be read as CSV: {error}.") from error
    if not found:
        raise ValidationError("There is no line in it. Each has a path and its target: /old/,/new/")


def _read(number: int, cells: list[str], names: Collection[str]) -> Line:
    path, target = (*cells, "", "")[:2]
    try:
        return Line(number, path_from(path, names, "path"), path_from(target, names, "target"), Outcome.ADDED)
    except ValidationError as error:
        return Line(number, path[:LONGEST_PATH], target[:LONGEST_PATH], Outcome.REFUSED, " ".join(error.messages))


def _led(ledger: Ledger, line: Line) -> Line:
    before = ledger.end_of(line.path)
    try:
        end = ledger.lead(line.path, line.target)
    except ValidationError as error:
        return Line(line.number, line.path, line.target, Outcome.REFUSED, " ".join(error.messages))
    outcome = Outcome.ADDED if before is None else Outcome.SAME if before == end else Outcome.CHANGED
    sentence = f"{line.target} redirects there." if end != line.target else ""
    return Line(line.number, line.path, end, outcome, sentence)
