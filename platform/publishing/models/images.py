"""Pictures, as `publishing.images` re-encoded them."""

from collections.abc import Sequence
from typing import NamedTuple

import pghistory
from django.db import models
from django.db.models.functions import Now

from tenants.history import by_tenant, every
from tenants.models import Tenant
from tenants.scope import TenantManager

# How many characters of the digest its files' names begin with.
STEM = 32
# The formats that a picture is kept in, by their files' suffixes.
MEDIA_TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}
# What every picture has been kept in since the first. A row that names no format is as old.
OLDEST_FORMAT = "webp"


@pghistory.track(*every(), exclude=["widths", "formats"], **by_tenant("Image"))
class Image(models.Model):
    """A picture in a few widths. `digest` is the SHA-256 of what was uploaded, so that the same file is kept once."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, editable=False)
    name = models.CharField(max_length=200)
    alt = models.CharField(max_length=500, blank=True)
    caption = models.CharField(max_length=500, blank=True)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    widths = models.JSONField(default=list, editable=False)
    # In which formats each width is kept, by their files' suffixes; the best first, what every browser knows last.
    formats = models.JSONField(default=list, db_default=models.Value(["webp"], models.JSONField()), editable=False)
    # What must stay in sight where a picture is cropped: per cent from the left and from the top.
    focus_x = models.PositiveSmallIntegerField(default=50, db_default=50)
    focus_y = models.PositiveSmallIntegerField(default=50, db_default=50)
    # It says nothing that the text does not: it needs no alternative text, and has none.
    decorative = models.BooleanField(default=False, db_default=False)
    # Of all its files together: what counts against the tenant's quota.
    bytes = models.BigIntegerField(default=0, db_default=0, editable=False)
    added_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = TenantManager()

    class Meta:
        indexes = [models.Index(fields=["tenant", "-added_at", "-id"], name="publishing_image_recent")]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "digest"], name="publishing_image_digest_unique"),
            models.UniqueConstraint(fields=["id", "tenant"], name="publishing_image_id_tenant_unique"),
            models.CheckConstraint(
                condition=models.Q(focus_x__lte=100, focus_y__lte=100),
                name="publishing_image_focus_is_inside",
                violation_error_message="The focus point is two percentages, each from 0 to 100.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def stem(self) -> str:
        """The first part of its files' names."""
        return self.digest[:STEM]

    def url_for(self, width: int) -> str:
        """The path, on any site of the tenant, of the smallest variant at least `width` pixels wide, as WebP.

        Bodies name a picture so; what readers get instead is decided when the body is rendered.
        """
        return picture_path(self.digest, fitting(self.widths, width))

    def variants(self, wanted_width: int) -> "Variants":
        return variants(self.digest, self.widths, self.formats, wanted_width)


class Source(NamedTuple):
    """One format of a picture: its media type, and its files in every width as `srcset` names them."""

    type: str
    srcset: str


class Variants(NamedTuple):
    """What `<picture>` names: the better formats, best first; then one that every browser knows, or the only one."""

    sources: tuple[Source, ...]
    src: str
    srcset: str


def variants(digest: str, widths: Sequence[int], formats: Sequence[str], wanted_width: int) -> Variants:
    """All files of a picture; `src` is the smallest at least `wanted_width` pixels wide. `widths` is not empty."""
    *better, last = formats or (OLDEST_FORMAT,)
    return Variants(
        tuple([Source(MEDIA_TYPES[suffix], _srcset(digest, widths, suffix)) for suffix in better]),
        picture_path(digest, fitting(widths, wanted_width), last),
        _srcset(digest, widths, last),
    )


def _srcset(digest: str, widths: Sequence[int], suffix: str) -> str:
    return ", ".join([f"{picture_path(digest, width, suffix)} {width}w" for width in widths])


def picture_path(digest: str, width: int, suffix: str = OLDEST_FORMAT) -> str:
    return f"/media/{digest[:STEM]}-{width}.{suffix}"


def fitting(widths: Sequence[int], wanted: int) -> int:
    """The smallest width that is not below the wanted one, else the largest."""
    return min([width for width in widths if width >= wanted], default=max(widths))
