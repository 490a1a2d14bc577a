"""The tenant's pictures: all of them, those to choose from, and their files."""

import re

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from publishing.images import BODY_WIDTH, media_path, used
from publishing.models.images import MEDIA_TYPES
from publishing.usage import uses
from studio.access import TenantRequest, needs
from studio.pictures.finding import Only, find
from tenants.roles import Power

FILE = re.compile(rf"[0-9a-f]{{32}}-[1-9][0-9]{{0,4}}\.(?:{'|'.join(MEDIA_TYPES)})", re.ASCII)
# A file never changes: its name is the digest of what it was made of.
FOR_EVER = "private, max-age=31536000, immutable"


@require_safe
@needs(Power.READ)
def library(request: TenantRequest) -> HttpResponse:
    words, only = _words(request), _only(request)
    found = find(request.tenant, words=words, only=only, after=request.GET.get("after"))
    of = uses(found.images)
    taken, quota = used(request.tenant), request.tenant.quota_bytes
    shown = {
        "pictures": [(image, of[image.pk]) for image in found.images],
        "found": found,
        "words": words,
        "only": only,
        "taken": taken,
        "quota": quota,
        "nearly": taken > quota * 0.9,
        "may_upload": request.membership.may(Power.WRITE),
    }
    return render(request, "studio/pictures/library.html", shown)


@require_safe
@needs(Power.READ)
def choose(request: TenantRequest) -> HttpResponse:
    """A part of a page: what the dialog is filled with."""
    words = _words(request)
    found = find(request.tenant, words=words, after=request.GET.get("after"))
    images = [(image, image.url_for(BODY_WIDTH)) for image in found.images if image.widths]
    shown = {"images": images, "words": words, "after": found.after, "looked": found.looked}
    return render(request, "studio/pictures/choosing.html", shown)


@require_safe
@needs(Power.READ)
def file(request: TenantRequest, picture_file: str) -> HttpResponse:
    """A file of the tenant's own, under the name that readers' sites have it by."""
    if not FILE.fullmatch(picture_file):
        raise Http404
    try:
        data = media_path(request.tenant.pk, picture_file).read_bytes()
    except OSError as error:
        raise Http404 from error
    return HttpResponse(
        data,
        content_type=MEDIA_TYPES[picture_file.rpartition(".")[2]],
        headers={
            "Cache-Control": FOR_EVER,
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


def _words(request: TenantRequest) -> str:
    # PostgreSQL knows no text with a NUL in it.
    return request.GET.get("q", "").replace("\0", "")[:100]


def _only(request: TenantRequest) -> Only | None:
    named = request.GET.get("only", "")
    return Only(named) if named in set(Only) else None
