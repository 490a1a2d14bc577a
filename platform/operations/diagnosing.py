"""What is the first thing wrong with a hostname, and what to do: row, proof, DNS, certificate and edge, in order."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import timezone

from domains.certificates.handshake import serial_met
from domains.checking import is_asked
from domains.dns import Seen, look_up, may_issue, points_here
from domains.models import Claim, Standing
from domains.wording import Told, told
from operations.explaining import Explanation
from sites_core.directory import directory
from sites_core.models import Hostname, SiteState
from tenants.scope import across_tenants

State = Hostname.State


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`wrong` is the first thing that is, "" if nothing; `remedy` what to do about it. What was not asked is None."""

    proof: dict[str, Any] | None = None
    dns: dict[str, Any] | None = None
    certificate: dict[str, Any] | None = None
    edge: dict[str, Any] | None = None
    pages: dict[str, Any] | None = None
    claims: list[dict[str, Any]] = field(default_factory=list)
    wrong: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class _Known:
    """What was found out about one name."""

    about: Explanation
    name: Told | None
    seen: Seen | None
    claims: list[Claim]
    # The serial that a handshake met; "" is none, None was not asked.
    serial: str | None


def diagnose(about: Explanation) -> Diagnosis:
    """Ask DNS and the edge about what was explained; takes as long as they do, at most some seconds."""
    known = _known(about)
    wrong, remedy = next(_faults(known), ("", ""))
    return Diagnosis(
        proof=_proof(known),
        dns=_dns(known),
        certificate=_certificate(known),
        edge=_edge(known),
        pages=_pages(about),
        claims=[_claim(one) for one in known.claims],
        wrong=wrong,
        remedy=remedy,
    )


def _known(about: Explanation) -> _Known:
    if about.hostname is None:
        return _Known(about, None, None, [], None)
    hostnames = list(Hostname.objects.filter(name=about.hostname).select_related("site__state", "standing"))
    with across_tenants("the operator sees every tenant's claims"):
        claims = list(Claim.objects.filter(name=about.hostname).select_related("site", "tenant").order_by("added_at"))
    name = told(hostnames)[0] if hostnames else None
    asked = [one for one in hostnames if is_asked(one)] or claims
    seen = look_up(about.hostname) if asked else None
    serial = (serial_met(about.hostname) or "") if name and settings.EDGE_TLS_ADDRESS else None
    return _Known(about, name, seen, claims, serial)


# --- What is wrong, the first thing first ----------------------------------------------------------------------------


def _faults(known: _Known) -> Iterator[tuple[str, str]]:
    about, name = known.about, known.name
    if name is None:
        yield from _faults_without_row(known)
        return
    if name.hostname and name.hostname.state in {State.QUARANTINED, State.PENDING}:
        yield (
            f"Its state is {name.hostname.state}: it is not served.",
            (f"`manage.py site claim {name.name}` asks for a fresh proof; in ops staff can vouch for it."),
        )
    yield from _faults_of_dns(known, name)
    if name.has_own_tls:
        yield from _faults_of_certificate(known, name)
    if about.outcome == "gone":
        yield about.because, f"`manage.py site retire {name.site.domain} --undo` serves it again."
    if not about.answered:
        yield about.because, "Ask where it is served: another process, or another deployment."


def _faults_without_row(known: _Known) -> Iterator[tuple[str, str]]:
    for one in known.claims:
        yield (
            f"{one.tenant.slug} claims it for {one.site.domain}, unproven: {one.problem or 'not looked for yet.'}",
            f"Set the TXT record _masthead.{one.name} to masthead={one.token}, then wait a moment.",
        )
    if not known.about.answered:
        closest = f" Did you mean {known.about.closest[0]}?" if known.about.closest else ""
        yield known.about.because, f"`manage.py site add` or `site alias` gives a site the name.{closest}"


def _faults_of_dns(known: _Known, name: Told) -> Iterator[tuple[str, str]]:
    if known.seen is None:
        return
    seen, standing = known.seen.told(), name.standing
    wanted = ", ".join(f"{one.type} {one.name} → {one.value}" for one in name.records if one.value)
    if standing and standing.proof == Standing.Proof.TXT and known.seen.proves(standing.token) is False:
        yield "The TXT record by which it was proven is gone.", f"Set it again: {wanted}"
    if points_here(seen) is False:
        found = [value for kind in ("CNAME", "A", "AAAA") for value in seen.get(kind, [])]
        yield f"It does not lead here: DNS says {', '.join(found) or 'no address'}.", f"Set: {wanted}"
    if name.has_own_tls and may_issue(seen) is False:
        yield "Its CAA records forbid the certificate.", f"Let {settings.ACME_CAA_DOMAIN} issue, or take them away."
    if known.seen.problem:
        yield known.seen.problem, "Ask again in a moment; DNS_RESOLVERS names the resolvers that are asked."


def _faults_of_certificate(known: _Known, name: Told) -> Iterator[tuple[str, str]]:
    one, order = name.certificate, name.order
    if one is None:
        why = (
            order.problem
            if order and order.problem
            else "it is not ordered yet"
            if order is None
            else "it is on its way"
        )
        due = f" The next attempt is at {order.due_at:%H:%M} UTC." if order and order.state == "waiting" else ""
        yield f"It has no certificate: {why.rstrip('.')}.{due}", "In ops, “Order again”; or wait where it waits."
    elif one.not_after <= timezone.now():
        yield f"Its certificate ended on {one.not_after:%d %B %Y}.", "See in ops why its renewal fails."
    elif name.ends_soon:
        yield name.next, "See in ops why its renewal fails."
    if one and known.serial == "":
        yield (
            "The edge shows no certificate for it.",
            "See that the edge polls: `manage.py edge show`, and Traefik's log.",
        )
    elif one and known.serial and known.serial != one.serial:
        yield "The edge shows another certificate than the newest.", "See that the edge polls: `manage.py edge show`."


# --- What was found --------------------------------------------------------------------------------------------------


def _proof(known: _Known) -> dict[str, Any] | None:
    standing = known.name.standing if known.name else None
    if standing is None:
        return None
    is_there = known.seen.proves(standing.token) if known.seen and standing.token else None
    return {
        "proof": standing.proof,
        "proven_at": standing.proven_at.isoformat() if standing.proven_at else None,
        "still_there": is_there,
        "failing_since": standing.failing_since.isoformat() if standing.failing_since else None,
    }


def _dns(known: _Known) -> dict[str, Any] | None:
    if known.seen is None:
        return None
    seen = known.seen.told()
    wanted = known.name.records if known.name else []
    return {
        "seen": {kind: values for kind, values in seen.items() if values},
        "expected": [{"type": one.type, "name": one.name, "value": one.value} for one in wanted if one.value],
        "leads_here": points_here(seen),
        "problem": known.seen.problem,
    }


def _certificate(known: _Known) -> dict[str, Any] | None:
    name = known.name
    if name is None or not (name.certificate or name.order):
        return None
    one, order = name.certificate, name.order
    return {
        "name": one.name if one else None,
        "serial": one.serial if one else None,
        "issuer": one.issuer if one else None,
        "not_after": one.not_after.isoformat() if one else None,
        "renew_at": one.renew_at.isoformat() if one else None,
        "order": f"{order.state}, attempt {order.attempts}" if order else None,
        "problem": order.problem if order else "",
    }


def _edge(known: _Known) -> dict[str, Any] | None:
    if known.name is None:
        return None
    served = known.name.name in directory.names().by_hostname
    newest = known.name.certificate.serial if known.name.certificate else None
    return {
        "address": settings.EDGE_TLS_ADDRESS or None,
        "in_document": served and newest is not None,
        "serial": known.serial or None,
        "is_newest": None if known.serial is None else bool(newest) and known.serial == newest,
    }


def _pages(about: Explanation) -> dict[str, Any] | None:
    """A page is held until its site changes: its age is the site's generation."""
    if about.site is None:
        return None
    generation = SiteState.objects.filter(site=about.site["id"]).values_list("generation", flat=True).first()
    known = directory.names().generations.get(about.site["id"])
    return {"generation": generation, "known_here": known}


def _claim(claim: Claim) -> dict[str, Any]:
    return {"tenant": claim.tenant.slug, "site": claim.site.domain, "problem": claim.problem}
