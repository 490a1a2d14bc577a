"""What happened in a tenant: the events of all its models as one list, latest first.

Triggers write the events (`sites_core.history`), a table for each model. `happened` is one statement: of each table a
range of an index, together the latest few, and of these alone what the row says, what it said before, and who did it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal, NamedTuple

from django.apps import apps
from django.db import connection, models
from django.db.models.fields.json import KeyTextTransform
from pghistory.models import Context

from tenants.models import Ownership, Tenant

DEEDS, DEEDS_OF_A_KIND = 100, 1_000
"""Of one person, how many requests are looked at for one page; and how many where one kind is asked for."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One model's events. `owner` says by which column they are a tenant's: its own, its site's, or that they are about
    the tenant's row. `site` is the column that says which site they are about, if one does."""

    name: str
    label: str
    owner: Literal["tenant_id", "site_id", "id"] = "tenant_id"
    site: str = "site_id"

    @property
    def model(self) -> type[models.Model]:
        """Of the events."""
        return _models()[self.name]

    @property
    def table(self) -> str:
        return connection.ops.quote_name(self.model._meta.db_table)

    @property
    def has_site(self) -> bool:
        return any(field.column == self.site for field in self.model._meta.concrete_fields)


# In the order in which what one deed did is told: what it was for comes first.
KINDS = (
    Kind("Recall", "Recalls"),
    Kind("Proposal", "Proposals"),
    Kind("Correction", "Corrections"),
    Kind("Article", "Articles"),
    Kind("Placement", "Placements"),
    Kind("Preview", "Shared previews"),
    Kind("Redirect", "Redirects"),
    Kind("Section", "Sections"),
    Kind("Image", "Pictures"),
    Kind("Topic", "Topics"),
    Kind("Byline", "Bylines"),
    Kind("TrustedSource", "Trusted sources"),
    Kind("Invitation", "Invitations"),
    Kind("Membership", "Members"),
    Kind("MembershipSite", "Members’ sites"),
    Kind("Tenant", "Settings", "id"),
    # About the site's own row.
    Kind("Site", "Names of sites", "site_id", "pgh_obj_id"),
    Kind("Brand", "Brands", "site_id"),
    Kind("MenuItem", "Menus", "site_id"),
    Kind("Hostname", "Hostnames", "site_id"),
    Kind("Claim", "Claims of names"),
)


class Place(NamedTuple):
    """Where an event stands in the list: when it happened, then the number of its kind, then the latest first."""

    at: datetime
    kind: int
    number: int


class Happened(NamedTuple):
    """One event. `row` has the columns as they were then, of a deleted row for the last time; `before`, as the event
    before it left them, if there is one. `user_id` is None where the platform did it, or a command."""

    place: Place
    kind: str
    what: Literal["insert", "update", "delete", "takeout"]
    row: dict[str, Any]
    before: dict[str, Any] | None
    user_id: int | None
    url: str
    deed: str

    @property
    def changed(self) -> list[str]:
        """The names of the columns that say something else than before."""
        before = self.before or {}
        return [name for name, value in self.row.items() if name in before and before[name] != value]


class Part(NamedTuple):
    """Of the list, latest first, and from where it goes on; None at its end."""

    events: list[Happened]
    rest: Place | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events: of these kinds, on one site, by one person, about one article, from `since` to before `until`."""

    kinds: tuple[str, ...] = ()
    site_id: int | None = None
    sites: frozenset[int] | None = None
    user_id: int | None = None
    article_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


def happened(*, tenant: Tenant, wanted: Wanted, after: Place | None = None, limit: int = 30) -> Part:
    """At most `limit` events that follow `after`.

    A page of one person's can have fewer and yet not be the last: then the rest goes on where it stopped looking.
    """
    deeds = _deeds_of(wanted, after) if wanted.user_id else None
    found = _asked(tenant, wanted, after, limit + 1, deeds) if deeds is None or deeds.ids else []
    if len(found) > limit:
        return Part(found[:limit], found[limit - 1].place)
    return Part(found, deeds.rest if deeds else None)


def people_of(tenant: Tenant) -> list[int]:
    """The keys of everybody who has ever been a member."""
    return list(events("Membership").filter(tenant_id=tenant.pk).values_list("user_id", flat=True).distinct())


class _Deeds(NamedTuple):
    ids: list[str]
    rest: Place | None


def _deeds_of(wanted: Wanted, after: Place | None) -> _Deeds:
    """What somebody's requests are, latest first; and where to go on, if there are more."""
    found = Context.objects.alias(who=KeyTextTransform("user", "metadata")).filter(who=str(wanted.user_id))
    if wanted.until:
        found = found.filter(created_at__lt=wanted.until)
    if after:
        # Behind every kind: all that was done at that moment has been looked at.
        is_done = after.kind == len(KINDS)
        found = found.filter(created_at__lt=after.at) if is_done else found.filter(created_at__lte=after.at)
    most = DEEDS_OF_A_KIND if len(wanted.kinds) == 1 else DEEDS
    latest = list(found.order_by("-created_at").values_list("pk", "created_at")[: most + 1])
    rest = Place(latest[most - 1][1], len(KINDS), 0) if len(latest) > most else None
    return _Deeds([str(pk) for pk, _ in latest[:most]], rest)


def _asked(tenant: Tenant, wanted: Wanted, after: Place | None, limit: int, deeds: _Deeds | None) -> list[Happened]:
    kinds = [kind for kind in KINDS if _is_wanted(kind, wanted)]
    if not kinds:
        return []
    owned = _owned_sites(tenant, wanted) if any(kind.owner == "site_id" for kind in kinds) else []
    values: list[Any] = []
    ranges = []
    for kind in kinds:
        sql, more = _range(kind, tenant, owned, wanted, after, limit, deeds)
        ranges.append(sql)
        values += more
    rows = " ".join(f"WHEN {KINDS.index(kind)} THEN ({_row(kind)})" for kind in kinds)
    statement = f"""
        SELECT latest.kind, latest.pgh_id, latest.pgh_created_at, said.rows, context.id::text, context.metadata
        FROM (
            SELECT * FROM ({" UNION ALL ".join(ranges)}) every_kind
            ORDER BY pgh_created_at DESC, kind, pgh_id DESC LIMIT %s
        ) latest
        CROSS JOIN LATERAL (SELECT CASE latest.kind {rows} END AS rows) said
        LEFT JOIN pghistory_context context ON context.id = (said.rows -> 0 ->> 'pgh_context_id')::uuid
        ORDER BY latest.pgh_created_at DESC, latest.kind, latest.pgh_id DESC
    """  # noqa: S608 -- names of our own tables; every value is a parameter
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, limit])
        return [_event(*row) for row in cursor.fetchall()]


def _is_wanted(kind: Kind, wanted: Wanted) -> bool:
    if wanted.kinds and kind.name not in wanted.kinds:
        return False
    return kind.has_site if wanted.site_id or wanted.sites is not None else True


def _owned_sites(tenant: Tenant, wanted: Wanted) -> list[int]:
    owned = Ownership.objects.filter(tenant=tenant)
    if wanted.site_id:
        owned = owned.filter(site=wanted.site_id)
    return list(owned.values_list("site_id", flat=True))


def _range(
    kind: Kind, tenant: Tenant, owned: list[int], wanted: Wanted, after: Place | None, limit: int, deeds: _Deeds | None
) -> tuple[str, list[Any]]:
    """The first `limit` of one table, as keys: the index alone knows them."""
    number = KINDS.index(kind)
    conditions, values = _bounds(number, wanted, after)
    if wanted.article_id:
        conditions.append("event.article_id = %s")
        values.append(wanted.article_id)
    if wanted.site_id and kind.owner == "tenant_id":
        conditions.append("event.site_id = %s")
        values.append(wanted.site_id)
    if wanted.sites is not None:
        conditions.append(f"event.{kind.site} = ANY(%s)")
        values.append(sorted(wanted.sites))
    source, first = f"{kind.table} event", []
    if deeds is not None:
        # By deed: each has a few events, which an index knows.
        conditions += ["event.pgh_context_id = ANY(%s::uuid[])", f"event.{_owned_by(kind)}"]
        values += [deeds.ids, owned if kind.owner == "site_id" else tenant.pk]
    elif kind.owner == "site_id":
        # Site by site: of each the latest are a range, of all together they are not.
        inner = " AND ".join([f"event.{kind.site} = owned.site_id", *conditions])
        source = f"""unnest(%s::int[]) owned (site_id) CROSS JOIN LATERAL (
            SELECT event.pgh_id, event.pgh_created_at FROM {kind.table} event WHERE {inner}
            ORDER BY event.pgh_created_at DESC, event.pgh_id DESC LIMIT %s) event"""  # noqa: S608
        first, conditions, values = [owned, *values, limit], [], []
    else:
        conditions.append(f"event.{_owned_by(kind)}")
        values.append(tenant.pk)
    sql = f"""(SELECT {number} AS kind, event.pgh_id, event.pgh_created_at FROM {source}
        WHERE {" AND ".join(conditions) or "true"}
        ORDER BY event.pgh_created_at DESC, event.pgh_id DESC LIMIT %s)"""  # noqa: S608
    return sql, [*first, *values, limit]


def _owned_by(kind: Kind) -> str:
    return f"{kind.site} = ANY(%s)" if kind.owner == "site_id" else f"{kind.owner} = %s"


def _bounds(number: int, wanted: Wanted, after: Place | None) -> tuple[list[str], list[Any]]:
    conditions: list[str] = []
    values: list[Any] = []
    if wanted.since:
        conditions.append("event.pgh_created_at >= %s")
        values.append(wanted.since)
    if wanted.until:
        conditions.append("event.pgh_created_at < %s")
        values.append(wanted.until)
    if after:
        # Of the same moment: kinds before that of the last one are told, those after it are not yet.
        below = 0 if number < after.kind else after.number if number == after.kind else 2**31 - 1
        conditions.append("(event.pgh_created_at, event.pgh_id) < (%s, %s)")
        values += [after.at, below]
    return conditions, values


def _row(kind: Kind) -> str:
    """The event's columns, and those of the one before it about the same row."""
    return f"""SELECT jsonb_build_array(to_jsonb(event), (
            SELECT to_jsonb(past) FROM {kind.table} past
            WHERE past.pgh_obj_id = event.pgh_obj_id AND past.pgh_id < event.pgh_id
            ORDER BY past.pgh_id DESC LIMIT 1))
        FROM {kind.table} event WHERE event.pgh_id = latest.pgh_id"""  # noqa: S608


def _event(kind: int, number: int, at: datetime, rows: Any, deed: str | None, metadata: Any) -> Happened:
    row, before = json.loads(rows) if isinstance(rows, str) else rows
    about = (json.loads(metadata) if isinstance(metadata, str) else metadata) or {}
    user = about.get("user")
    return Happened(
        place=Place(at, kind, number),
        kind=KINDS[kind].name,
        what=row["pgh_label"],
        row=_columns(row),
        before=_columns(before) if before and before["pgh_label"] != "delete" else None,
        user_id=user if isinstance(user, int) else None,
        url=str(about.get("url") or ""),
        deed=deed or "",
    )


def _columns(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if not name.startswith("pgh_")}


def events(name: str) -> models.QuerySet[Any]:
    """Of the model of this name; where they are a tenant's, within its scope."""
    model: Any = _models()[name]
    found: models.QuerySet[Any] = model.objects.all()
    return found


@cache
def _models() -> dict[str, type[models.Model]]:
    """The events' models, by the name of what they are about."""
    return {
        model.__name__.removesuffix("Event"): model
        for app in (Tenant._meta.app_label, "publishing", "sites_core", "domains")
        for model in apps.get_app_config(app).get_models()
        if model.__name__.endswith("Event") and hasattr(model, "pgh_tracked_model")
    }


def tracked() -> Sequence[str]:
    """The names of all models that leave events: each is a kind, which a test holds."""
    return sorted(_models())
