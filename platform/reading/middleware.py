"""The reader's middleware."""

import zoneinfo
from collections.abc import Callable
from datetime import UTC, tzinfo
from functools import cache, lru_cache
from typing import cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone, translation

from reading.voice import dates_as
from sites_core.models import COMPLETE_LANGUAGES, NO_TIME_ZONES
from sites_core.requests import SiteRequest


class BrandVoice:
    """Speak the brand's language and tell its time and its dates, for this request alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        brand = cast("SiteRequest", request).site.brand
        zone = _zone(brand.time_zone)
        with translation.override(spoken(brand.language)), timezone.override(zone), dates_as(brand.date_style):
            return self.get_response(request)


@lru_cache(maxsize=1024)
def spoken(language: str) -> str:
    """The language of the interface: the brand's where the themes speak it, else English and not a bit of each."""
    return language if language.partition("-")[0] in COMPLETE_LANGUAGES else "en"


@lru_cache(maxsize=1024)
def _zone(name: str) -> tzinfo:
    """UTC where the name is no zone: SQL can store any text, and a page is better than none.

    Python opens more than zones, such as `localtime` or `posix/Europe/Berlin`, which PostgreSQL does not know.
    """
    return zoneinfo.ZoneInfo(name) if name in _zones() else UTC


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones() - NO_TIME_ZONES)
