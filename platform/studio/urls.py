"""The studio host: for those who write and edit. A view of a tenant declares the power that it needs.

The tenant stands in the address, so that two tabs never mix. What no tenant owns comes first: its first segments can be
no tenant's name (`tenants.models.RESERVED_SLUGS`).
"""

from django.urls import include, path

AREAS = (
    "desk",
    "writing",  # before the list: articles/new/
    "listing",
    "placing",
    "previewing",
    "reviewing",
    "history",
    "inbox",
    "calendar",
    "pictures",
    "sites",
    "domains",
    "members",
    "audit",
    "settings",
    "takeout",
)

urlpatterns = [
    path("", include("studio.signing.urls")),
    path("<slug:tenant>/", include([path("", include(f"studio.{area}.urls")) for area in AREAS])),
]

handler403 = "studio.errors.forbidden"
handler404 = "studio.errors.missing"
handler500 = "studio.errors.broken"
