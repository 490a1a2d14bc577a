"""Tenants, the sites they own, the people who work for them."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.sites.models import Site
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from tenants.roles import Power, Role, may
from tenants.scope import TenantManager


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


class Tenant(models.Model):
    """The organisation that owns sites and content."""

    slug = models.SlugField(max_length=50)
    name = models.CharField(max_length=120)
    sites = models.ManyToManyField(Site, through="Ownership", related_name="tenants")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slug"], name="tenants_tenant_slug_unique")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Ownership(models.Model):
    """Which tenant a site belongs to: at most one. What a site's rows refer to, with both columns."""

    site = models.OneToOneField(Site, models.CASCADE, primary_key=True, db_constraint=False, related_name="ownership")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="ownerships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "tenant"], name="tenants_ownership_site_tenant_unique")]

    def __str__(self) -> str:
        return f"{self.site} of {self.tenant}"


class Membership(models.Model):
    """A user in a tenant with a role: on all of its sites, or on those in `sites` alone, which may be none."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=[(role.value, role.value) for role in Role])
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
        return may(self.role, power)


class MembershipSite(models.Model):
    """One of the sites that a membership is limited to."""

    membership = models.ForeignKey(Membership, models.CASCADE, db_constraint=False, related_name="limits")
    site = models.ForeignKey(Site, models.CASCADE, db_constraint=False, related_name="+")
    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")

    objects = TenantManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "site"], name="tenants_membershipsite_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.membership} on {self.site}"
