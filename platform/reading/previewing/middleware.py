"""The middleware of previews: what is shown there is for one's eyes, and for nobody's store."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from sites_core.origins import origin

_POLICY = "Content-Security-Policy"
_UNFRAMED = "frame-ancestors 'none'"


class KeptFromAll:
    """No cache keeps an answer and no search engine finds it; its address is told to nobody whom it links to.

    The studio shows it in a frame, and nobody else may.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.framed = f"frame-ancestors {origin(f'studio.{settings.PLATFORM_DOMAIN}')}"

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # A picture is as well on the site, where everybody may keep it; here the browser alone may, for a while.
        is_picture = response.get("Content-Type", "").startswith("image/") and response.status_code == 200
        response["Cache-Control"] = "private, max-age=3600" if is_picture else "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Referrer-Policy"] = "no-referrer"
        response[_POLICY] = response.get(_POLICY, f"default-src 'none'; {_UNFRAMED}").replace(_UNFRAMED, self.framed)
        del response["Surrogate-Key"]
        return response
