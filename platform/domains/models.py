"""What is known of hostnames beside their rows: who claims them, what proves them, their certificates."""

from datetime import timedelta

import pghistory
from django.contrib.sites.models import Site
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from sites_core.models import Hostname
from tenants.history import TenantEvent, every, indexes
from tenants.models import Tenant, User
from tenants.scope import TenantManager

# What DNS has lost is served for so long, and its tenant told.
GRACE = timedelta(days=30)
# For so long nobody gets a name that was let go without a fresh proof.
TOMBSTONE = timedelta(days=30)


@pghistory.track(
    *every(),
    # What checks write is no news.
    fields=["id", "tenant", "site", "name", "becomes_primary"],
    model_name="ClaimEvent",
    base_model=TenantEvent,
    meta={"indexes": indexes("Claim", "tenant")},
)
class Claim(models.Model):
    """A tenant says that a name is its own, for one of its sites. Until the proof is in DNS nothing is served for it.

    Several tenants may claim one name; whoever shows the claim's token in a TXT record has it, and the claim ends.
    """

    # The keys are in the migration: a claim's site is a site of its tenant.
    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="claims")
    site = models.ForeignKey(Site, models.CASCADE, db_constraint=False, related_name="claims")
    name = models.CharField(max_length=253)
    token = models.CharField(max_length=64)
    # The name becomes the site's domain; otherwise it redirects there.
    becomes_primary = models.BooleanField(default=False, db_default=False)
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(db_default=Now(), editable=False)
    # What was seen last, {record type: [values]}, when, and what is wrong with it, in a sentence.
    checked_at = models.DateTimeField(null=True)
    seen = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    problem = models.CharField(max_length=500, blank=True, default="", db_default="")
    checks = models.PositiveIntegerField(default=0, db_default=0)

    objects = TenantManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="domains_claim_tenant_name_unique")]
        indexes = [models.Index(fields=["name"], name="domains_claim_name")]

    def __str__(self) -> str:
        return f"{self.name} for {self.tenant}"


class Standing(models.Model):
    """How a hostname does: by what it is whose it is, what DNS says, whether its certificate is served.

    A row of its own, because it changes daily and the Directory is read anew with each change of a Hostname. A trigger
    makes it with the hostname.
    """

    class Proof(models.TextChoices):
        FREE = "free", "a free name of the platform"
        VOUCHED = "vouched", "vouched for by platform staff"
        TXT = "txt", "proven by a TXT record"

    hostname = models.OneToOneField(
        Hostname, models.CASCADE, primary_key=True, db_constraint=False, related_name="standing"
    )
    proof = models.CharField(max_length=7, choices=Proof, default=Proof.VOUCHED, db_default=Proof.VOUCHED)
    # Of the claim that proved it; the daily check looks for it again.
    token = models.CharField(max_length=64, blank=True, default="", db_default="")
    proven_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(db_default=Now())
    # DNS no longer says what it should, since then; served until the end of the grace.
    failing_since = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    quarantined_at = models.DateTimeField(null=True)
    seen = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    problem = models.CharField(max_length=500, blank=True, default="", db_default="")
    # The last handshake through the edge that met a certificate of this name.
    served_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(proof__in=["free", "vouched", "txt"]), name="domains_standing_proof_known"
            ),
            models.CheckConstraint(condition=~Q(proof="txt") | ~Q(token=""), name="domains_standing_txt_has_token"),
        ]
        indexes = [models.Index(fields=["due_at"], name="domains_standing_due")]

    def __str__(self) -> str:
        return f"Standing of {self.hostname}"


class Tombstone(models.Model):
    """A name that was let go. Until then nobody has it without a fresh proof, by whatever path they come."""

    name = models.CharField(max_length=253, primary_key=True)
    tenant = models.ForeignKey(Tenant, models.SET_NULL, null=True, related_name="+")
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} until {self.until}"


class Account(models.Model):
    """The platform's account at a certificate authority, by the address of the authority's directory."""

    directory = models.URLField(max_length=300, primary_key=True)
    uri = models.URLField(max_length=300)
    key = models.BinaryField()  # sealed
    added_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return self.directory


class Order(models.Model):
    """A certificate that is wanted: waiting for its turn, tried, got, or given up. One open order a name.

    `name` and no key: a wildcard below SITES_DOMAIN has no hostname, and what was ordered counts against the
    authority's limits when the hostname is gone.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        DONE = "done", "done"
        FAILED = "failed", "failed"

    name = models.CharField(max_length=255)
    # What the authority counts by: the registrable domain.
    registered = models.CharField(max_length=253)
    tenant = models.ForeignKey(Tenant, models.SET_NULL, null=True, related_name="+")
    renewal = models.BooleanField(default=False, db_default=False)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING, db_default=State.WAITING)
    added_at = models.DateTimeField(db_default=Now(), editable=False)
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveIntegerField(default=0, db_default=0)
    tried_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=1000, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=Q(state="waiting"), name="domains_order_open_unique"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "done", "failed"]), name="domains_order_state_known"
            ),
        ]
        indexes = [
            # Renewals first, then in the order of their turns.
            models.Index(fields=["-renewal", "due_at", "id"], condition=Q(state="waiting"), name="domains_order_due"),
            models.Index(fields=["registered", "ended_at"], condition=Q(state="done"), name="domains_order_registered"),
            models.Index(fields=["tried_at"], name="domains_order_tried"),
            models.Index(fields=["name", "-id"], name="domains_order_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.state}"


class Challenge(models.Model):
    """What the authority asks for below /.well-known/acme-challenge/, on any edge."""

    token = models.CharField(max_length=200, primary_key=True)
    name = models.CharField(max_length=253)
    answer = models.CharField(max_length=300)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"Challenge of {self.name}"


class Certificate(models.Model):
    """The newest certificate of a name: its chain in PEM, and its key, sealed.

    `version` comes from a sequence with each write, by a trigger: a process reads what is newer than what it has.
    """

    name = models.CharField(max_length=255, primary_key=True)
    chain = models.TextField()
    key = models.BinaryField()
    serial = models.CharField(max_length=64)
    issuer = models.CharField(max_length=200)
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    # At two thirds of its life, or when the authority says (ARI).
    renew_at = models.DateTimeField()
    warned_at = models.DateTimeField(null=True)
    version = models.BigIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["renew_at"], name="domains_certificate_renew"),
            models.Index(fields=["version"], name="domains_certificate_version"),
        ]

    def __str__(self) -> str:
        return f"Certificate of {self.name}"
