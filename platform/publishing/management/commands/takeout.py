"""`manage.py takeout`: a tenant as a zip, a zip as a tenant, a tenant erased."""

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from publishing.takeout.erasing import Proof, census, erase
from publishing.takeout.exporting import export
from publishing.takeout.landing import land
from publishing.takeout.layout import NotATakeout
from tenants.models import Tenant

USAGE = 2

EPILOG = """
export writes all that a tenant has into a zip: articles as Markdown with front matter, pictures, JSON for sites,
brands, menus, members and the history of every article.

land makes a tenant of this platform out of such a zip. Its pages are the same; --host gives a site another hostname,
and links to it in texts and menus follow. Nothing lands where one thing cannot.

erase takes a tenant away, with its sites, texts, pictures, the record of changes, and the people who work for nobody
else. Without --yes it only says what it would take. It ends by counting again, table by table: that is the proof.

examples
  manage.py takeout export acme --to acme.zip
  manage.py takeout land acme.zip --host techblog.com=techblog.example --host financeblog.com=financeblog.example
  manage.py takeout land acme.zip --as acme-copy --with-people
  manage.py takeout erase acme
  manage.py takeout erase acme --yes acme

exit codes: 0 done, 1 refused, 2 the command was not understood
"""


class Command(BaseCommand):
    help = "Take a tenant along, land one, or erase one."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        deeds = parser.add_subparsers(dest="deed", required=True, metavar="export | land | erase")
        one = deeds.add_parser("export", help="write a tenant into a zip")
        one.add_argument("tenant", help="its slug")
        one.add_argument("--to", type=Path, metavar="FILE", help="the zip; default: SLUG.zip. It must not exist")
        one = deeds.add_parser("land", help="make a tenant out of a zip")
        one.add_argument("file", type=Path)
        one.add_argument("--as", dest="slug", default="", metavar="SLUG", help="its slug here; default: its old one")
        one.add_argument("--host", action="append", default=[], metavar="OLD=NEW", help="another hostname for a site")
        one.add_argument("--with-people", action="store_true", help="add its members too; they set a new password")
        one = deeds.add_parser("erase", help="take a tenant away, or say what that would take")
        one.add_argument("tenant", help="its slug")
        one.add_argument("--yes", default="", metavar="SLUG", help="do it; the slug once more, so that it is meant")
        for each in deeds.choices.values():
            each.add_argument("--json", action="store_true", help="say the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        deeds: dict[str, Callable[..., None]] = {"export": self._export, "land": self._land, "erase": self._erase}
        deeds[options["deed"]](options)

    def _export(self, options: dict[str, Any]) -> None:
        tenant = _tenant(options["tenant"])
        target: Path = options["to"] or Path(f"{tenant.slug}.zip")
        if target.exists():
            raise CommandError(f"{target} exists: name another file with --to.", returncode=USAGE)
        if not target.parent.is_dir():
            raise CommandError(f"{target.parent} is no folder.", returncode=USAGE)
        # Under its name only when it is whole.
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
            try:
                with _bar("Writing") as report:
                    counts = export(tenant=tenant, to=file, report=report)
                Path(file.name).replace(target)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
        size = target.stat().st_size
        told = ", ".join(f"{count:,} {what}" for what, count in counts.items())
        self._say(options, {"file": str(target), "bytes": size, **counts}, f"{target}: {told}; {size / 1e6:.1f} MB")

    def _land(self, options: dict[str, Any]) -> None:
        hosts = dict(_pair(text) for text in options["host"])
        try:
            with options["file"].open("rb") as file, _bar("Landing") as report:
                tenant = land(
                    takeout=file, slug=options["slug"], hosts=hosts, with_people=options["with_people"], report=report
                )
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.", returncode=USAGE) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except NotATakeout as error:
            raise CommandError(str(error)) from error
        sites = [site.domain for site in tenant.sites.order_by("domain")]
        self._say(options, {"tenant": tenant.slug, "sites": sites}, f"{tenant.name} has landed: {', '.join(sites)}")

    def _erase(self, options: dict[str, Any]) -> None:
        tenant = _tenant(options["tenant"])
        if not options["yes"]:
            proof, done = census(tenant), False
        elif options["yes"] == tenant.slug:
            proof, done = erase(tenant=tenant), True
        else:
            raise CommandError(f"--yes must say {tenant.slug} once more.", returncode=USAGE)
        about = {"erased": done, "rows": proof.rows, "files": proof.files, "people": proof.people}
        self._say(options, about, "\n".join(_lines(tenant, proof, done=done)))
        if done and not proof.is_nothing:
            raise CommandError(f"Something of {tenant.slug} is left: run it again, and tell its maintainers.")

    def _say(self, options: dict[str, Any], about: dict[str, Any], sentence: str) -> None:
        self.stdout.write(json.dumps(about) if options["json"] else sentence)


def _lines(tenant: Tenant, proof: Proof, *, done: bool) -> list[str]:
    shown = {name: count for name, count in proof.rows.items() if count or done}
    width = max(map(len, shown), default=0)
    rows = [f"  {name:{width}} {count:>9,}" for name, count in shown.items()]
    people = ", ".join(proof.people) or "nobody"
    if done:
        nothing = f"Nothing of {tenant.slug} is left: {len(rows)} columns counted, {proof.files} files, {people}."
        return [*rows, nothing if proof.is_nothing else f"Left: {proof.files} files, {people}."]
    again = f"Nothing was changed. To erase it: manage.py takeout erase {tenant.slug} --yes {tenant.slug}"
    return [*rows, f"  files {proof.files:,}", f"  people who work for nobody else: {people}", again]


def _tenant(slug: str) -> Tenant:
    tenant = Tenant.objects.filter(slug=slug).first()
    if tenant is None:
        known = ", ".join(Tenant.objects.order_by("slug").values_list("slug", flat=True)[:20]) or "none"
        raise CommandError(f"There is no tenant “{slug}”. There is: {known}.", returncode=USAGE)
    return tenant


def _pair(text: str) -> tuple[str, str]:
    old, equals, new = text.partition("=")
    if not (old and equals and new):
        raise CommandError(f"--host {text}: write OLD=NEW.", returncode=USAGE)
    return old, new


@contextmanager
def _bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar for as long as the work takes, where somebody watches."""
    console = Console(stderr=True)
    columns = TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
