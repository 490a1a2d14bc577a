"""The request has a type."""

from django.http import HttpRequest

from sites_core.directory import SiteEntry


class SurfaceRequest(HttpRequest):
    """A request that SiteGate let through: its surface is known."""

    surface: str


class SiteRequest(SurfaceRequest):
    """A request to a site, or to the host of its previews: the site is known."""

    site: SiteEntry  # type: ignore[assignment]  # the stubs declare what CurrentSiteMiddleware would set
