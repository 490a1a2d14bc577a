"""What was written."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.contrib.sites.models import Site
from django.db import models
from django.db.models import F, Func
from django.db.models.functions import Left, Lower, Now

from publishing.models.images import Image
from publishing.models.vocabulary import Byline, Topic
from tenants.history import by_tenant, every
from tenants.models import Tenant
from tenants.scope import TenantManager


class BodyFormat(models.TextChoices):
    MARKDOWN = "markdown", "Markdown"
    HTML = "html", "HTML"


@pghistory.track(
    *every(),
    # The words are kept by revisions; an event says that something happened, and to what.
    fields=["id", "tenant", "kind", "title", "language", "lead_image", "translation_group", "stage", "written_by"],
    **by_tenant("Article"),
)
class Article(models.Model):
    """Belongs to a tenant and appears on sites by its placements. `html` and `text` are made from `body` on saving."""

    class Stage(models.TextChoices):
        """How far the words are; where they appear, and since when, is each placement's."""

        DRAFT = "draft", "draft"
        REVIEW = "review", "in review"
        APPROVED = "approved", "approved"

    class Kind(models.TextChoices):
        ARTICLE = "article", "article"
        PAGE = "page", "static page"

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.ARTICLE)
    title = models.CharField(max_length=300)
    summary = models.TextField(blank=True)
    body = models.TextField(blank=True)
    body_format = models.CharField(max_length=8, choices=BodyFormat, default=BodyFormat.MARKDOWN)
    html = models.TextField(editable=False, blank=True)
    text = models.TextField(editable=False, blank=True)
    word_count = models.PositiveIntegerField(editable=False, default=0)
    language = models.CharField(max_length=12, blank=True, help_text="Empty: that of the site it appears on.")
    lead_image = models.ForeignKey(
        Image, models.SET_NULL, null=True, blank=True, db_constraint=False, related_name="lead_of"
    )
    # Articles with the same one say the same in several languages.
    translation_group = models.UUIDField(null=True, blank=True)
    # Where an import found it, and the digest of what it found: a second run updates instead of doubling.
    source_id = models.CharField(max_length=500, null=True, blank=True, editable=False)  # noqa: DJ001 -- unique if set
    source_digest = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)
    stage = models.CharField(max_length=8, choices=Stage, default=Stage.DRAFT, db_default=Stage.DRAFT)
    # Who began it and may therefore change it; None: an import did.
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    # The pictures that the body names, as the beginnings of their digests; the database reads them out of the body.
    stems = models.GeneratedField(
        expression=Func(F("body"), function="publishing_stems_in"),
        output_field=ArrayField(models.CharField(max_length=32)),
        db_persist=True,
    )
    # What the studio's search reads: the words of the title and of the summary, and `@` with the tenant's number.
    words = models.GeneratedField(
        expression=Func(F("tenant"), F("title"), F("summary"), function="publishing_words_of"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    sites = models.ManyToManyField(Site, through="Placement", related_name="articles")
    topics = models.ManyToManyField(Topic, through="ArticleTopic", related_name="articles")
    bylines = models.ManyToManyField(Byline, through="ArticleByline", related_name="articles")

    objects = TenantManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["id", "tenant"], name="publishing_article_id_tenant_unique"),
            models.UniqueConstraint(fields=["tenant", "source_id"], name="publishing_article_source_unique"),
            models.CheckConstraint(
                condition=models.Q(stage__in=["draft", "review", "approved"]), name="publishing_article_stage_known"
            ),
        ]
        indexes = [
            # The studio's list in its two orders, with what it is most often narrowed by: an answer without the rows.
            models.Index(
                fields=["tenant", "-updated_at", "-id"],
                include=["stage", "kind", "written_by"],
                name="publishing_article_recent",
            ),
            models.Index(
                "tenant",
                Lower(Left("title", 100)),
                "id",
                # The title too: PostgreSQL answers out of an expression's index only where its columns are there.
                include=["title", "stage", "kind", "written_by", "updated_at"],
                name="publishing_article_titles",
            ),
            # How many there are of a kind, where they are few.
            models.Index(fields=["tenant", "stage", "kind"], include=["written_by"], name="publishing_article_stages"),
            models.Index(
                fields=["translation_group", "tenant"],
                condition=models.Q(translation_group__isnull=False),
                name="publishing_article_group",
            ),
            GinIndex(fields=["stems"], name="publishing_article_stems"),
            GinIndex(fields=["words"], name="publishing_article_words"),
        ]

    def __str__(self) -> str:
        return self.title or f"Untitled article {self.pk}"


class ArticleTopic(models.Model):
    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+", db_index=False)
    article = models.ForeignKey(Article, models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    topic = models.ForeignKey(Topic, models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    objects = TenantManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "topic"], name="publishing_articletopic_unique")]
        indexes = [models.Index(fields=["topic", "article"], name="publishing_articletopic_term")]
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.article}: {self.topic}"


class ArticleByline(models.Model):
    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+", db_index=False)
    article = models.ForeignKey(Article, models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    byline = models.ForeignKey(Byline, models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    objects = TenantManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "byline"], name="publishing_articlebyline_unique")]
        indexes = [models.Index(fields=["byline", "article"], name="publishing_articlebyline_term")]
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.article}: {self.byline}"


class Revision(models.Model):
    """An immutable snapshot of an article: a trigger refuses every UPDATE."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+", db_index=False)
    article = models.ForeignKey(Article, models.CASCADE, db_constraint=False, db_index=False, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    summary = models.TextField(blank=True)
    body = models.TextField(blank=True)
    body_format = models.CharField(max_length=8, choices=BodyFormat)
    # What else of the article an editor sets, by name: language, lead_image, topics, bylines (primary keys).
    details = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, db_constraint=False)
    made_at = models.DateTimeField(db_default=Now())

    objects = TenantManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="publishing_revision_number_unique")]

    def __str__(self) -> str:
        return f"{self.article}, revision {self.number}"


@pghistory.track(*every(), **by_tenant("Correction"))
class Correction(models.Model):
    """A dated note, shown with the article wherever it appears."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+", db_index=False)
    article = models.ForeignKey(Article, models.CASCADE, db_constraint=False, related_name="corrections")
    note = models.TextField()
    noted_at = models.DateTimeField(db_default=Now())

    objects = TenantManager()

    class Meta:
        ordering = ["noted_at", "id"]

    def __str__(self) -> str:
        return self.note
