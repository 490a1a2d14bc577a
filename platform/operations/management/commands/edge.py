"""`manage.py edge`: what the edge is told, as a table, as files, and the word that a loss of names is meant."""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseError
from django.db import transaction
from rich import box
from rich.table import Table
from rich.text import Text

from domains.models import Certificate
from operations.edge import shrinking
from operations.edge.files import Folder, Synced, Withheld
from operations.edge.pairs import Damaged, fingerprint, is_served, read, versions
from operations.tables import write_table
from sites_core.directory import DirectoryUnavailable, directory
from sites_core.hostnames import unicode_hostname

HELP = """\
What the edge is told: which names are served, and with which certificates.

Traefik asks the application for it (GET /edge/traefik.json on the internal host, with EDGE_TOKEN), or finds it as files
that `edge sync` keeps. A copy in files beside the first way keeps HTTPS up when edge and application start together.
"""
EXAMPLES = """\
examples:
  manage.py edge show                        (each name, its certificate, when it ends)
  manage.py edge sync /edge/dynamic --watch  (files for Traefik's file provider, kept up to date)
  manage.py edge confirm                     (yes, so many names are to go)

exit codes: 0 done, 1 refused (the sentence says why), 2 the command was not understood
"""
# A change shows within this long where files are watched.
LOOK_SECONDS = 1.0


class Command(BaseCommand):
    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        deeds = parser.add_subparsers(dest="deed", required=True, metavar="DEED", title="deeds")

        def deed(name: str, does: Callable[[dict[str, Any]], None], text: str) -> argparse.ArgumentParser:
            one: argparse.ArgumentParser = deeds.add_parser(name, help=text, description=text)
            one.set_defaults(does=does)
            return one

        show = deed("show", self._show, "List every name that is served, its certificate's serial, and when it ends.")
        show.add_argument("--json", action="store_true", help="as JSON, for programs")
        sync = deed("sync", self._sync, "Write the certificates into a folder of Traefik's file provider.")
        sync.add_argument("folder", metavar="DIR", type=Path, help="the folder; made where it is missing")
        sync.add_argument(
            "--as", dest="seen_as", default="", metavar="PATH", help="the folder's path as Traefik sees it"
        )
        sync.add_argument("--watch", action="store_true", help="stay, and follow every change within a second or two")
        confirm = deed("confirm", self._confirm, "Say that a sudden loss of names is meant; for the next hour.")
        confirm.add_argument("--yes", action="store_true", help="without showing what is confirmed")

    def handle(self, *args: Any, does: Callable[[dict[str, Any]], None], **options: Any) -> None:
        try:
            does(options)
        except (Withheld, DirectoryUnavailable) as reason:
            raise CommandError(str(reason)) from reason

    def _show(self, options: dict[str, Any]) -> None:
        rows = told()
        if options["json"]:
            self.stdout.write(json.dumps(rows, indent=2))
            return
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for heading in ("Name", "Serial", "Issuer", "Ends", "Problem"):
            table.add_column(heading, no_wrap=heading in {"Name", "Ends"})
        for row in rows:
            name = str(row["name"])
            shown = name if name.startswith("*") else unicode_hostname(name)
            ends = str(row["not_after"] or "")[:10]
            table.add_row(*map(Text, (shown, str(row["serial"]), str(row["issuer"]), ends, str(row["problem"]))))
        write_table(self.stdout, table)

    def _sync(self, options: dict[str, Any]) -> None:
        folder = Folder(options["folder"], seen_as=options["seen_as"])
        if options["watch"]:
            self._watch(folder)
        self._say(folder.sync())

    def _watch(self, folder: Folder) -> None:
        """Never ends. Nothing is done where nothing changed; whatever fails is tried again."""
        known, said = None, ""
        while True:
            problem = ""
            try:
                found = (directory.names().version, fingerprint())
                if found != known:
                    self._say(folder.sync())
                    known = found
            except (Withheld, DatabaseError, DirectoryUnavailable, OSError) as error:
                problem = f"The files stay as they are: {str(error).strip()}"
            if problem != said:
                self.stderr.write(problem or "The files follow again.")
                said = problem
            time.sleep(LOOK_SECONDS)

    def _say(self, synced: Synced) -> None:
        self.stdout.write(f"{synced.names:,} names; {synced.written:,} written, {synced.removed:,} files removed.")
        for damaged in synced.damaged:
            self.stderr.write(f"{damaged.name} is left out: {damaged.problem}")

    def _confirm(self, options: dict[str, Any]) -> None:
        rows = [row for row in told() if row["serial"] and not row["problem"]]
        if not options["yes"]:
            self.stdout.write(f"{len(rows):,} names have a certificate and are served.")
            if input("Is that all there should be? [y/N] ").strip().lower() not in {"y", "yes"}:
                raise CommandError("Nothing was confirmed.")
        with transaction.atomic():
            shrinking.confirm(len(rows))
        self.stdout.write(f"Confirmed: {len(rows):,} names, for an hour. The edge follows within seconds.")


def told() -> list[dict[str, str | None]]:
    """Every name that is served, with what there is of a certificate; `problem` says why the edge has none of it."""
    names = directory.names()
    known = [name for name in versions() if is_served(name, names)]
    damaged = {found.name: found.problem for found in read(known) if isinstance(found, Damaged)}
    rows = {row.name: row for row in Certificate.objects.filter(name__in=known).defer("chain", "key")}
    told = []
    for name in sorted({*names.by_hostname, *known}):
        row = rows.get(name)
        told.append(
            {
                "name": name,
                "serial": row.serial if row else "",
                "issuer": row.issuer if row else "",
                "not_after": row.not_after.isoformat() if row else None,
                "problem": damaged.get(name, "") if row else "It has no certificate.",
            }
        )
    return told
