"""What one site's editors ask of another's, and what was taken back everywhere."""

import pghistory
from django.conf import settings
from django.contrib.sites.models import Site
from django.db import models
from django.db.models.functions import Now

from publishing.models.articles import Article
from tenants.history import by_tenant, every
from tenants.models import Tenant
from tenants.scope import TenantManager


@pghistory.track(*every(), **by_tenant("Proposal", "site"))
class Proposal(models.Model):
    """An article offered to a site by somebody who may not place there; that site's editors decide."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        ACCEPTED = "accepted", "accepted"
        DECLINED = "declined", "declined"
        WITHDRAWN = "withdrawn", "withdrawn"

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")
    article = models.ForeignKey(Article, models.CASCADE, db_constraint=False, related_name="proposals")
    site = models.ForeignKey(Site, models.CASCADE, db_constraint=False, related_name="proposals")
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    note = models.TextField(blank=True)
    go_live = models.DateTimeField(null=True, blank=True, help_text="The wish. Empty: as soon as it is accepted.")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    proposed_at = models.DateTimeField(db_default=Now())
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = TenantManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "site"], condition=models.Q(state="open"), name="publishing_proposal_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "accepted", "declined", "withdrawn"]),
                name="publishing_proposal_state_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["site", "-proposed_at"], condition=models.Q(state="open"), name="publishing_proposal_inbox"
            )
        ]

    def __str__(self) -> str:
        return f"{self.article}, proposed to {self.site}"


@pghistory.track(*every(), **by_tenant("TrustedSource", "site"))
class TrustedSource(models.Model):
    """Whose proposals a site accepts by itself: those of a member, or those of another site's canonical articles."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")
    site = models.ForeignKey(Site, models.CASCADE, db_constraint=False, related_name="trusted_sources")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    source = models.ForeignKey(
        Site, models.CASCADE, null=True, blank=True, db_constraint=False, related_name="+", db_index=False
    )

    objects = TenantManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=False, source__isnull=True)
                | models.Q(user__isnull=True, source__isnull=False),
                name="publishing_trustedsource_is_one",
            ),
            models.UniqueConstraint(fields=["site", "user"], name="publishing_trustedsource_user_unique"),
            models.UniqueConstraint(fields=["site", "source"], name="publishing_trustedsource_source_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.source}, trusted by {self.site}"

    @property
    def whom(self) -> str:
        """The name of who is trusted."""
        return self.source.name if self.source else str(self.user)


@pghistory.track(*every(), **by_tenant("Recall"))
class Recall(models.Model):
    """That an article was taken back everywhere, and how each of its placements stood before: what undoing restores.

    `before` has one object for each placement: `placement` (primary key), `status`, `is_canonical`.
    """

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")
    article = models.ForeignKey(Article, models.CASCADE, db_constraint=False, related_name="recalls")
    before = models.JSONField(default=list)
    recalled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    recalled_at = models.DateTimeField(db_default=Now())
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = TenantManager()

    def __str__(self) -> str:
        return f"Recall of {self.article}"
