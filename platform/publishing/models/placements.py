"""Where and when what was written appears. The heart of the product."""

from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID, uuid5

import pghistory
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL

from publishing.models.articles import Article
from publishing.models.images import Image
from tenants.history import by_tenant, every
from tenants.models import Tenant
from tenants.scope import TenantManager

# First segments of the reader's own paths: an article of that slug could never be opened.
RESERVED_SLUGS = ("archive", "bylines", "feeds", "media", "search", "sections", "static", "topics")


FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def not_reserved(slug: str) -> None:
    if slug in RESERVED_SLUGS:
        raise ValidationError(f"The slug “{slug}” is the address of a list. Choose another.")


@pghistory.track(*every(), **by_tenant("Section", "site"))
class Section(models.Model):
    """A department of one site."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")
    site = models.ForeignKey(Site, models.CASCADE, db_constraint=False, related_name="sections")
    slug = models.SlugField(max_length=100)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)

    objects = TenantManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "slug"], name="publishing_section_slug_unique"),
            models.UniqueConstraint(fields=["id", "site"], name="publishing_section_id_site_unique"),
        ]
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class PlacementQuerySet(models.QuerySet["Placement"]):
    def on(self, site: Site | int) -> Self:
        return self.filter(site_id=site if isinstance(site, int) else site.pk)

    def live(self, now: datetime) -> Self:
        """Visible to readers at this moment: visibility is a question of time, not a job that ran."""
        return self.filter(
            Q(expires_at=None) | Q(expires_at__gt=now), status=Placement.Status.PUBLISHED, go_live__lte=now
        )

    def listed(self) -> Self:
        """What lists show: articles, not static pages."""
        return self.filter(listed=True)

    def newest_first(self) -> Self:
        return self.order_by("-go_live", "-id")

    def before(self, moment: datetime, placement_id: int) -> Self:
        """What follows, newest first, after the placement that went live at this moment."""
        # A row comparison, which one range scan of the list's index answers; OR would not.
        return self.alias(
            follows=RawSQL(
                "(publishing_placement.go_live, publishing_placement.id) < (%s, %s)",
                [moment, placement_id],
                output_field=models.BooleanField(),
            )
        ).filter(follows=True)


@pghistory.track(*every(), exclude=["listed", "sources", "feed_id"], **by_tenant("Placement", "site", "article"))
class Placement(models.Model):
    """An article on a site: since when and until when, under which slug, in which section, with which own words."""

    class Status(models.TextChoices):
        DRAFT = "draft", "draft"
        PUBLISHED = "published", "published"  # from go_live to expires_at: a future go_live is a scheduled article
        UNPUBLISHED = "unpublished", "unpublished"  # taken off this site: as if it had never been there
        RECALLED = "recalled", "recalled"  # taken back everywhere: readers are told so, 410

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+", db_index=False)
    article = models.ForeignKey(Article, models.CASCADE, db_constraint=False, db_index=False, related_name="placements")
    site = models.ForeignKey(Site, models.CASCADE, db_constraint=False, db_index=False, related_name="placements")
    status = models.CharField(max_length=11, choices=Status, default=Status.DRAFT)
    go_live = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    slug = models.SlugField(max_length=200, validators=[not_reserved])
    section = models.ForeignKey(
        Section, models.SET_NULL, null=True, blank=True, db_constraint=False, related_name="placements"
    )
    is_canonical = models.BooleanField(default=False)
    # Its place at the top of the site's front page, 1 being the lead; empty: by its date alone.
    pin = models.PositiveSmallIntegerField(null=True, blank=True)
    # Copied from the article's kind: lists are one scan of one table.
    listed = models.BooleanField(default=True, editable=False)
    # Own words of this site; empty: the article's.
    title = models.CharField(max_length=300, blank=True)
    summary = models.TextField(blank=True)
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, db_constraint=False, related_name="+")
    # Of each override, by its field's name, what the article said when it was made: whether that changed since.
    sources = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()), editable=False)
    # What feeds called it on the platform that it came from. Empty: made of its key, see `feed_id_of`.
    feed_id = models.UUIDField(null=True, blank=True, editable=False)

    objects = TenantManager.from_queryset(PlacementQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "site"], name="publishing_placement_article_site_unique"),
            models.UniqueConstraint(fields=["site", "slug"], name="publishing_placement_slug_unique"),
            # What the lists by topic and by byline refer to, so that neither can cross a site or a tenant.
            models.UniqueConstraint(fields=["id", "site", "tenant"], name="publishing_placement_id_site_tenant_unique"),
            models.UniqueConstraint(
                fields=["article"], condition=Q(is_canonical=True), name="publishing_placement_one_canonical"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "published", "unpublished", "recalled"]),
                name="publishing_placement_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(go_live__isnull=False),
                name="publishing_placement_published_has_go_live",
                violation_error_message="A published placement needs the moment from which it is shown.",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("go_live")),
                name="publishing_placement_expires_after_go_live",
                violation_error_message="It would expire before it is shown.",
            ),
            models.CheckConstraint(
                # Local time of the year 1, or of 9999, is no date that Python can tell.
                condition=Q(go_live__gte=FIRST, go_live__lt=LAST) & (Q(expires_at=None) | Q(expires_at__lt=LAST))
                | Q(go_live=None),
                name="publishing_placement_dates_tellable",
                violation_error_message="Give a date between 1900 and 2200.",
            ),
            models.CheckConstraint(
                condition=Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$") & ~Q(slug__in=RESERVED_SLUGS),
                name="publishing_placement_slug_canonical",
                violation_error_message="A slug is lower-case letters and digits joined by single hyphens.",
            ),
        ]
        indexes = [
            # A site's list, whatever its length: one range scan, no sort.
            models.Index(
                "site",
                F("go_live").desc(),
                F("id").desc(),
                condition=Q(status="published", listed=True),
                name="publishing_placement_list",
            ),
            # A site's few static pages, for the menu on every page.
            models.Index(fields=["site"], condition=Q(listed=False), name="publishing_placement_pages"),
            models.Index(
                "section",
                # A section has one site: without it here, the planner takes the section's rows of the site for few.
                "site",
                F("go_live").desc(),
                F("id").desc(),
                condition=Q(status="published", listed=True),
                name="publishing_section_list",
            ),
            # What stands at the top of a site's front page, whatever its date.
            models.Index(
                fields=["site", "pin"],
                condition=Q(status="published", listed=True, pin__isnull=False),
                name="publishing_placement_pins",
            ),
            # Until when a page holds: the next of a site's few articles that expire.
            models.Index(
                fields=["site", "expires_at"],
                condition=Q(status="published", expires_at__isnull=False),
                name="publishing_placement_expiry",
            ),
            # The articles of one site and how they stand there, without the rows.
            models.Index(
                fields=["site", "article"],
                include=["status", "go_live", "expires_at"],
                name="publishing_placement_there",
            ),
            # The studio's calendar and its list by date, over all of a tenant's sites.
            models.Index(
                fields=["tenant", "-go_live", "-id"],
                include=["site", "article", "listed", "expires_at"],
                condition=Q(status="published"),
                name="publishing_placement_when",
            ),
            models.Index(
                fields=["tenant", "expires_at", "id"],
                include=["site", "article"],
                condition=Q(status="published", expires_at__isnull=False),
                name="publishing_placement_ends",
            ),
            # The few that are not published, of a tenant and of each of its sites.
            models.Index(
                fields=["tenant", "status", "site"],
                include=["article"],
                condition=~Q(status="published"),
                name="publishing_placement_apart",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article} on {self.site}"

    @property
    def path(self) -> str:
        return f"/{self.slug}/"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.listed = self.article.kind == Article.Kind.ARTICLE
        super().save(*args, **kwargs)


# Whoever changes it makes every article of every feed unread.
_FEED_IDS = UUID("4f0c8a52-9d1e-4b7a-8e63-1c5b7f2d9a06")


def feed_id_of(placement_id: int, article_created: datetime, kept: UUID | None) -> UUID:
    """By what a feed's readers know the placement again, whatever changes about it; `kept` is its own column.

    Of its key and of the moment when the article was made, since other installations have the same keys.
    """
    return kept or uuid5(_FEED_IDS, f"{placement_id} {article_created.timestamp()}")


@pghistory.track(*every(), **by_tenant("Redirect", "site"))
class Redirect(models.Model):
    """A path of a site that moved to another path of the same site: the ledger of slugs that changed."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+", db_index=False)
    site = models.ForeignKey(Site, models.CASCADE, db_constraint=False, db_index=False, related_name="redirects_away")
    path = models.CharField(max_length=500)
    target = models.CharField(max_length=500)

    objects = TenantManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "path"], name="publishing_redirect_path_unique"),
            models.CheckConstraint(
                condition=Q(path__startswith="/") & Q(target__regex=r"^/([^/\\]|$)") & ~Q(path=F("target")),
                name="publishing_redirect_stays_on_site",
            ),
        ]
        indexes = [models.Index(fields=["site", "target"], name="publishing_redirect_target")]

    def __str__(self) -> str:
        return f"{self.path} → {self.target}"


class SearchEntry(models.Model):
    """What search reads: written by triggers from the article's words in the site's language.

    The vector carries the lexeme `@<site id>`, so that one index finds a word within a site at the price of the site
    and not of the platform.
    """

    placement = models.OneToOneField(Placement, models.CASCADE, primary_key=True, db_constraint=False, related_name="+")
    vector = SearchVectorField()

    class Meta:
        default_permissions = ()
        indexes = [GinIndex(fields=["vector"], name="publishing_searchentry_vector")]

    def __str__(self) -> str:
        return f"Words of {self.placement}"
