"""What a list can be narrowed to: the sites in view, the tenant's topics and bylines."""

from dataclasses import dataclass

from django.contrib.sites.models import Site
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Coalesce

from publishing.models import Byline, Topic
from studio.access import TenantRequest

Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Keys as text, and names, by name. `zones` are the sites' time zones by their keys."""

    sites: list[Choice]
    topics: list[Choice]
    bylines: list[Choice]
    zones: dict[str, str]


def vocabulary_of(request: TenantRequest) -> Vocabulary:
    """In one statement."""
    sites = Site.objects.filter(ownership__tenant=request.tenant)
    if request.sites is not None:
        sites = sites.filter(pk__in=request.sites)
    zone = Coalesce(F("brand__time_zone"), Value("UTC"))
    rows = (
        sites.order_by()
        .values_list(Value("site"), Cast("pk", CharField()), "name", zone)
        .union(
            Topic.objects.order_by().values_list(Value("topic"), Cast("pk", CharField()), "name", Value("")),
            Byline.objects.order_by().values_list(Value("byline"), Cast("pk", CharField()), "name", Value("")),
            all=True,
        )
    )
    found: dict[str, list[Choice]] = {"site": [], "topic": [], "byline": []}
    zones = {}
    for kind, key, name, zone_name in sorted(rows, key=lambda row: (row[2].casefold(), row[1])):
        found[kind].append((key, name))
        if kind == "site":
            zones[key] = zone_name
    return Vocabulary(found["site"], found["topic"], found["byline"], zones)
