"""What every page of a site offers beside its content: the sections above, the static pages below."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Value

from publishing.models import Placement, Section
from reading.columns import TITLE, Link, title_or_untitled
from tenants.scope import of_site


@dataclass(frozen=True, slots=True)
class Menu:
    sections: tuple[Link, ...]
    pages: tuple[Link, ...]


def menu_of(site_id: int, now: datetime) -> Menu:
    """The site's menu, in one statement: sections in their order, static pages by title."""
    with of_site(site_id):
        sections = Section.objects.filter(site_id=site_id).order_by()
        pages = Placement.objects.on(site_id).live(now).filter(listed=False).order_by()
        rows = sections.values_list(Value(1), "position", "name", "slug").union(
            pages.values_list(Value(2), Value(0), TITLE, "slug"), all=True
        )
        found = sorted(rows)
    return Menu(
        tuple(Link(name, f"/sections/{slug}/") for kind, _, name, slug in found if kind == 1),
        tuple(Link(title_or_untitled(name), f"/{slug}/") for kind, _, name, slug in found if kind == 2),
    )
