"""A picture in JSON, as studio/choosing.js and studio/uploading.js want it; and refusals as they show them."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import reverse

from publishing.images import BODY_WIDTH
from publishing.models import Image
from studio.templatetags.studio_pictures import file_url


def wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def told(tenant: str, image: Image, **more: Any) -> JsonResponse:
    return JsonResponse(picture(tenant, image) | more)


def picture(tenant: str, image: Image) -> dict[str, Any]:
    return {
        "id": image.pk,
        "name": image.name,
        "src": image.url_for(BODY_WIDTH) if image.widths else "",
        "thumb": file_url(tenant, image, 480),
        "large": file_url(tenant, image, 960),
        "alt": image.alt,
        "caption": image.caption,
        "width": image.width,
        "height": image.height,
        "decorative": image.decorative,
        "page": reverse("media-image", kwargs={"tenant": tenant, "image_id": image.pk}),
    }


def refused(sentence: str, status: int = 400) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status)
