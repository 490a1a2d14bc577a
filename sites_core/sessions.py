"""A session is good on the front where it was made, and nowhere else."""

from collections.abc import Callable
from importlib import import_module
from typing import cast

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from sites_core.requests import SurfaceRequest

SURFACE = "surface"


class SessionOfSurface:
    """Give a request that brings another front's session an empty one. Stands right behind SessionMiddleware.

    Cookies are host-only, but a cookie is what the client sends: who got hold of one for the studio must not be signed
    in to ops with it. The session itself stays good where it was made.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.new_session = import_module(settings.SESSION_ENGINE).SessionStore

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        surface = cast("SurfaceRequest", request).surface
        if request.session.get(SURFACE) != surface:
            request.session = self.new_session()
        response = self.get_response(request)
        # Here and not at the sign-in, so that a session without a mark is nobody's, whatever made it.
        if request.session.modified and not request.session.is_empty():
            request.session[SURFACE] = surface
        return response
