"""What people at work on an article leave beside it: drafts, reviews, comments, previews. No reader meets any of it."""

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.sites.models import Site
from django.db import models
from django.db.models.functions import Now

from publishing.models.articles import Article
from tenants.history import by_tenant
from tenants.models import Tenant
from tenants.scope import TenantManager


class Draft(models.Model):
    """One person's unsaved words on an article, kept by the editor as they type; and that the article is open there.

    `words` are the fields of the form by name, None until something was changed; `base` is the revision that they
    began from, by number.
    """

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+", db_index=False)
    article = models.ForeignKey(Article, models.CASCADE, db_constraint=False, db_index=False, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    base = models.PositiveIntegerField()
    words = models.JSONField(null=True, blank=True)
    # Grows with each saving: of two windows of one person, the one that is behind is told so.
    version = models.PositiveIntegerField(default=0, db_default=0)
    saved_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(db_default=Now())

    objects = TenantManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "user"], name="publishing_draft_unique")]

    def __str__(self) -> str:
        return f"{self.user}'s draft of {self.article}"


class Review(models.Model):
    """That somebody asked for an article to be read, of one person or of whoever may, and what was answered."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        APPROVED = "approved", "approved"
        CHANGES = "changes", "changes wanted"
        WITHDRAWN = "withdrawn", "withdrawn"

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")
    article = models.ForeignKey(Article, models.CASCADE, db_constraint=False, related_name="reviews")
    revision = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    note = models.TextField(blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_of = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = TenantManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article"], condition=models.Q(state="open"), name="publishing_review_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "approved", "changes", "withdrawn"]),
                name="publishing_review_state_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "-asked_at"], condition=models.Q(state="open"), name="publishing_review_open"
            )
        ]

    def __str__(self) -> str:
        return f"Review of {self.article}"


class Comment(models.Model):
    """A remark on an article, on a passage of it, or in answer to another remark.

    A passage is known by its words: `quote`, with a little of what stands before and after it.
    """

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+", db_index=False)
    article = models.ForeignKey(Article, models.CASCADE, db_constraint=False, related_name="comments")
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, db_constraint=False, related_name="answers"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    text = models.TextField()
    quote = models.TextField(blank=True)
    before = models.CharField(max_length=80, blank=True)
    after = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField(db_default=Now())
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = TenantManager()

    class Meta:
        # What an answer refers to: it stands beneath the same article.
        constraints = [models.UniqueConstraint(fields=["id", "article"], name="publishing_comment_id_article_unique")]
        ordering = ["made_at", "id"]

    def __str__(self) -> str:
        return self.text


# What is for oneself comes and goes; and what has expired is nobody's to take back.
@pghistory.track(
    pghistory.InsertEvent(condition=pgtrigger.Condition("NEW.shared")),
    pghistory.DeleteEvent(condition=pgtrigger.Condition("OLD.shared AND OLD.expires_at > NOW()")),
    exclude=["token_digest", "words", "placed", "look", "shared"],
    **by_tenant("Preview", "site"),
)
class Preview(models.Model):
    """A page as it would be, under an address that nobody can guess, until it expires.

    `words` are the article's fields by name as they were on the screen, `placed` the placement's, `look` the brand's;
    each empty where what is stored counts. Of the address only the SHA-256 digest of its token is kept. Without an
    article it shows the site's front page.
    """

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+", db_index=False)
    site = models.ForeignKey(Site, models.CASCADE, db_constraint=False, related_name="+")
    article = models.ForeignKey(
        Article, models.CASCADE, null=True, blank=True, db_constraint=False, related_name="previews"
    )
    token_digest = models.CharField(max_length=64)
    words = models.JSONField(default=dict)
    placed = models.JSONField(default=dict)
    look = models.JSONField(default=dict)
    # Meant for others: it is listed, and can be taken back.
    shared = models.BooleanField(default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()

    objects = TenantManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token_digest"], name="publishing_preview_token_unique")]
        indexes = [models.Index(fields=["expires_at"], name="publishing_preview_expiry")]

    def __str__(self) -> str:
        return f"Preview of {self.article or 'the front page'} on {self.site}"
