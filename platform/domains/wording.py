"""How a name does, in words: its state, what to do next, the steps that are behind it and before it.

For people of the studio, of ops and of the terminal alike. Nothing is asked of anybody: it is what was seen last.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst

from domains.checking import PATIENCE
from domains.dns import points_here
from domains.facts import Facts, of_names
from domains.models import GRACE, TOMBSTONE, Claim, Order, Standing
from sites_core.hostnames import unicode_hostname
from sites_core.models import Hostname

_DAY = "%-d %B %Y"
# Types of records that say where a name leads.
_LEADING = ("CNAME", "A", "AAAA")


class Tone(StrEnum):
    """Whether somebody has to do something: nothing, wait, or else readers will miss it."""

    GOOD = "good"
    WAIT = "wait"
    BAD = "bad"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Step:
    """One of the steps to a name that is live. `done`: True or False; None where that is not known yet."""

    label: str
    done: bool | None
    said: str

    @property
    def mark(self) -> str:
        return {True: "done", False: "wrong", None: "waits"}[self.done]


@dataclass(frozen=True, slots=True)
class Told(Facts):
    """Facts, and what people are told of them."""

    @property
    def word(self) -> str:
        """The state in a word or two."""
        if self.hostname is None or self.unproven:
            return "unproven"
        if self.is_served and self.is_retired:
            return "retired"
        return {"verified": "on its way", "pending": "unproven"}.get(self.hostname.state, str(self.hostname.state))

    @property
    def tone(self) -> Tone:
        if self.word in {"grace", "quarantined"}:
            return Tone.BAD
        if self.word == "retired":
            return Tone.OFF
        return Tone.GOOD if self.word == "live" and not self.ends_soon else Tone.WAIT

    @property
    def is_under_way(self) -> bool:
        """Whether something changes by itself soon, so that what is shown is asked for again."""
        waits = self.order is not None and self.order.state == Order.State.WAITING
        if self.unproven:
            return is_looked_for(self.unproven)
        return self.word == "on its way" or waits or self.checked_at is None

    @property
    def next(self) -> str:
        """A sentence or two: what to do, and what happens then."""
        if self.unproven:
            return _to_prove(self, self.unproven)
        if self.word == "retired":
            return f"{self.site.name} is retired: every name of it answers that it is gone."
        tell = _OF_STATE.get(self.hostname.state if self.hostname else "")
        return tell(self) if tell else "It is not proven yet."

    @property
    def steps(self) -> list[Step]:
        steps = [_proven(self), _leads_here(self)]
        if self.has_own_tls:
            steps.append(_certified(self))
        return [*steps, _live(self)]


def told(hostnames: Iterable[Hostname], claims: Iterable[Claim] = ()) -> list[Told]:
    """Of each name one, by name; what they come with, and what it costs, says `facts.of_names`."""
    known: list[dict[str, Any]] = of_names(hostnames, claims)
    return [Told(**fields) for fields in known]


def is_looked_for(claim: Claim) -> bool:
    """Whether the claim's proof is still looked for without being asked."""
    return timezone.now() < claim.added_at + PATIENCE


# --- What to do next -------------------------------------------------------------------------------------------------


def _to_prove(name: Facts, claim: Claim) -> str:
    if claim.checked_at is None:
        return (
            "Set the records below where the DNS of the domain is kept. They are looked for from now on, by themselves."
        )
    said = claim.problem or "The TXT record has not been seen yet."
    return f"{said} It is looked for by itself." if is_looked_for(claim) else said


def _to_go_live(name: Facts) -> str:
    if points_here(name.seen) is False:
        return f"It is proven, and does not lead here yet. {name.problem or 'Set the records that are marked below.'}"
    if not name.has_own_tls or name.certificate:
        return name.problem or "The edge takes it up now; nothing is to be done."
    if name.order and name.order.problem:
        again = "It is tried again by itself." if name.order.state == Order.State.WAITING else "It was given up."
        return f"The certificate could not be made. {name.order.problem} {again}"
    return name.problem or "Its certificate is made; that takes some seconds, and nothing is to be done."


def _alive(name: Facts) -> str:
    if name.ends_soon and name.certificate:
        why = f" {name.order.problem}" if name.order and name.order.problem else ""
        return f"Its certificate ends on {name.certificate.not_after.strftime(_DAY)} and is not renewed yet.{why}"
    redirects = f"It redirects to {unicode_hostname(name.site.domain)}. "
    return name.problem or f"{'' if name.is_primary else redirects}Nothing is to be done."


def _in_grace(name: Facts) -> str:
    standing = name.standing
    end = f"by {(standing.failing_since + GRACE).strftime(_DAY)}" if standing and standing.failing_since else "soon"
    problem = name.problem or "DNS does not lead here any more."
    return f"{problem} Set the records right {end}; after that it is not served any more."


def _quarantined(name: Facts) -> str:
    since = name.standing.quarantined_at if name.standing else None
    kept = f" Until {(since + TOMBSTONE).strftime(_DAY)} nobody gets it without a proof." if since else ""
    return f"It is not served: DNS did not lead here for {GRACE.days} days. To have it back, add it anew.{kept}"


_OF_STATE: dict[str, Callable[[Facts], str]] = {
    Hostname.State.VERIFIED: _to_go_live,
    Hostname.State.LIVE: _alive,
    Hostname.State.GRACE: _in_grace,
    Hostname.State.QUARANTINED: _quarantined,
}


# --- The steps -------------------------------------------------------------------------------------------------------


def _proven(name: Facts) -> Step:
    if name.unproven:
        said = "The TXT record is not there yet" if name.unproven.checked_at else "The TXT record is looked for"
        return Step("Proven", None, said)
    if name.hostname and name.hostname.state == Hostname.State.QUARANTINED:
        return Step("Proven", done=False, said="The proof is no longer good")
    standing = name.standing
    said = capfirst(Standing.Proof(standing.proof).label) if standing else "By its row"
    return Step("Proven", done=True, said=said)


def _leads_here(name: Facts) -> Step:
    leads = points_here(name.seen)
    if leads is None:
        is_live = name.hostname is not None and name.hostname.state == Hostname.State.LIVE
        return Step("Leads here", is_live or None, "Not asked of DNS" if is_live else "Not known yet")
    found = ", ".join(one for kind in _LEADING for one in name.seen.get(kind, []))
    if not (leads or found) and name.unproven:
        return Step("Leads here", None, "No address in DNS yet")
    return Step("Leads here", leads, found or "No address in DNS")


def _certified(name: Facts) -> Step:
    if one := name.certificate:
        return Step("Certificate", done=True, said=f"Until {one.not_after.strftime(_DAY)}, by {one.issuer}")
    if name.order is None:
        return Step("Certificate", None, "Made as soon as the name leads here")
    given_up = name.order.state == Order.State.FAILED
    said = name.order.problem or ("Given up" if given_up else "Ordered")
    return Step("Certificate", done=False if given_up else None, said=said)


def _live(name: Facts) -> Step:
    is_live = name.hostname is not None and name.hostname.state in {Hostname.State.LIVE, Hostname.State.GRACE}
    if is_live and name.is_retired:
        return Step("Live", done=False, said="The site is retired")
    served = "Readers are served, over TLS" if name.has_own_tls else "Readers are served"
    return Step("Live", is_live or None, served if is_live else "Not yet")
