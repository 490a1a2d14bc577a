"""Who may change a picture: as with words, it depends on whose readers could see it."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from publishing.describing import Check
from publishing.models import Image
from publishing.usage import sites_showing
from studio.access import TenantRequest
from tenants.roles import Power


def image_of(image_id: int) -> Image:
    """The tenant's picture; Http404 where there is none."""
    image = Image.objects.filter(pk=image_id).first()
    if image is None:
        raise Http404
    return image


def may_change(request: TenantRequest, image: Image) -> bool:
    """Who edits may change what is shown on no site beyond theirs; who writes, what no reader could have seen yet."""
    membership = request.membership
    if not membership.may(Power.WRITE):
        return False
    edited = membership.sites_with(Power.EDIT) if membership.may(Power.EDIT) else frozenset()
    return edited is None or sites_showing(image) <= edited


def change_of(request: TenantRequest) -> Check:
    """What a deed on a picture asks, once nobody else can show it elsewhere meanwhile."""

    def check(image: Image) -> None:
        if not may_change(request, image):
            raise PermissionDenied

    return check


def may_say(request: TenantRequest, image: Image) -> bool:
    """Whoever writes may say what a picture shows that nobody has said anything about."""
    return request.membership.may(Power.WRITE) and not image.alt and not image.decorative
