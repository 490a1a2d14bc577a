"""What happened to a name: what people and the platform did, and which attempts at its certificate failed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from pghistory.models import Context

from domains.models import Order
from domains.wording import Told
from publishing.auditing import events
from studio.access import TenantRequest
from tenants.models import User

SHOWN = 20


class Happened(NamedTuple):
    at: datetime
    what: str
    who: str = ""
    problem: str = ""


def history_of(request: TenantRequest, name: Told) -> list[Happened]:
    """The latest first. Five statements at most."""
    owned = request.tenant.ownerships.values("site")
    hostnames = list(events("Hostname").filter(site__in=owned, name=name.name).order_by("-pgh_id")[: SHOWN + 1])
    claims = list(events("Claim").filter(name=name.name).order_by("-pgh_id")[: SHOWN + 1])
    who = _people([*hostnames, *claims])
    found = [*_of_hostname(hostnames, who), *_of_claim(claims, who), *_orders(name)]
    return sorted(found, key=lambda one: one.at, reverse=True)[:SHOWN]


def _of_hostname(events: list[Any], who: dict[Any, str]) -> Iterator[Happened]:
    for event, before in zip(events, [*events[1:], None], strict=False):
        yield Happened(event.pgh_created_at, _hostname_told(event, before), who.get(event.pgh_context_id, ""))


def _hostname_told(event: Any, before: Any) -> str:
    if event.pgh_label == "insert":
        return "Became a name of the site"
    if event.pgh_label == "delete":
        return "Taken away from the site"
    if before is None or event.state != before.state:
        return {
            "verified": "On its way: its proof is good",
            "live": "Live",
            "grace": "In grace: DNS lost it",
            "quarantined": "Quarantined: no longer served",
        }.get(event.state, f"Set to {event.state}")
    return "Changed"


def _of_claim(events: list[Any], who: dict[Any, str]) -> Iterator[Happened]:
    for event in events:
        said = {"insert": "Added; its proof is looked for", "delete": "No longer looked for: proven, or withdrawn"}
        yield Happened(event.pgh_created_at, said.get(event.pgh_label, "Changed"), who.get(event.pgh_context_id, ""))


def _orders(name: Told) -> Iterator[Happened]:
    if name.hostname is None:
        return
    for order in Order.objects.filter(name=name.name, added_at__gte=name.hostname.added_at).order_by("-id")[:SHOWN]:
        if order.state == Order.State.DONE:
            yield Happened(
                order.ended_at or order.added_at, "Certificate renewed" if order.renewal else "Certificate made"
            )
        elif order.state == Order.State.FAILED:
            at = order.ended_at or order.tried_at or order.added_at
            yield Happened(at, "No certificate could be made", problem=order.problem)


def _people(events: list[Any]) -> dict[Any, str]:
    """Who did it, by the key of the context; what no request did is the platform's own doing."""
    wanted = {event.pgh_context_id for event in events if event.pgh_context_id}
    contexts = (
        {one.pk: (one.metadata or {}).get("user") for one in Context.objects.filter(pk__in=wanted)} if wanted else {}
    )
    people = {one.pk: str(one) for one in User.objects.filter(pk__in={user for user in contexts.values() if user})}
    return {key: people[user] for key, user in contexts.items() if user in people}
