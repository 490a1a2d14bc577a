"""The rows about a site beside `django.contrib.sites`' own.

Database triggers make them with the Site, whoever adds it.
"""

import zoneinfo

from django.conf import settings
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from sites_core.hostnames import hostname_from_text


class Hostname(models.Model):
    """One DNS name that answers for a site. The one that equals the site's domain is primary, the others redirect."""

    class State(models.TextChoices):
        PENDING = "pending", _("pending")
        VERIFIED = "verified", _("verified")
        LIVE = "live", _("live")
        QUARANTINED = "quarantined", _("quarantined")

    # The database's own key, ON DELETE CASCADE, is in the migration.
    site = models.ForeignKey(Site, models.CASCADE, db_constraint=False, related_name="hostnames")
    name = models.CharField(max_length=253)
    state = models.CharField(max_length=12, choices=State, default=State.LIVE, db_default=State.LIVE)
    added_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                name="sites_core_hostname_name_unique",
                violation_error_message=_("This hostname already belongs to a site."),
            ),
            # What django_site's primary hostname refers to.
            models.UniqueConstraint(fields=["site", "name"], name="sites_core_hostname_site_name_unique"),
            models.CheckConstraint(
                condition=models.Q(state__in=["pending", "verified", "live", "quarantined"]),
                name="sites_core_hostname_state_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Typed in any spelling, kept in the canonical one."""
        self.name = hostname_from_text(self.name)

    @property
    def is_primary(self) -> bool:
        return self.name == self.site.domain


class SiteState(models.Model):
    """Where a site stands: its generation, which grows with any change that a reader could see, and its retirement."""

    site = models.OneToOneField(Site, models.CASCADE, primary_key=True, db_constraint=False, related_name="state")
    generation = models.BigIntegerField(default=1, db_default=1, editable=False)
    # The transaction that raised the generation last; a trigger writes it, the Directory's poll reads it.
    changed = models.BigIntegerField(default=0, db_default=0, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True, help_text=_("Set: the site answers 410 Gone."))

    class Meta:
        indexes = [models.Index(fields=["changed"], name="sites_core_sitestate_changed")]

    def __str__(self) -> str:
        return f"{self.site}, generation {self.generation}"


# Python lists them; they are no zones, and PostgreSQL does not know them.
NO_TIME_ZONES = {"Factory", "localtime", "posixrules"}


def known_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones() - NO_TIME_ZONES:
        raise ValidationError(_("“%(name)s” is not a time zone. Write it as in Europe/Berlin."), params={"name": name})


class Brand(models.Model):
    """How a site looks and speaks."""

    site = models.OneToOneField(Site, models.CASCADE, primary_key=True, db_constraint=False, related_name="brand")
    theme = models.SlugField(max_length=40, default="plain", db_default="plain")
    accent = models.CharField(
        max_length=7,
        default="#1f4e79",
        db_default="#1f4e79",
        validators=[RegexValidator(r"\A#[0-9a-f]{6}\Z", _("Write the colour as #rrggbb, in lower case."))],
    )
    tagline = models.CharField(max_length=160, blank=True, default="", db_default="")
    language = models.CharField(max_length=12, choices=settings.LANGUAGES, default="en", db_default="en")
    time_zone = models.CharField(max_length=64, default="UTC", db_default="UTC", validators=[known_time_zone])

    class Meta:
        constraints = [
            models.CheckConstraint(
                # The accent is written into style sheets: nothing but a colour may stand there.
                condition=models.Q(accent__regex=r"^#[0-9a-f]{6}$"),
                name="sites_core_brand_accent_is_colour",
            )
        ]

    def __str__(self) -> str:
        return f"Brand of {self.site}"


class DirectoryVersion(models.Model):
    """One row, one number: raised by triggers with every change to what the Directory holds."""

    version = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.version)
