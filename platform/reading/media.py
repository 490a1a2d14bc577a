"""The pictures of the tenant that owns the site, and nobody else's."""

from django.http import FileResponse, Http404

from publishing.images import media_path
from publishing.models.images import MEDIA_TYPES
from reading.answers import FOR_EVER
from reading.asking import rows_of
from sites_core.requests import SiteRequest

# As `publishing.images` names them: digest, width, format. Nothing else is looked for.
NAME = rf"[0-9a-f]{{32}}-[1-9][0-9]{{0,4}}\.(?:{'|'.join(MEDIA_TYPES)})"
_OWNER = "SELECT tenant_id FROM tenants_ownership WHERE site_id = %(site)s"


def media(request: SiteRequest, name: str) -> FileResponse:
    """A picture for ever: its name is the digest of what it shows."""
    owner = rows_of(request.site.id, _OWNER)
    if not owner:
        raise Http404
    try:
        file = media_path(owner[0][0], name).open("rb")
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
