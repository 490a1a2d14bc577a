"""`manage.py render_articles`: stored bodies as this release would make them, and pictures in its formats."""

import argparse
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from time import monotonic
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import models, transaction
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from publishing import describing, images
from publishing.bodies import BodyTooLong
from publishing.models import Article, Image
from publishing.placing import hold
from tenants.models import Tenant
from tenants.scope import tenant_scope

M = TypeVar("M", bound=models.Model)

BATCH = 50
"""Articles that share a transaction: their sites' editors wait for as long as it takes to write them."""
PATIENCE = 2.0
"""Seconds that pass before there is a progress bar."""
USAGE = 2

EPILOG = """
Bodies become HTML when they are saved, never when they are read. So what a release makes better about them reaches
articles that nobody edits by this command. It changes what readers get and nothing else: the source stays, no revision
is added, no article counts as updated. Where the HTML would be the same nothing is written, and no page is made anew.

With --pictures those that an older release kept as WebP alone are made in the other formats, from their largest file,
before the bodies that show them. No file is written over. This takes a second or two for each picture. And what the
files take is counted, for the tenant's quota, where an older release has not done so.

It can be stopped and run again at any time, and run beside readers and editors.

examples
  manage.py render_articles --dry-run
  manage.py render_articles --pictures
  manage.py render_articles --tenant acme --tenant bolt

exit codes: 0 all is done, 1 something was refused, 2 the command was not understood
"""


class Command(BaseCommand):
    help = "Render stored articles anew, where this release makes other HTML of them than they have."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--tenant", action="append", dest="tenants", metavar="SLUG",
            help="only this one's; repeat it for more; default: every tenant's",
        )  # fmt: skip
        parser.add_argument(
            "--pictures", action="store_true", help="first make the formats that pictures lack, and count them"
        )
        parser.add_argument("--dry-run", action="store_true", help="write nothing, say what would be done")

    def handle(self, *args: Any, **options: Any) -> None:
        self.counts: Counter[str] = Counter()
        self.refused: list[str] = []
        is_dry = options["dry_run"]
        for tenant in _tenants(options["tenants"]):
            with tenant_scope(tenant):
                if options["pictures"]:
                    self._pictures(tenant, is_dry)
                self._articles(tenant, is_dry)
        for line in self._report(is_dry, with_pictures=options["pictures"]):
            self.stdout.write(line)
        if self.refused:
            raise CommandError(f"Refused: {len(self.refused)}. They are as they were.", returncode=1)

    def _pictures(self, tenant: Tenant, is_dry: bool) -> None:
        lacking = [
            image.pk
            for image in Image.objects.order_by("pk").iterator()
            if images.lacks_formats(image) or not image.bytes
        ]
        for image in _watched(f"Pictures of {tenant.name}", Image.objects.filter(pk__in=lacking), BATCH):
            self._tried(f"picture {image.pk}", partial(self._complete, image, is_dry))

    def _complete(self, image: Image, is_dry: bool) -> None:
        lacks_formats = images.lacks_formats(image)
        if not is_dry:
            (images.complete if lacks_formats else images.count)(image)
        self.counts["pictures" if lacks_formats else "counted"] += 1

    def _articles(self, tenant: Tenant, is_dry: bool) -> None:
        changed: list[Article] = []
        for article in _watched(f"Articles of {tenant.name}", Article.objects.all(), BATCH):
            self.counts["looked at"] += 1
            if self._tried(f"article {article.pk}", partial(describing.renew, article)):
                changed.append(article)
            if len(changed) == BATCH:
                self._keep(changed, is_dry)
                changed = []
        self._keep(changed, is_dry)

    def _keep(self, changed: list[Article], is_dry: bool) -> None:
        self.counts["articles"] += len(changed) if is_dry or not changed else keep_rendered(articles=changed)

    def _tried(self, what: str, deed: Callable[[], Any]) -> Any:
        try:
            return deed()
        except (BodyTooLong, images.RefusedImage) as error:
            self.refused.append(f"{what}: {error}")
            return None

    def _report(self, is_dry: bool, *, with_pictures: bool) -> Iterator[str]:
        done = "would be" if is_dry else "were"
        if with_pictures:
            yield f"Pictures that {done} completed: {self.counts['pictures']:,}"
            yield f"Pictures that {done} counted: {self.counts['counted']:,}"
        yield f"Articles that {done} rendered anew: {self.counts['articles']:,} of {self.counts['looked at']:,}"
        yield from (f"refused: {reason}" for reason in self.refused)


@transaction.atomic
def keep_rendered(*, articles: list[Article]) -> int:
    """Write what readers get of these articles, rendered from what they say now; how many were other than that.

    No deed of an editor: no revision, and they were not updated.
    """
    hold(articles)
    return describing.keep_rendered(Article.objects.filter(pk__in=[one.pk for one in articles]))


def _tenants(slugs: list[str] | None) -> list[Tenant]:
    everybody = Tenant.objects.order_by("slug")
    if not slugs:
        return list(everybody)
    found = {tenant.slug: tenant for tenant in everybody.filter(slug__in=slugs)}
    if unknown := [slug for slug in slugs if slug not in found]:
        known = ", ".join(everybody.values_list("slug", flat=True)[:20]) or "none yet"
        raise CommandError(f"There is no tenant {unknown[0]!r}. Known: {known}.", returncode=USAGE)
    return list(found.values())


def _watched(what: str, rows: models.QuerySet[M], size: int) -> Iterator[M]:
    """The rows by their keys, `size` at a time; with a bar on the terminal where it takes a while."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    task = progress.add_task(what, total=rows.count())
    started, last, is_shown = monotonic(), 0, False
    try:
        while batch := list(rows.filter(pk__gt=last).order_by("pk")[:size]):
            for row in batch:
                yield row
                last = row.pk
                progress.advance(task)
                if not is_shown and monotonic() - started > PATIENCE:
                    progress.start()
                    is_shown = True
    finally:
        progress.stop()
