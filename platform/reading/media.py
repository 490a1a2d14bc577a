"""The pictures of the tenant that owns the site, and nobody else's."""

from django.http import FileResponse, Http404

from publishing.images import media_path
from publishing.models.images import MEDIA_TYPES
from reading.answers import FOR_EVER
from reading.owning import owner_of
from sites_core.requests import SiteRequest

# As `publishing.images` names them: digest, width, format. Nothing else is looked for.
NAME = rf"[0-9a-f]{{32}}-[1-9][0-9]{{0,4}}\.(?:{'|'.join(MEDIA_TYPES)})"


def media(request: SiteRequest, name: str) -> FileResponse:
    """A picture for ever: its name is the digest of what it shows."""
    owner = owner_of(request.site.id)
    if owner is None:
        raise Http404
    try:
        file = media_path(owner, name).open("rb")
    except OSError as error:
        raise Http404 from error
    return FileResponse(
        file,
        content_type=MEDIA_TYPES[name.rpartition(".")[2]],
        headers={
            "Cache-Control": FOR_EVER,
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'",
        },
    )
