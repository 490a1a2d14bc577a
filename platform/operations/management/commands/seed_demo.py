"""`manage.py seed_demo`: two tenants, four sites and their articles to look at."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from operations.seeding import Login, NotSeeded, Report, has_other_tenants, seed
from operations.tables import write_table

EMBEDDED = "settings.embedded"


class Refused(CommandError):
    """The demo is not made; the message says why."""


class Command(BaseCommand):
    help = (
        "Make the demonstration: two tenants with four sites, eighty articles with the pictures drawn for them, "
        "and people who can sign in. "
        "It is made once: where it has been, it only says who can sign in. The people's pass phrase is published: it "
        "is given with the embedded settings and beside no other tenant only; otherwise passwords are generated."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help='print {"logins": [{email, password, role, where}]}')
        parser.add_argument(
            "--force",
            action="store_true",
            help="with other than the embedded settings, too; passwords are generated and printed once",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        embedded = settings.SETTINGS_MODULE == EMBEDDED
        if not (embedded or options["force"]):
            raise Refused(
                f"The demo's pass phrase is public, and {settings.SETTINGS_MODULE} is not {EMBEDDED}. "
                "With --force the demo is made here all the same, with passwords that are generated."
            )
        try:
            # The embedded settings may point at any database: beside somebody's own work nothing gets a known password.
            with _progress() as report:
                logins = seed(generate_passwords=not embedded or has_other_tenants(), report=report)
        except NotSeeded as error:
            raise Refused(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps({"logins": [asdict(login) for login in logins]}, indent=2))
        else:
            write_table(self.stdout, _table(logins))


@contextmanager
def _progress() -> Iterator[Report]:
    """A bar where somebody watches; gone when all is done."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Drawing pictures and placing articles", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _table(logins: list[Login]) -> Table:
    table = Table("Where", "E-mail", "Password", "Role", box=box.SIMPLE_HEAD, pad_edge=False)
    for login in logins:
        table.add_row(login.where, login.email, login.password or "(changed)", login.role)
    return table
