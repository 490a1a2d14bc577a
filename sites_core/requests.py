"""The request has a type."""

from django.http import HttpRequest

from sites_core.directory import SiteEntry


class SurfaceRequest(HttpRequest):
    """A request that SiteGate let through: its surface is known."""

    surface: str


class SiteRequest(SurfaceRequest):
    """A reader's request: its site is known."""

    site: SiteEntry  # type: ignore[assignment]  # the stubs declare what CurrentSiteMiddleware would set
