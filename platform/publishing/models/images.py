"""Pictures, as `publishing.images` re-encoded them."""

from collections.abc import Sequence

from django.db import models
from django.db.models.functions import Now

from tenants.models import Tenant
from tenants.scope import TenantManager

# How many characters of the digest its files' names begin with.
STEM = 32


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
    added_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = TenantManager()

    class Meta:
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
        """The path, on any site of the tenant, of the smallest variant at least `width` pixels wide."""
        return picture_path(self.digest, fitting(self.widths, width))


def picture_path(digest: str, width: int) -> str:
    return f"/media/{digest[:STEM]}-{width}.webp"


def fitting(widths: Sequence[int], wanted: int) -> int:
    """The smallest width that is not below the wanted one, else the largest."""
    return min([width for width in widths if width >= wanted], default=max(widths))
