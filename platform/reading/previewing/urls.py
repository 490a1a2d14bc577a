"""The addresses on the host of a site's previews. All of them are for reading: GET and HEAD."""

from typing import Any

from django.urls import re_path
from django.views.decorators.http import require_safe

from publishing.previewing import ADDRESS
from reading.emblems import ICON_SIZES
from reading.environment import prepare
from reading.media import NAME
from reading.previewing import views
from reading.urls import exact, page

__all__ = ["handler400", "handler403", "handler404", "handler500", "prepare", "urlpatterns"]

_STYLE = r"style-[0-9a-f]{16}\.css"

urlpatterns: list[Any] = [
    exact(rf"(?P<token>{ADDRESS})/", views.page, "preview"),
    exact(
        rf"(?P<token>{ADDRESS})/(?:(?P<scheme>{'|'.join(views.SCHEMES)})/)?{_STYLE}",
        views.own_style,
        "preview-own-style",
    ),
    # What a page names beside: the site's own, under the same addresses.
    exact(_STYLE, views.style, "preview-style"),
    exact(rf"media/(?P<name>{NAME})", views.media, "preview-media"),
    page("icon.svg", views.svg_icon, "preview-svg-icon"),
    exact(rf"icon-(?P<size>{'|'.join(map(str, ICON_SIZES))})\.png", views.icon, "preview-icon"),
    page("favicon.ico", views.favicon, "preview-favicon"),
    # A link: its target is on the site itself.
    re_path("", require_safe(views.elsewhere), name="preview-elsewhere"),
]

handler400 = "reading.errors.bad_request"
handler403 = "reading.errors.forbidden"
handler404 = "reading.previewing.views.missing"
handler500 = "reading.errors.server_error"
