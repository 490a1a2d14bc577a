"""What the numbers in events stand for: people, sites, articles, sections, pictures. Of what is gone, what it was."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.contrib.sites.models import Site
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast

from publishing.auditing import Happened
from publishing.auditing import events as events_of
from publishing.models import Article, Image, Section
from tenants.models import Membership, Tenant, User

# Which column of an event refers to what.
REFERS = {
    "article_id": "article", "section_id": "section", "image_id": "image", "lead_image_id": "image",
    "picture_id": "image", "membership_id": "membership", "user_id": "user", "written_by_id": "user",
    "proposed_by_id": "user", "decided_by_id": "user", "recalled_by_id": "user", "undone_by_id": "user",
    "invited_by_id": "user", "made_by_id": "user", "site_id": "site", "source_id": "site",
}  # fmt: skip
_NAMED: tuple[tuple[str, type[Article | Section | Image | Membership], str], ...] = (
    ("article", Article, "title"),
    ("section", Section, "name"),
    ("image", Image, "name"),
    ("membership", Membership, "user_id"),
)


class NamedSite(NamedTuple):
    name: str
    domain: str
    zone: ZoneInfo


class Names:
    """Of everything that these events refer to. Three statements at most, however many there are."""

    def __init__(self, sites: dict[int, NamedSite], events: Iterable[Happened]) -> None:
        wanted = _referred(events)
        self.sites = sites
        self.there: set[tuple[str, int]] = set()
        self._known = self._asked(wanted)
        self._known |= self._remembered(
            {ref for ref in wanted if ref not in self._known and ref[0] not in {"user", "site"}}
        )
        members = [int(name) for (what, _), name in self._known.items() if what == "membership"]
        users = {*members, *(key for what, key in wanted if what == "user")}
        self.people = {user.pk: user for user in User.objects.filter(pk__in=users)}

    def _asked(self, wanted: set[tuple[str, int]]) -> dict[tuple[str, int], str]:
        parts = []
        for what, model, column in _NAMED:
            keys = [key for kind, key in wanted if kind == what]
            if keys:
                rows = model.objects.filter(pk__in=keys).order_by()
                parts.append(
                    rows.annotate(_what=Value(what), _name=Cast(column, CharField())).values_list(
                        "_what", "pk", "_name"
                    )
                )
        if not parts:
            return {}
        found = {(what, key): name for what, key, name in parts[0].union(*parts[1:], all=True)}
        self.there = set(found)
        return found

    def _remembered(self, gone: set[tuple[str, int]]) -> dict[tuple[str, int], str]:
        """From what deleted rows left behind."""
        parts = []
        for what, model, column in _NAMED:
            keys = [key for kind, key in gone if kind == what]
            if keys:
                rows = events_of(model.__name__).filter(pgh_obj_id__in=keys, pgh_label="delete").order_by()
                named = rows.annotate(_what=Value(what), _key=F("pgh_obj_id"), _name=Cast(column, CharField()))
                parts.append(named.values_list("_what", "_key", "_name"))
        return {(what, key): name for what, key, name in parts[0].union(*parts[1:], all=True)} if parts else {}

    def of(self, what: str, key: Any) -> str:
        """Its name; of what nobody remembers, its number."""
        if what == "site":
            return self.site(key)
        if what == "user":
            return self.person(key)
        name = self._known.get((what, key))
        if what == "membership":
            return self.person(int(name)) if name else f"member {key}"
        return f"“{name}”" if name else f"{'picture' if what == 'image' else what} {key}"

    def person(self, key: int | None) -> str:
        if key is None:
            return "the platform"
        return str(self.people[key]) if key in self.people else f"somebody who is no longer there ({key})"

    def site(self, key: Any) -> str:
        return self.sites[key].name if key in self.sites else f"a site that is no longer there ({key})"

    def moment(self, text: str, site: Any) -> str:
        """As the site's editors tell the time; without a site, UTC."""
        zone = self.sites[site].zone if site in self.sites else ZoneInfo("UTC")
        moment = datetime.fromisoformat(text).astimezone(zone)
        return f"{moment.day} {moment:%B %Y, %H:%M %Z}"


def sites_of(tenant: Tenant) -> dict[int, NamedSite]:
    """By primary key, in the order of their names."""
    owned = Site.objects.filter(ownership__tenant=tenant).order_by("name", "domain")
    rows = owned.values_list("pk", "name", "domain", "brand__time_zone")
    return {key: NamedSite(name or domain, domain, ZoneInfo(zone or "UTC")) for key, name, domain, zone in rows}


def _referred(events: Iterable[Happened]) -> set[tuple[str, int]]:
    found: set[tuple[str, int]] = set()
    for event in events:
        if event.user_id is not None:
            found.add(("user", event.user_id))
        for row in (event.row, event.before or {}):
            found |= {(REFERS[name], value) for name, value in row.items() if name in REFERS and value is not None}
    return found
