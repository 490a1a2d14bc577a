"""What stands around every page of a tenant: where one is, where one can go, and what waits there."""

from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse

from studio.access import TenantRequest
from tenants.roles import Power


@dataclass(frozen=True, slots=True)
class Door:
    """A link of the navigation. `area` is the first part of the address below the tenant, by which one knows where
    one is; the tenant's home has none."""

    area: str
    label: str
    icon: str
    url: str
    here: bool


# Area, label, sign, name of the URL, and the power that it needs. The signs are drawn in studio/signs.svg.
_DOORS = (
    ("", "Home", "home", "desk", Power.READ),
    ("articles", "Articles", "articles", "articles", Power.READ),
    ("calendar", "Calendar", "calendar", "calendar", Power.READ),
    ("inbox", "Inbox", "inbox", "inbox", Power.READ),
    ("media", "Pictures", "pictures", "media", Power.READ),
    ("sites", "Sites", "sites", "sites", Power.READ),
    ("domains", "Domains", "domains", "domains", Power.MANAGE),
    ("members", "Members", "members", "members", Power.MANAGE),
    ("history", "Audit log", "history", "audit", Power.MANAGE),
    ("settings", "Settings", "settings", "settings", Power.MANAGE),
    # Of the settings, what editors keep.
    ("settings", "Topics and bylines", "settings", "topics", Power.EDIT),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """A context processor: `doors` on the pages of a tenant."""
    known = cast("TenantRequest", request)
    if getattr(request, "membership", None) is None:
        return {}
    return {"doors": doors(known)}


def doors(request: TenantRequest) -> list[Door]:
    slug = request.tenant.slug
    area = request.path.removeprefix(f"/{slug}/").partition("/")[0]
    # One door to an area, the first that is open.
    found: dict[str, Door] = {}
    for where, label, icon, name, power in _DOORS:
        if where not in found and request.membership.may(power):
            found[where] = Door(where, label, icon, reverse(name, kwargs={"tenant": slug}), here=where == area)
    return list(found.values())
