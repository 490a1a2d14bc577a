"""Each surface its own URLconf and middleware: a reader's request meets no session, whatever else is served here."""

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.module_loading import import_string
from django_hosts.resolvers import get_host

from sites_core.requests import SurfaceRequest

View = Callable[..., HttpResponseBase]


def is_served(surface: str) -> bool:
    """Whether this process has the surface. Previews are no front of their own: who serves readers serves them too."""
    return ("reader" if surface == "preview" else surface) in settings.SURFACES


class SurfaceMiddleware:
    """Give a request the URLconf that hosts.py names for its surface, and the middleware of SURFACE_MIDDLEWARE.

    The surface is SiteGate's decision. django-hosts' own middleware would decide again, by prefix, and take the site
    `ops.<platform>.example.com` for ops.

    Django calls the hooks of middleware only on what settings.MIDDLEWARE names, so `process_view` (CSRF) and
    `process_exception` are handed on here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.heads: dict[str, Callable[[HttpRequest], HttpResponseBase]] = {}
        self.chains: dict[str, list[Any]] = {}
        for surface, paths in settings.SURFACE_MIDDLEWARE.items():
            if is_served(surface):
                self._build(surface, paths, get_response)

    def _build(self, surface: str, paths: list[str], get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        handler: Any = get_response
        chain: list[Any] = []
        for path in reversed(paths):
            handler = import_string(path)(handler)
            chain.insert(0, handler)
        self.heads[surface] = handler
        self.chains[surface] = chain

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        surface = _surface(request)
        # The stubs know no per-request URLconf: Django's handler reads this attribute.
        request.urlconf = get_host(surface).urlconf
        return self.heads[surface](request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[object, ...], kwargs: dict[str, object]
    ) -> HttpResponseBase | None:
        for middleware in self.chains[_surface(request)]:
            hook = getattr(middleware, "process_view", None)
            if hook and (response := hook(request, view, args, kwargs)):
                return cast("HttpResponseBase", response)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        for middleware in reversed(self.chains[_surface(request)]):
            hook = getattr(middleware, "process_exception", None)
            if hook and (response := hook(request, exception)):
                return cast("HttpResponseBase", response)
        return None


def _surface(request: HttpRequest) -> str:
    return cast("SurfaceRequest", request).surface
