"""The one thing of another origin that a page of the studio shows: previews, in a frame."""

from typing import Any

from django.http import HttpResponse

from sites_core.previews import preview_origin

# It may play what an article embeds and open links in tabs of their own; it may not take the studio's place.
SANDBOX = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-forms allow-presentation"


def framing(response: HttpResponse, *sites: int) -> HttpResponse:
    """The page, which may now frame the previews of these sites, by primary key, and nothing else."""
    answer: Any = response
    # Where django-csp looks for it: its decorator could name only what is known before the request.
    answer._csp_update = {"frame-src": [preview_origin(site) for site in sites]}  # noqa: SLF001
    return response
