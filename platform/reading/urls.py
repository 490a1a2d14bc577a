"""The reader's addresses, on every site's host. All of them are for reading: GET and HEAD."""

from collections.abc import Callable
from typing import Any

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, re_path
from django.views.decorators.http import require_safe

from reading import brand, manifest, media, security, sitemaps, views
from reading.emblems import ICON_SIZES
from reading.environment import prepare
from reading.feeds import views as feeds

__all__ = ["handler400", "handler403", "handler404", "handler500", "prepare", "urlpatterns"]


def page(route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
    return path(route, require_safe(view), name=name)


def exact(pattern: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
    return re_path(rf"^{pattern}\Z", require_safe(view), name=name)


urlpatterns: list[Any] = [
    page("", views.home, "home"),
    page("topics/", views.topics, "topics"),
    page("topics/<slug:slug>/", views.topic, "topic"),
    page("topics/<slug:slug>/rss.xml", feeds.rss, "topic-rss"),
    page("topics/<slug:slug>/atom.xml", feeds.atom, "topic-atom"),
    page("topics/<slug:slug>/feed.json", feeds.json, "topic-json-feed"),
    page("bylines/<slug:slug>/", views.byline, "byline"),
    page("sections/<slug:slug>/", views.section, "section"),
    page("archive/", views.archive, "archive"),
    exact(r"archive/(?P<year>[1-9][0-9]{3})/(?P<month>0[1-9]|1[0-2])/", views.month, "month"),
    page("search/", views.search, "search"),
    page("feeds/rss.xml", feeds.rss, "rss"),
    page("feeds/atom.xml", feeds.atom, "atom"),
    page("feeds/feed.json", feeds.json, "json-feed"),
    page("sitemap.xml", sitemaps.index, "sitemap"),
    page("sitemaps/pages.xml", sitemaps.pages, "sitemap-pages"),
    page("sitemaps/news.xml", sitemaps.news, "sitemap-news"),
    exact(r"sitemaps/(?P<year>[1-9][0-9]{3})-(?P<month>0[1-9]|1[0-2])\.xml", sitemaps.month, "sitemap-month"),
    page("robots.txt", sitemaps.robots, "robots"),
    page("site.webmanifest", manifest.manifest, "manifest"),
    page(".well-known/security.txt", security.security_txt, "security"),
    exact(r"style-[0-9a-f]{16}\.css", brand.style, "brand-style"),
    page("icon.svg", brand.svg_icon, "brand-svg-icon"),
    exact(rf"icon-(?P<size>{'|'.join(map(str, ICON_SIZES))})\.png", brand.icon, "brand-icon"),
    page("favicon.ico", brand.favicon, "brand-favicon"),
    page("share.png", brand.share, "brand-share"),
    exact(rf"media/(?P<name>{media.NAME})", media.media, "media"),
    page("<slug:slug>/", views.article, "article"),  # last: whatever no list is called
]

handler400 = "reading.errors.bad_request"
handler403 = "reading.errors.forbidden"
handler404 = "reading.errors.not_found"
handler500 = "reading.errors.server_error"
