"""`manage.py import_articles`: posts of another system become articles on some of a tenant's sites."""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

from django.contrib.sites.models import Site
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from publishing.importing import detect
from publishing.importing.landing import Landing, Outcome, Result
from publishing.importing.post import Settings, Unreadable
from tenants.models import Tenant
from tenants.scope import tenant_scope

RESULTS: tuple[Result, ...] = get_args(Result)
USAGE = 2
GENERIC = {
    "_posts", "posts", "post", "_drafts", "drafts", "content", "contents", "blog", "src", "source", "articles", "pages",
    "docs", "site", "website", "export", "public", "feed.xml", "rss.xml", "atom.xml", "index.xml", "export.xml",
}  # fmt: skip

EPILOG = """
SOURCE is
  a folder of Markdown with YAML or TOML front matter (Jekyll, Hugo, Zola), or one such file;
  a WordPress export (Tools > Export; pictures come along where its uploads folder lies beside the file);
  an RSS or Atom file.

A second run updates what changed and doubles nothing. Words, topics and bylines follow the source. A placement's slug
and dates stay as an editor has them, until the source's own slug or date changes; what an editor has unpublished or
recalled stays so, and what is recalled is placed on no further site.

examples
  manage.py import_articles ~/blog/_posts --tenant acme --site techblog.localhost --dry-run
  manage.py import_articles export.xml --tenant acme --site techblog.localhost --site financeblog.localhost

exit codes: 0 all arrived, 1 some items were refused, 2 the command was not understood
"""


class Command(BaseCommand):
    help = "Import articles from a folder of Markdown, a WordPress export or a feed."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path, metavar="SOURCE", help="a folder or a file, see below")
        parser.add_argument("--tenant", required=True, metavar="SLUG", help="who will own the articles")
        parser.add_argument(
            "--site", required=True, action="append", dest="sites", metavar="DOMAIN",
            help="a site of the tenant to place them on; repeat it for more",
        )  # fmt: skip
        parser.add_argument("--format", choices=("auto", *detect.FORMATS), default="auto", help="default: auto")
        parser.add_argument(
            "--origin", metavar="NAME",
            help="tells this source from another with the same file names; default: the source's own name, with its "
            "folder's where many have that name, as blog/_posts",
        )  # fmt: skip
        parser.add_argument("--dry-run", action="store_true", help="write nothing, say what would be done")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, source: Path, tenant: str, sites: Sequence[str], **options: Any) -> None:
        owner = _tenant(tenant)
        with tenant_scope(owner):
            places = _sites(owner, sites)
            kind = _kind(source, options["format"])
            origin = options["origin"] or origin_of(source, kind)
            found = detect.read(source, kind, Settings(_time_zone(places[0]), origin))
            landing = Landing(owner, places, dry_run=options["dry_run"])
            report = _Report(self, options["verbosity"])
            report.take(_with_progress(landing.land_all(found), detect.count(source, kind)))
        report.show_json() if options["json"] else report.show(options["dry_run"])
        if report.refused:
            raise CommandError(f"{len(report.refused)} of {report.total} items were refused.", returncode=1)


def origin_of(source: Path, kind: detect.Format) -> str:
    """The source's name, preceded by its folders' as long as it is one that many sources have."""
    place = source.resolve()
    if kind == "markdown" and place.is_file():
        place = place.parent
    *around, name = place.parts
    while name.split("/")[0].lower() in GENERIC and len(around) > 1:
        name = f"{around.pop()}/{name}"
    return name


def _tenant(slug: str) -> Tenant:
    tenant = Tenant.objects.filter(slug=slug).first()
    if tenant is None:
        known = ", ".join(Tenant.objects.order_by("slug").values_list("slug", flat=True)[:20]) or "none yet"
        raise CommandError(f"There is no tenant {slug!r}. Known: {known}.", returncode=USAGE)
    return tenant


def _sites(tenant: Tenant, domains: Sequence[str]) -> list[Site]:
    """A site of another tenant is, here as everywhere, one that does not exist."""
    own = {site.domain: site for site in tenant.sites.select_related("brand").order_by("domain")}
    if unknown := [domain for domain in domains if domain not in own]:
        known = ", ".join(own) or "none yet"
        raise CommandError(f"{tenant.name} has no site {unknown[0]!r}. It has: {known}.", returncode=USAGE)
    return [own[domain] for domain in dict.fromkeys(domains)]


def _time_zone(site: Site) -> ZoneInfo:
    return ZoneInfo(site.brand.time_zone)


def _kind(source: Path, wanted: str) -> detect.Format:
    if not source.exists():
        raise CommandError(f"{source} does not exist. Name a folder or a file.", returncode=USAGE)
    named = next((kind for kind in detect.FORMATS if kind == wanted), None)
    if named and named != "markdown" and source.is_dir():
        raise CommandError(f"{source} is a folder. Name the {named} file in it.", returncode=USAGE)
    try:
        return named or detect.format_of(source)
    except Unreadable as error:
        raise CommandError(str(error), returncode=USAGE) from error


def _with_progress(outcomes: Iterable[Outcome], total: int | None) -> Iterator[Outcome]:
    """A bar on the terminal; nothing where the output goes elsewhere."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("Importing"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Importing", total=total)
        for outcome in outcomes:
            progress.advance(task)
            yield outcome


class _Report:
    """Counts, and the refused items; warnings are counted, and printed as they come with `--verbosity 2`."""

    def __init__(self, command: BaseCommand, verbosity: int) -> None:
        self.command = command
        self.verbosity = verbosity
        self.counts: Counter[Result] = Counter()
        self.warnings = 0
        self.refused: list[Outcome] = []

    @property
    def total(self) -> int:
        return self.counts.total()

    def take(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            self.counts[outcome.result] += 1
            self.warnings += len(outcome.warnings)
            if outcome.result == "refused":
                self.refused.append(outcome)
            if self.verbosity > 1:
                for warning in outcome.warnings:
                    self.command.stderr.write(f"{outcome.source}: {warning}")

    def show(self, dry_run: bool) -> None:
        table = Table.grid(padding=(0, 2))
        table.add_column()
        table.add_column(justify="right")
        for result in RESULTS:
            table.add_row(f"would be {result}" if dry_run else result, str(self.counts[result]))
        table.add_row("warnings", str(self.warnings))
        for line in _as_text(table):
            self.command.stdout.write(line)
        for outcome in self.refused:
            self.command.stdout.write(f"refused: {outcome.source}: {outcome.reason}")
        if self.warnings and self.verbosity == 1:
            self.command.stdout.write("See the warnings with --verbosity 2.")

    def show_json(self) -> None:
        counts = {result: self.counts[result] for result in RESULTS}
        refused = [{"source": outcome.source, "reason": outcome.reason} for outcome in self.refused]
        self.command.stdout.write(
            json.dumps({**counts, "warnings": self.warnings, "items": refused}, ensure_ascii=False)
        )


def _as_text(table: Table) -> list[str]:
    console = Console(width=100)
    with console.capture() as captured:
        console.print(table)
    return [line.rstrip() for line in captured.get().splitlines()]
