"""Tables in the terminal."""

import io

from django.core.management.base import OutputWrapper
from rich.console import Console
from rich.table import Table

WIDE = 250


def write_table(out: OutputWrapper, table: Table) -> None:
    """As wide as the terminal; where nobody looks, wide enough that another program never meets a wrapped line."""
    with io.StringIO() as lines:
        Console(file=lines, width=None if out.isatty() else WIDE, highlight=False).print(table)
        out.write("\n".join(line.rstrip() for line in lines.getvalue().splitlines()))
