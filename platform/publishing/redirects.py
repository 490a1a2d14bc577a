"""The ledger of paths that moved, per site: chains are collapsed when written, loops cannot be stored."""

import csv
import io
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import unquote, urlsplit

from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from publishing.models import Byline, BylinePlacement, Placement, Redirect, Section, Topic, TopicPlacement
from sites_core.models import SiteState
from tenants.models import Tenant

LONGEST_PATH = 500
# Of one import; a form is not the way to send more.
MOST_LINES, MOST_BYTES = 5000, 1_000_000
# What every site answers by itself, whatever it publishes: a redirect away from there would never be met.
FIXED = frozenset({
    "/", "/topics/", "/archive/", "/search/", "/feeds/rss.xml", "/feeds/atom.xml", "/feeds/feed.json", "/sitemap.xml",
    "/sitemaps/pages.xml", "/sitemaps/news.xml", "/robots.txt", "/site.webmanifest", "/.well-known/security.txt",
    "/icon.svg", "/favicon.ico", "/share.png",
})  # fmt: skip
_HEADINGS = {"path", "from", "old", "source", "redirect from", "old path", "old url"}


# --- What deeds leave behind -----------------------------------------------------------------------------------------


@transaction.atomic
def redirect(*, tenant: Tenant, site: Site, path: str, target: str) -> None:
    """From now on `path` answers with a redirect to `target`, both paths of this site beginning with a slash.

    What redirected to `path` redirects to `target` at once; a redirect away from `target` ends, since a page is there.
    """
    redirect_on(tenant=tenant, sites=[site.pk], path=path, target=target)


@transaction.atomic
def redirect_on(*, tenant: Tenant, sites: Collection[int], path: str, target: str) -> None:
    """The same on several sites of the tenant at once, by their primary keys: as many statements as on one."""
    there = Redirect.objects.filter(site__in=sites)
    there.filter(path=target).delete()
    if path == target:
        return
    there.filter(target=path).update(target=target)
    rows = [Redirect(tenant=tenant, site_id=site, path=path, target=target) for site in sites]
    _store(rows)


def arrived(*, site: Site, path: str) -> None:
    """A page stands at `path` now: whatever redirected away from it must not hide it."""
    Redirect.objects.filter(site=site, path=path).delete()


# --- What people write into it ---------------------------------------------------------------------------------------


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
def add_redirect(*, tenant: Tenant, site: Site, path: str, target: str) -> Redirect:
    """Lead readers from a path of the site to another one; what stood there is changed.

    A target that redirects itself is followed to where it leads. Raises ValidationError by field where a page stands
    at the path, for a loop, and for what is no path of this site.
    """
    _hold(site)
    names = _names_of(site)
    path, target = path_from(path, names, "path"), path_from(target, names, "target")
    ledger = _Ledger(tenant, site, {path}, {target})
    ledger.lead(path, target)
    ledger.keep()
    return Redirect.objects.get(site=site, path=path)


@transaction.atomic
def import_redirects(*, tenant: Tenant, site: Site, text: str, is_trial: bool = False) -> list[Line]:
    """Lines of a CSV, each a path and its target, in the order of the file; a later line may change an earlier one's.

    What is refused stays out and the rest goes in; on trial nothing does. Raises ValidationError for what cannot be
    read at all.
    """
    if not is_trial:
        _hold(site)
    names = _names_of(site)
    read = [_read(number, cells, names) for number, cells in cells_of(text)]
    wanted = [one for one in read if one.outcome != Outcome.REFUSED]
    ledger = _Ledger(tenant, site, {one.path for one in wanted}, {one.target for one in wanted})
    lines = [one if one.outcome == Outcome.REFUSED else ledger.tried(one) for one in read]
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


def path_from(text: str, names: Collection[str], field: str) -> str:
    """A path as readers' requests have it, from what people write: escaped or not, alone or in a whole address.

    `names` are the site's own. Raises ValidationError for `field`.
    """
    written = text.strip()
    if written.startswith(("http://", "https://")):
        written = _without_origin(written, names, field)
    if field == "path" and ("?" in written or "#" in written):
        raise ValidationError({field: "What follows ? or # is not part of a path: leave it out."})
    plain = unquote(written)
    # A target that would mean something else without its escapes keeps them.
    if field == "target" and ("%" in plain or any(plain.count(mark) != written.count(mark) for mark in "?#")):
        plain = written
    # Browsers take either for the beginning of another host.
    if not plain.startswith("/") or plain.startswith(("//", "/\\")):
        raise ValidationError({field: f"“{text[:80]}” is no path: begin it with one slash, as in /old-address/."})
    if any(not character.isprintable() for character in plain):
        raise ValidationError({field: "There is a character in it that no address has."})
    if len(plain) > LONGEST_PATH:
        raise ValidationError({field: f"A path has at most {LONGEST_PATH} characters."})
    return plain


def _without_origin(url: str, names: Collection[str], field: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        raise ValidationError({field: "This is no address."}) from None
    if host not in names:
        raise ValidationError({field: f"“{host}” is another site: a redirect leads to a path of its own."})
    return parts._replace(scheme="", netloc="").geturl() or "/"


def pages_at(site: Site, paths: Iterable[str]) -> set[str]:
    """Those of these paths at which the site has a page, or will have: articles, static pages, lists."""
    named: dict[str, set[str]] = defaultdict(set)
    wanted = set(paths)
    for path in wanted:
        kind, _, slug = path.strip("/").rpartition("/")
        if path == (f"/{kind}/{slug}/" if kind else f"/{slug}/"):
            named[kind].add(slug)
    placed = Placement.objects.on(site).filter(slug__in=named[""])
    stands = Q(status=Placement.Status.RECALLED) | Q(status=Placement.Status.PUBLISHED) & (
        Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    )
    found = {f"/{slug}/" for slug in placed.filter(stands).values_list("slug", flat=True)} if named[""] else set()
    topic, byline = (
        Exists(listings.objects.filter(**{name: OuterRef("pk")}, site=site))
        for name, listings in (("topic", TopicPlacement), ("byline", BylinePlacement))
    )
    lists: dict[str, QuerySet[Any]] = {
        "sections": Section.objects.filter(site=site),
        "topics": Topic.objects.filter(topic),
        "bylines": Byline.objects.filter(byline),
    }
    for kind, rows in lists.items():
        if named[kind]:
            slugs = rows.filter(slug__in=named[kind]).values_list("slug", flat=True)
            found |= {f"/{kind}/{slug}/" for slug in slugs}
    return found | (wanted & FIXED)


class _Ledger:
    """What of a site's redirects some lines touch, changed in memory and written at once."""

    def __init__(self, tenant: Tenant, site: Site, paths: set[str], targets: set[str]) -> None:
        self._tenant, self._site = tenant, site
        touched = Q(path__in=paths | targets) | Q(target__in=paths)
        self._before = dict(Redirect.objects.filter(touched, site=site).values_list("path", "target"))
        self._now = dict(self._before)
        self._to: dict[str, set[str]] = defaultdict(set)
        for path, target in self._now.items():
            self._to[target].add(path)
        self._pages = pages_at(site, paths)

    def lead(self, path: str, target: str) -> str:
        """Where readers of the path come out. Raises ValidationError by field."""
        if path in self._pages:
            raise ValidationError({"path": f"A page stands at {path}: it is shown, and no redirect away from it."})
        end = self._now.get(target, target)
        if end == path:
            reason = "is the path itself" if target == path else f"redirects to {path}"
            raise ValidationError({"target": f"{target} {reason}: readers would go round in a circle."})
        for one in (*self._to.pop(path, ()), path):
            self._to[self._now.get(one, "")].discard(one)
            self._now[one] = end
            self._to[end].add(one)
        return end

    def tried(self, line: Line) -> Line:
        before = self._now.get(line.path)
        try:
            end = self.lead(line.path, line.target)
        except ValidationError as error:
            return Line(line.number, line.path, line.target, Outcome.REFUSED, " ".join(error.messages))
        outcome = Outcome.ADDED if before is None else Outcome.SAME if before == end else Outcome.CHANGED
        sentence = f"{line.target} redirects there." if end != line.target else ""
        return Line(line.number, line.path, end, outcome, sentence)

    def keep(self) -> None:
        _store([
            Redirect(tenant=self._tenant, site=self._site, path=path, target=target)
            for path, target in self._now.items()
            if self._before.get(path) != target
        ])  # fmt: skip


def _read(number: int, cells: list[str], names: Collection[str]) -> Line:
    path, target = (*cells, "", "")[:2]
    try:
        return Line(number, path_from(path, names, "path"), path_from(target, names, "target"), Outcome.ADDED)
    except ValidationError as error:
        return Line(number, path[:LONGEST_PATH], target[:LONGEST_PATH], Outcome.REFUSED, " ".join(error.messages))


def _names_of(site: Site) -> set[str]:
    return set(site.hostnames.values_list("name", flat=True))


def _hold(site: Site) -> None:
    """As deeds on articles do: of two on one site the second waits, and reads what the first left."""
    list(SiteState.objects.select_for_update(no_key=True).filter(site=site).values_list("pk"))


def _store(rows: list[Redirect]) -> None:
    Redirect.objects.bulk_create(
        rows, batch_size=1000, update_conflicts=True, unique_fields=["site", "path"], update_fields=["target"]
    )
