"""The demonstration's sites: how they look, their sections and menus."""

from typing import Any

from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError

from publishing.models import Image, Section
from sites_core.models import Brand, MenuItem
from tenants.adding import add_site
from tenants.models import Tenant

LOOK = (
    "theme", "options", "fonts", "accent", "accent_dark", "paper", "ink", "paper_dark", "ink_dark", "tagline",
    "language", "time_zone", "date_style",
)  # fmt: skip


class NotSeeded(Exception):
    """The demo cannot be made here; the message says why."""


def make_site(tenant: Tenant, about: dict[str, Any]) -> Site:
    try:
        site = add_site(tenant=tenant, domain=about["domain"], name=about["name"])
    except ValidationError as error:
        raise NotSeeded(f"{' '.join(error.messages)} Rename that site, or use another database.") from error
    Brand.objects.filter(site=site).update(**{name: about[name] for name in LOOK if name in about})
    for position, one in enumerate(about["sections"]):
        Section.objects.create(tenant=tenant, site=site, position=position, **one)
    MenuItem.objects.bulk_create(
        MenuItem(site=site, menu=menu, position=position, label=label, url=url)
        for menu, items in about.get("menus", {}).items()
        for position, (label, url) in enumerate(items.items())
    )
    return site


def set_logo(site: Site, logo: Image) -> None:
    Brand.objects.filter(site=site).update(logo=logo.digest, logo_width=logo.width, logo_height=logo.height)
