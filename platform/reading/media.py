"""The pictures of the tenant that owns the site, and nobody else's."""

from django.http import FileResponse, Http404

from publishing.images import media_path
from sites_core.requests import SiteRequest
from tenants.models import Ownership

# As `publishing.images` names them: digest, width. Nothing else is looked for.
NAME = r"[0-9a-f]{32}-[1-9][0-9]{0,4}\.webp"


def media(request: SiteRequest, name: str) -> FileResponse:
    """A picture for ever: its name is the digest of what it shows."""
    tenant_id = Ownership.objects.filter(site=request.site.id).values_list("tenant", flat=True).first()
    if tenant_id is None:
        raise Http404
    try:
        file = media_path(tenant_id, name).open("rb")
    except OSError as error:
        raise Http404 from error
    return FileResponse(
        file,
        content_type="image/webp",
        headers={
            "Cache-Control": "public, max-age=31536000, immutable",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'",
        },
    )
