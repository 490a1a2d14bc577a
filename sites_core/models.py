"""The rows about a site beside `django.contrib.sites`' own.

Database triggers make them with the Site, whoever adds it.
"""

import zoneinfo

import pghistory
from django.conf import settings
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from sites_core.history import by_site, every
from sites_core.hostnames import hostname_from_text


@pghistory.track(*every(), **by_site("Hostname"))
class Hostname(models.Model):
    """One DNS name that answers for a site. The one that equals the site's domain is primary, the others redirect.

    Verified: it is the site's, and served. Live: with its certificate, which was seen in a handshake. Grace: DNS has
    lost it, and it is served for a while. Quarantined: it is not. No row is pending: that is a claim (`domains`).
    """

    class State(models.TextChoices):
        PENDING = "pending", _("pending")
        VERIFIED = "verified", _("verified")
        LIVE = "live", _("live")
        GRACE = "grace", _("grace")
        QUARANTINED = "quarantined", _("quarantined")

    # The database's own key, ON DELETE CASCADE, is in the migration.
    site = models.ForeignKey(Site, models.CASCADE, db_constraint=False, related_name="hostnames")
    name = models.CharField(max_length=253)
    state = models.CharField(max_length=12, choices=State, default=State.VERIFIED, db_default=State.VERIFIED)
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
                condition=models.Q(state__in=["pending", "verified", "live", "grace", "quarantined"]),
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


COLOUR = r"#[0-9a-f]{6}"
_a_colour = RegexValidator(rf"\A{COLOUR}\Z", _("Write the colour as #rrggbb, in lower case."))


def _colour(label: str, help_text: str) -> "models.CharField[str, str]":
    """A colour of the palette; empty: the theme's own."""
    return models.CharField(
        label, max_length=7, blank=True, default="", db_default="", validators=[_a_colour], help_text=help_text
    )


# In which the interface of the themes is complete; what is written may be in any language.
COMPLETE_LANGUAGES = ("en", "de", "fr")


@pghistory.track(*every(), **by_site("Brand"))
class Brand(models.Model):
    """How a site looks and speaks. What may stand in `theme`, `fonts` and `options` the themes' manifests tell."""

    class DateStyle(models.TextChoices):
        LONG = "long", _("21 November 2026, as the language writes it")
        WEEKDAY = "weekday", _("Saturday, 21 November 2026")
        SHORT = "short", _("21/11/2026, as the language writes it")
        ISO = "iso", _("2026-11-21")

    site = models.OneToOneField(Site, models.CASCADE, primary_key=True, db_constraint=False, related_name="brand")
    theme = models.SlugField(max_length=40, default="journal", db_default="journal")
    options = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()), blank=True)
    fonts = models.SlugField(max_length=40, blank=True, default="", db_default="")
    accent = models.CharField(max_length=7, default="#1f4e79", db_default="#1f4e79", validators=[_a_colour])
    accent_dark = _colour("accent, dark", "Of links and marks on the dark page. Empty: the accent, made light enough.")
    paper = _colour("paper", "Behind the text. Empty: the theme's.")
    ink = _colour("ink", "Of the text. Empty: the theme's.")
    paper_dark = _colour("paper, dark", "Behind the text where a reader's device is set to dark. Empty: the theme's.")
    ink_dark = _colour("ink, dark", "Of the text on the dark page. Empty: the theme's.")
    # The digest of a picture of the site's tenant, whose files readers get from the site itself.
    logo = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    logo_width = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    logo_height = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    tagline = models.CharField(max_length=160, blank=True, default="", db_default="")
    language = models.CharField(max_length=12, choices=settings.LANGUAGES, default="en", db_default="en")
    time_zone = models.CharField(max_length=64, default="UTC", db_default="UTC", validators=[known_time_zone])
    date_style = models.CharField(max_length=8, choices=DateStyle, default=DateStyle.LONG, db_default=DateStyle.LONG)

    class Meta:
        constraints = [
            models.CheckConstraint(
                # The accent is written into style sheets: nothing but a colour may stand there.
                condition=models.Q(accent__regex=r"^#[0-9a-f]{6}$"),
                name="sites_core_brand_accent_is_colour",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    accent_dark__regex=r"^(#[0-9a-f]{6})?$",
                    paper__regex=r"^(#[0-9a-f]{6})?$",
                    ink__regex=r"^(#[0-9a-f]{6})?$",
                    paper_dark__regex=r"^(#[0-9a-f]{6})?$",
                    ink_dark__regex=r"^(#[0-9a-f]{6})?$",
                ),
                name="sites_core_brand_palette_is_colours",
            ),
            models.CheckConstraint(
                condition=models.Q(logo__regex=r"^([0-9a-f]{64})?$"), name="sites_core_brand_logo_is_digest"
            ),
            models.CheckConstraint(
                condition=models.Q(date_style__in=["long", "weekday", "short", "iso"]),
                name="sites_core_brand_date_style_known",
            ),
        ]

    def __str__(self) -> str:
        return f"Brand of {self.site}"


@pghistory.track(*every(), **by_site("MenuItem"))
class MenuItem(models.Model):
    """A link of a site's header, of its footer, or to where the brand is elsewhere on the web.

    A menu without items is made of the site's sections (header) or of its static pages and lists (footer).
    """

    class Menu(models.TextChoices):
        HEADER = "header", _("header")
        FOOTER = "footer", _("footer")
        SOCIAL = "social", _("social")

    site = models.ForeignKey(Site, models.CASCADE, db_constraint=False, db_index=False, related_name="menu_items")
    menu = models.CharField(max_length=6, choices=Menu, default=Menu.HEADER)
    position = models.PositiveSmallIntegerField(default=0)
    label = models.CharField(max_length=60)
    url = models.CharField(
        max_length=500,
        validators=[
            RegexValidator(
                r"\A(/(?![/\\])|https?://[^/]|mailto:.)",
                _("Write a path of this site, such as /topics/, or a whole address that begins with https://."),
            )
        ],
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(menu__in=["header", "footer", "social"]), name="sites_core_menuitem_menu_known"
            ),
            models.CheckConstraint(
                # It becomes a link: no scheme that runs, nothing that browsers drop.
                condition=models.Q(url__regex=r"^(/([^/\\]|$)|https?://[^/]|mailto:.)")
                & ~models.Q(url__regex=r"[[:space:][:cntrl:]]"),
                name="sites_core_menuitem_url_leads_somewhere",
            ),
        ]
        indexes = [models.Index(fields=["site", "menu", "position"], name="sites_core_menuitem_menu")]
        ordering = ["menu", "position", "id"]

    def __str__(self) -> str:
        return self.label


class DirectoryVersion(models.Model):
    """One row, one number: raised by triggers with every change to what the Directory holds."""

    version = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.version)
