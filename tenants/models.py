"""Tenants, the sites they own, the people who work for them."""

from datetime import datetime
from typing import Any

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from tenants.history import TAKEN_OUT, by_tenant, every, indexes
from tenants.roles import TENANT_WIDE, Power, Role, may
from tenants.scope import TenantManager

ROLES = [(role.value, role.value) for role in Role]


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who works here: a member of tenants, or platform staff. Readers have a table of their own."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_staff = models.BooleanField(_("platform staff"), default=False, help_text=_("May sign in to ops."))
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(db_default=Now(), editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        # One spelling, so that unique means unique.
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="tenants_user_email_lower")
        ]

    def __str__(self) -> str:
        return self.name or self.email


# First segments of the studio's addresses, where a tenant's pages have its slug: what no tenant owns lives there.
RESERVED_SLUGS = frozenset({"account", "invitation", "password", "session", "sign-in", "sign-out", "sign-up", "static"})

# Of pictures, for a tenant that was given no other.
QUOTA = 10 * 1024**3


@pghistory.track(
    *every(),
    # What changes no row, and is kept all the same: that somebody took everything along.
    pghistory.ManualEvent(TAKEN_OUT),  # type: ignore[no-untyped-call]  # the library has no types here
    fields=["id", "slug", "name", "needs_approval", "quota_bytes"],
    model_name="TenantEvent",
    meta={"indexes": indexes("Tenant")},
)
class Tenant(models.Model):
    """The organisation that owns sites and content."""

    slug = models.SlugField(max_length=50)
    name = models.CharField(max_length=120)
    needs_approval = models.BooleanField(
        default=False, db_default=False, help_text=_("An article is placed only after somebody else has approved it.")
    )
    quota_bytes = models.BigIntegerField(
        _("quota"), default=QUOTA, db_default=QUOTA, help_text=_("Bytes that its pictures may take.")
    )
    sites = models.ManyToManyField(Site, through="Ownership", related_name="tenants")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slug"], name="tenants_tenant_slug_unique")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": f"“{self.slug}” is an address of the studio itself. Take another name."})


class Ownership(models.Model):
    """Which tenant a site belongs to: at most one. What a site's rows refer to, with both columns."""

    site = models.OneToOneField(Site, models.CASCADE, primary_key=True, db_constraint=False, related_name="ownership")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="ownerships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "tenant"], name="tenants_ownership_site_tenant_unique")]

    def __str__(self) -> str:
        return f"{self.site} of {self.tenant}"


@pghistory.track(*every(), fields=["id", "name"], model_name="SiteEvent", meta={"indexes": indexes("Site", "pgh_obj")})
class NamedSite(Site):
    """The site, whose table is Django's: what is kept of its name's changes is ours."""

    class Meta:
        proxy = True


@pghistory.track(*every(), **by_tenant("Membership"))
class Membership(models.Model):
    """A user in a tenant with a role: on all of its sites, or on those in `sites` alone, which may be none."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=ROLES)
    # Not told from whether `sites` is empty: it empties itself when sites are deleted.
    all_sites = models.BooleanField(
        default=True, db_default=True, help_text=_("On all sites of the tenant. If not: on those named below, or none.")
    )
    sites = models.ManyToManyField(Site, through="MembershipSite", related_name="+")

    objects = TenantManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "tenant"], name="tenants_membership_user_tenant_unique"),
            models.UniqueConstraint(fields=["id", "tenant"], name="tenants_membership_id_tenant_unique"),
            models.CheckConstraint(
                condition=models.Q(role__in=["owner", "editor", "author", "viewer"]),
                name="tenants_membership_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.role} of {self.tenant}"

    def may(self, power: Power) -> bool:
        """Whether it holds the power somewhere. What is the tenant's as a whole needs all of its sites.

        A limited membership goes by its role on each of its sites. One that has none left, since they were deleted,
        still reads: what it could see before has lost no secret, but its role would hold nowhere.
        """
        if self.all_sites:
            return may(self.role, power)
        if power in TENANT_WIDE:
            return False
        limits = self.limits.all()
        if not limits:
            return power == Power.READ
        return any(may(limit.role or self.role, power) for limit in limits)

    def sites_with(self, power: Power) -> frozenset[int] | None:
        """The primary keys of the sites on which it holds the power. None: on all of the tenant's."""
        if self.all_sites:
            return None if may(self.role, power) else frozenset()
        return frozenset(limit.site_id for limit in self.limits.all() if may(limit.role or self.role, power))

    def may_on(self, site_id: int, power: Power) -> bool:
        """Whether it holds the power on this site, which must be the tenant's."""
        sites = self.sites_with(power)
        return sites is None or site_id in sites


@pghistory.track(*every(), **by_tenant("MembershipSite", "site"))
class MembershipSite(models.Model):
    """One of the sites that a membership is limited to, and the role there, if it is another."""

    membership = models.ForeignKey(Membership, models.CASCADE, db_constraint=False, related_name="limits")
    site = models.ForeignKey(Site, models.CASCADE, db_constraint=False, related_name="+")
    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")
    role = models.CharField(
        max_length=10, blank=True, default="", db_default="", choices=ROLES, help_text=_("Empty: the membership's.")
    )

    objects = TenantManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "site"], name="tenants_membershipsite_unique"),
            models.CheckConstraint(
                condition=models.Q(role__in=["", "owner", "editor", "author", "viewer"]),
                name="tenants_membershipsite_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership} on {self.site}"


@pghistory.track(*every(), exclude=["token_digest"], **by_tenant("Invitation"))
class Invitation(models.Model):
    """An address that was asked to join a tenant with a role. Good once, for that address, until it expires.

    Of the link's token only the SHA-256 digest is kept: whoever reads the table can accept nothing.
    """

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(max_length=10, choices=ROLES)
    all_sites = models.BooleanField(default=True, db_default=True)
    sites = models.ManyToManyField(Site, through="InvitationSite", related_name="+")
    token_digest = models.CharField(max_length=64)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    invited_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = TenantManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token_digest"], name="tenants_invitation_token_unique"),
            models.UniqueConstraint(fields=["id", "tenant"], name="tenants_invitation_id_tenant_unique"),
            # One open invitation for an address: another replaces it.
            models.UniqueConstraint(
                fields=["tenant", "email"],
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="tenants_invitation_one_open",
            ),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="tenants_invitation_email_lower"),
            models.CheckConstraint(
                condition=models.Q(role__in=["owner", "editor", "author", "viewer"]),
                name="tenants_invitation_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}, {self.role} of {self.tenant}"

    def state(self, now: datetime) -> str:
        """What became of it: "accepted", "withdrawn", "expired", or "open"."""
        if self.accepted_at:
            return "accepted"
        if self.revoked_at:
            return "withdrawn"
        return "expired" if self.expires_at <= now else "open"


class InvitationSite(models.Model):
    """One of the sites that the membership will be limited to."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, db_constraint=False, related_name="limits")
    site = models.ForeignKey(Site, models.CASCADE, db_constraint=False, related_name="+")
    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")

    objects = TenantManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invitation", "site"], name="tenants_invitationsite_unique")]

    def __str__(self) -> str:
        return f"{self.invitation} on {self.site}"
