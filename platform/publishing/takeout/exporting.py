"""The deed `export`: a tenant as a zip, written piece by piece, so that its size needs no memory."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, TypeVar
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import yaml
from django.conf import settings
from django.contrib.sites.models import Site
from django.db import connection, models, transaction
from django.utils import timezone

from publishing.models import (
    Article,
    ArticleByline,
    ArticleTopic,
    Byline,
    Comment,
    Correction,
    Image,
    Placement,
    Redirect,
    Review,
    Revision,
    Section,
    Topic,
)
from publishing.models.placements import feed_id_of
from publishing.takeout.layout import (
    ARTICLE,
    BRAND,
    COMMENT,
    FORMAT,
    IMAGE,
    MEDIA_NAME,
    PLACEMENT,
    REVIEW,
    REVISION,
    Report,
    columns,
    unheard,
    written,
)
from publishing.takeout.tables import events_of, rows_with_context
from sites_core.models import MenuItem
from tenants.models import Membership, Tenant, User
from tenants.scope import tenant_scope

CHUNK = 200
M = TypeVar("M", bound=models.Model)


def export(*, tenant: Tenant, to: IO[bytes], report: Report | None = None) -> dict[str, int]:
    """Write all that the tenant has, as it is at one moment, and tell how much of each kind that is."""
    is_alone = not connection.in_atomic_block
    with ZipFile(to, "w", ZIP_DEFLATED, compresslevel=6) as archive, tenant_scope(tenant), transaction.atomic():
        if is_alone:
            # One snapshot for all statements: an article written meanwhile is in it whole, or not at all.
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                # Between two statements gigabytes of pictures are written; and of changes there may be millions. In a
                # transaction of somebody else's these bounds are that one's to set.
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
                cursor.execute("SET LOCAL statement_timeout = 0")
        return _Export(tenant, archive, report or unheard).write()


class _Export:
    def __init__(self, tenant: Tenant, archive: ZipFile, report: Report) -> None:
        self.tenant, self.archive, self.report = tenant, archive, report
        self.people: dict[int, str | None] = {}
        self.domains = dict(Site.objects.filter(ownership__tenant=tenant).values_list("pk", "domain"))
        self.sections = dict(Section.objects.values_list("pk", "slug"))
        self.topics = dict(Topic.objects.values_list("pk", "slug"))
        self.bylines = dict(Byline.objects.values_list("pk", "slug"))
        self.digests = dict(Image.objects.values_list("pk", "digest"))
        self.files = _media_of(tenant)

    def write(self) -> dict[str, int]:
        self._put("takeout.json", {"format": FORMAT, "made_at": timezone.now(), "platform": settings.PLATFORM_DOMAIN})
        self._put("tenant.json", self._tenant())
        for domain, about in self._sites():
            self._put(f"sites/{domain}.json", about)
        images = [columns(image, IMAGE) for image in Image.objects.order_by("pk")]
        self._put("images.json", images)
        total = len(self.files) + Article.objects.count()
        for done, path in enumerate(self.files):
            self.archive.write(path, f"media/{path.name}", ZIP_STORED)  # a picture does not get smaller
            self.report(done + 1, total)
        articles = self._articles(total)
        changes = self._changes()
        return {
            "sites": len(self.domains), "pictures": len(images), "files": len(self.files), "articles": articles,
            "topics": len(self.topics), "bylines": len(self.bylines), "changes": changes,
        }  # fmt: skip

    def _put(self, name: str, value: Any) -> None:
        self.archive.writestr(name, written(value))

    def _tenant(self) -> dict[str, Any]:
        members = Membership.objects.select_related("user").prefetch_related("limits").order_by("pk")
        return {
            **columns(self.tenant, ("slug", "name", "needs_approval", "quota_bytes")),
            "members": [self._member(one) for one in members],
            "topics": [columns(one, ("slug", "name")) for one in Topic.objects.order_by("pk")],
            "bylines": [
                {**columns(one, ("slug", "name", "bio")), "picture": self.digests.get(one.picture_id or 0)}
                for one in Byline.objects.order_by("pk")
            ],
        }

    def _member(self, one: Membership) -> dict[str, Any]:
        limits = {self.domains[limit.site_id]: limit.role for limit in one.limits.all()}
        return {
            "email": one.user.email, "name": one.user.name, "role": one.role,
            "sites": None if one.all_sites else limits,
        }  # fmt: skip

    def _sites(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """One at a time: a tenant may have thousands."""
        for site in Site.objects.filter(pk__in=self.domains).select_related("brand", "state").order_by("pk"):
            menus = MenuItem.objects.filter(site=site).order_by("menu", "position", "pk")
            yield (
                site.domain,
                {
                    "domain": site.domain,
                    "name": site.name,
                    "retired_at": site.state.retired_at,
                    "aliases": [one.name for one in site.hostnames.order_by("pk") if one.name != site.domain],
                    "brand": columns(site.brand, BRAND),
                    "menus": [columns(one, ("menu", "position", "label", "url")) for one in menus],
                    "sections": [
                        columns(one, ("slug", "name", "position"))
                        for one in Section.objects.filter(site=site).order_by("pk")
                    ],
                    "redirects": [
                        columns(one, ("path", "target")) for one in Redirect.objects.filter(site=site).order_by("pk")
                    ],
                },
            )

    def _articles(self, total: int) -> int:
        """In the order in which they were made: of two of one moment a list shows the later first."""
        written_so_far, last = 0, 0
        while chunk := list(Article.objects.filter(pk__gt=last).defer("html", "text").order_by("pk")[:CHUNK]):
            beside = _Beside(chunk)
            for article in chunk:
                written_so_far += 1
                placements = beside.placements[article.pk]
                slug = placements[0].slug if placements else "unplaced"
                name = f"{written_so_far:06}-{slug}"[:100]
                head = yaml.dump(self._head(article, beside), Dumper=_DUMPER, allow_unicode=True, sort_keys=False)
                self.archive.writestr(f"articles/{name}.md", f"---\n{head}---\n{article.body}".encode())
                self._put(f"history/{name}.json", self._history(article, beside))
                self.report(len(self.files) + written_so_far, total)
            last = chunk[-1].pk
        return written_so_far

    def _head(self, article: Article, beside: "_Beside") -> dict[str, Any]:
        return {
            **columns(article, ARTICLE),
            "written_by": self._person(article.written_by_id),
            "lead_image": self.digests.get(article.lead_image_id or 0),
            "topics": [self.topics[one.topic_id] for one in beside.topics[article.pk]],
            "bylines": [self.bylines[one.byline_id] for one in beside.bylines[article.pk]],
            "corrections": [columns(one, ("note", "noted_at")) for one in beside.corrections[article.pk]],
            "placements": [
                {
                    "site": self.domains[one.site_id],
                    **columns(one, PLACEMENT),
                    "feed_id": str(feed_id_of(one.pk, article.created_at, one.feed_id)),
                    "section": self.sections.get(one.section_id or 0),
                    "image": self.digests.get(one.image_id or 0),
                }
                for one in beside.placements[article.pk]
            ],
        }

    def _history(self, article: Article, beside: "_Beside") -> dict[str, Any]:
        comments = beside.comments[article.pk]
        places = {one.pk: place for place, one in enumerate(comments)}
        return {
            "revisions": [
                {**columns(one, REVISION), "made_by": self._person(one.made_by_id), "details": self._named(one.details)}
                for one in beside.revisions[article.pk]
            ],
            # An answer names the place of what it answers in this list.
            "comments": [
                {
                    **columns(one, COMMENT), "user": self._person(one.user_id),
                    "resolved_by": self._person(one.resolved_by_id), "answers": places.get(one.parent_id or 0),
                }
                for one in comments
            ],
            "reviews": [
                {
                    **columns(one, REVIEW), "asked_by": self._person(one.asked_by_id),
                    "asked_of": self._person(one.asked_of_id), "answered_by": self._person(one.answered_by_id),
                }
                for one in beside.reviews[article.pk]
            ],
        }  # fmt: skip

    def _named(self, details: dict[str, Any]) -> dict[str, Any]:
        """A revision's details, with names in the place of keys; what has been deleted since is left out."""
        if not details:
            return {}
        return {
            "language": details.get("language", ""),
            "lead_image": self.digests.get(details.get("lead_image_id") or 0),
            "topics": [self.topics[key] for key in details.get("topics", ()) if key in self.topics],
            "bylines": [self.bylines[key] for key in details.get("bylines", ()) if key in self.bylines],
        }

    def _person(self, key: int | None) -> str | None:
        """An address, asked for once: of those who did something here, and not of all of the platform's people."""
        if key and key not in self.people:
            self.people[key] = User.objects.filter(pk=key).values_list("email", flat=True).first()
        return self.people.get(key or 0)

    def _changes(self) -> int:
        """What the database kept of every change, table by table; in lines, since there may be millions."""
        count = 0
        with self.archive.open("changes.jsonl", "w", force_zip64=True) as out:
            for rows in events_of(self.tenant.pk, list(self.domains)):
                for by, event in rows_with_context(rows):
                    line = {"of": rows.table.removesuffix("event"), "by": self._person(by), **event}
                    out.write(json.dumps(line, ensure_ascii=False, default=str).encode() + b"\n")
                    count += 1
        return count


class _Beside:
    """What belongs to these articles, by their keys: one statement a kind."""

    def __init__(self, articles: Sequence[Article]) -> None:
        keys = [article.pk for article in articles]
        self.placements = _by_article(Placement.objects.filter(article__in=keys).order_by("pk"))
        self.topics = _by_article(ArticleTopic.objects.filter(article__in=keys))
        self.bylines = _by_article(ArticleByline.objects.filter(article__in=keys))
        self.corrections = _by_article(Correction.objects.filter(article__in=keys))
        self.revisions = _by_article(Revision.objects.filter(article__in=keys).order_by("number"))
        self.comments = _by_article(Comment.objects.filter(article__in=keys))
        self.reviews = _by_article(Review.objects.filter(article__in=keys).order_by("pk"))


def _by_article(rows: Iterable[M]) -> defaultdict[int, list[M]]:
    found: defaultdict[int, list[M]] = defaultdict(list)
    for row in rows:
        found[row.article_id].append(row)  # type: ignore[attr-defined]  # each of these models has an article
    return found


def _media_of(tenant: Tenant) -> list[Path]:
    folder = Path(settings.MEDIA_ROOT) / str(tenant.pk)
    return sorted(path for path in folder.glob("*") if MEDIA_NAME.fullmatch(path.name)) if folder.is_dir() else []


_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
