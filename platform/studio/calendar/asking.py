"""What somebody asks of the calendar, as its address holds it."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.contrib.sites.models import Site
from django.http import Http404, QueryDict
from django.utils import timezone

from studio.access import TenantRequest
from studio.calendar.spans import FIRST, LAST, MONTH, SHOWN, Span
from studio.placing.clocks import zone_of


@dataclass(frozen=True, slots=True)
class Asked:
    """`sites` are those in view, by key; `site` the one that the calendar is narrowed to, or 0."""

    span: Span
    sites: dict[int, Site]
    site: int
    is_zone_given: bool

    @property
    def zones(self) -> list[str]:
        return sorted({zone_of(site.brand.time_zone).key for site in self.sites.values()} | {"UTC", self.span.zone.key})

    @property
    def today(self) -> date:
        return timezone.now().astimezone(self.span.zone).date()

    def to(self, *, day: date | None = None, view: str = "") -> str:
        """The query of another span, with the rest as it is."""
        asked = {"view": view or self.span.view, "day": (day or self.span.day).isoformat()}
        if self.site:
            asked["site"] = str(self.site)
        if self.is_zone_given:
            asked["zone"] = self.span.zone.key
        return f"?{urlencode(asked)}"


def asked_of(request: TenantRequest, data: QueryDict) -> Asked:
    """Raises Http404 for a site that is none in view, a day that is none and a view that is none."""
    sites = {site.pk: site for site in _in_view(request)}
    site = _site(data.get("site", ""), sites)
    zone = zone_of(data.get("zone") or _usual(sites, site))
    view = data.get("view") or MONTH
    if view not in SHOWN:
        raise Http404
    return Asked(Span(view, _day(data.get("day", ""), zone.key), zone), sites, site, bool(data.get("zone")))


def _in_view(request: TenantRequest) -> list[Site]:
    owned = Site.objects.filter(ownership__tenant=request.tenant).select_related("brand").order_by("domain")
    return list(owned if request.sites is None else owned.filter(pk__in=request.sites))


def _usual(sites: dict[int, Site], site: int) -> str:
    """The zone of the site; without one, the zone that most of them have."""
    if site:
        return sites[site].brand.time_zone
    names = [one.brand.time_zone for one in sites.values()]
    return max(names, key=names.count, default="UTC")


def _site(text: str, sites: dict[int, Site]) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) not in sites:
        raise Http404
    return int(text)


def _day(text: str, zone: str) -> date:
    if not text:
        return timezone.now().astimezone(zone_of(zone)).date()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    if not FIRST <= day <= LAST:
        raise Http404
    return day
