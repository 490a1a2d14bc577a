"""How a template of the studio names a file of a picture: on the studio's host there is no /media/ of a site."""

from typing import Any

from django import template
from django.urls import reverse

from publishing.models import Image
from publishing.models.images import OLDEST_FORMAT, fitting

register = template.Library()


def file_url(tenant: str, image: Image, wanted: int) -> str:
    """The studio's address of the picture's smallest file at least `wanted` pixels wide; "" where it has none."""
    if not image.widths:
        return ""
    name = f"{image.stem}-{fitting(image.widths, wanted)}.{OLDEST_FORMAT}"
    return reverse("media-file", kwargs={"tenant": tenant, "picture_file": name})


@register.simple_tag(takes_context=True)
def picture_url(context: dict[str, Any], image: Image | None, wanted: int = 480) -> str:
    """{% picture_url article.lead_image 960 %}"""
    return file_url(context["request"].tenant.slug, image, wanted) if image else ""
