"""Pictures in ops: what they show in words, and what of them must stay in sight where they are cropped."""

import mimetypes
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join

from operations.admin.front import ModelForm, OpsAdmin, ops
from publishing.describing import SAID, describe
from publishing.images import media_path
from publishing.models import Image
from publishing.models.images import fitting

# Pixels; a preview of staff is no reader's page and needs no more.
PREVIEW_WIDTH = 480
# How pictures are cropped by the themes: what each is for, width to height.
CROPS = (("wide", 16, 9), ("square", 1, 1), ("upright", 3, 4))


class ImageForm(ModelForm):
    class Meta:
        labels = {"focus_x": "Focus from left (%)", "focus_y": "Focus from top (%)"}
        help_texts = {
            "alt": "What the picture shows, in words for those who do not see it.",
            "decorative": "It says nothing that the text does not, and needs no alternative text.",
            "caption": "Printed below the picture.",
        }


@admin.register(Image, site=ops)
class ImageAdmin(OpsAdmin):
    """Files come by the studio, by an import or as a logo: here their words and their focus are edited."""

    form = ImageForm
    fields = ("shown", ("focus_x", "focus_y"), "alt", "decorative", "caption", "name", "tenant", "size", "added_at")
    readonly_fields = ("shown", "name", "tenant", "size", "added_at")
    list_display = ("thumbnail", "name", "tenant", "size", "alt", "added_at")
    list_display_links = ("thumbnail", "name")
    list_select_related = ("tenant",)
    ordering = ("-id",)
    search_fields = ("name", "alt", "=tenant__slug")

    class Media:
        css = {"all": ("operations/ops.css",)}
        js = ("operations/focus.js",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Image, form: Any, change: bool) -> None:
        describe(image=obj, **{name: form.cleaned_data[name] for name in SAID})

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.picture_view)
        return [path("<int:pk>/picture/", view, name="publishing_image_picture"), *super().get_urls()]

    def picture_view(self, request: HttpRequest, pk: int) -> FileResponse:
        """A small variant of the picture: readers' hosts serve it too, but not before its tenant has a site."""
        image = get_object_or_404(Image, pk=pk)
        if not self.has_view_permission(request, image):
            raise PermissionDenied
        name = _smallest(image)
        try:
            file = media_path(image.tenant_id, name).open("rb")
        except OSError as error:
            raise Http404 from error
        # An image's bytes never change, and neither does its number.
        headers = {"Cache-Control": "private, max-age=86400", "Content-Security-Policy": "default-src 'none'"}
        return FileResponse(file, content_type=mimetypes.guess_type(name)[0], headers=headers)

    @admin.display(description="")
    def thumbnail(self, image: Image) -> str:
        return format_html('<img class="thumbnail" src="{}" alt="" loading="lazy">', picture_url(image))

    @admin.display(description="size", ordering="width")
    def size(self, image: Image) -> str:
        return f"{image.width:,} × {image.height:,}"

    @admin.display(description="preview")
    def shown(self, image: Image) -> str:
        """The picture with its focus marked, and what is left of it where it is cropped."""
        whole = format_html(
            '<figure><svg class="focus" viewBox="0 0 {0} {1}" role="img" aria-label="The picture with its focus">'
            '<image href="{2}" width="{0}" height="{1}"/>'
            '<circle class="focus-mark" cx="{3}%" cy="{4}%" r="3%"/></svg>'
            "<figcaption>Click on what must stay in sight, then save.</figcaption></figure>",
            image.width, image.height, picture_url(image), image.focus_x, image.focus_y,
        )  # fmt: skip
        crops = format_html_join("", _CROP, ((_box(image, *shape), *_shape(image), label) for label, *shape in CROPS))
        return format_html('<div class="previews">{}<div class="crops">{}</div></div>', whole, crops)


_CROP = (
    '<figure><svg class="crop" viewBox="{}" role="img" aria-label="A crop"><image href="{}" width="{}" height="{}"/>'
    "</svg><figcaption>{}</figcaption></figure>"
)


def picture_url(image: Image) -> str:
    return reverse("admin:publishing_image_picture", args=[image.pk])


def _shape(image: Image) -> tuple[str, int, int]:
    return picture_url(image), image.width, image.height


def _box(image: Image, width: int, height: int) -> str:
    """What is left of a picture in a frame of this shape, as browsers crop by `object-position`: an SVG viewBox."""
    scale = min(image.width / width, image.height / height)
    shown_width, shown_height = width * scale, height * scale
    left = (image.width - shown_width) * image.focus_x / 100
    top = (image.height - shown_height) * image.focus_y / 100
    return f"{left:.1f} {top:.1f} {shown_width:.1f} {shown_height:.1f}"


def _smallest(image: Image) -> str:
    """The file of the preview's width in the format that every browser knows."""
    suffix = (image.formats or ["webp"])[-1]
    return f"{image.stem}-{fitting(image.widths, PREVIEW_WIDTH)}.{suffix}"
