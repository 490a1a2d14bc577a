"""The ledger of paths that moved, per site: chains are collapsed when written, loops cannot be stored."""

from collections import defaultdict
from collections.abc import Collection, Iterable
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
# What every site answers by itself, whatever it publishes: a redirect away from there would never be met.
FIXED = frozenset({
    "/", "/topics/", "/archive/", "/search/", "/feeds/rss.xml", "/feeds/atom.xml", "/feeds/feed.json", "/sitemap.xml",
    "/sitemaps/pages.xml", "/sitemaps/news.xml", "/robots.txt", "/site.webmanifest", "/.well-known/security.txt",
    "/icon.svg", "/favicon.ico", "/share.png",
})  # fmt: skip


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


@transaction.atomic
def add_redirect(*, tenant: Tenant, site: Site, path: str, target: str) -> Redirect:
    """Lead readers from a path of the site to another one; what stood there is changed.

    A target that redirects itself is followed to where it leads. Raises ValidationError by field where a page stands
    at the path, for a loop, and for what is no path of this site.
    """
    hold_ledger(site)
    names = names_of(site)
    path, target = path_from(path, names, "path"), path_from(target, names, "target")
    ledger = Ledger(tenant, site, {path}, {target})
    ledger.lead(path, target)
    ledger.keep()
    return Redirect.objects.get(site=site, path=path)


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


class Ledger:
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

    def end_of(self, path: str) -> str | None:
        """Where readers of the path are led; None where it redirects nowhere."""
        return self._now.get(path)

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

    def keep(self) -> None:
        _store([
            Redirect(tenant=self._tenant, site=self._site, path=path, target=target)
            for path, target in self._now.items()
            if self._before.get(path) != target
        ])  # fmt: skip


def names_of(site: Site) -> set[str]:
    """The hostnames whose addresses `path_from` takes for the site's own."""
    return set(site.hostnames.values_list("name", flat=True))


def hold_ledger(site: Site) -> None:
    """As deeds on articles do: of two on one site the second waits, and reads what the first left."""
    list(SiteState.objects.select_for_update(no_key=True).filter(site=site).values_list("pk"))


def _store(rows: list[Redirect]) -> None:
    Redirect.objects.bulk_create(
        rows, batch_size=1000, update_conflicts=True, unique_fields=["site", "path"], update_fields=["target"]
    )
