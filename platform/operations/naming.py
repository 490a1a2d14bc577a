"""Names in the terminal: which there are, as tables and as JSON."""

from collections.abc import Iterator
from typing import Any

from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from rich import box
from rich.table import Table
from rich.text import Text

from domains.models import Claim
from domains.wording import Told, told
from operations.diagnosing import Diagnosis
from sites_core.models import Hostname
from tenants.models import Tenant
from tenants.scope import across_tenants


def every_name(*, site: Site | None = None, tenant: Tenant | None = None) -> list[Told]:
    """Hostnames and claims, of one site or one tenant where it is given. Where several claim one name, each is told."""
    hostnames = Hostname.objects.select_related("site__state", "standing")
    with across_tenants("the operator sees every tenant's claims"):
        claims = Claim.objects.select_related("site__state", "tenant")
        if site:
            hostnames, claims = hostnames.filter(site=site), claims.filter(site=site)
        if tenant:
            hostnames, claims = hostnames.filter(site__ownership__tenant=tenant), claims.filter(tenant=tenant)
        found = told(hostnames) + [Told(one.name, one.site, claim=one) for one in claims]
    return sorted(found, key=lambda one: (one.name, one.claim is not None))


def claim_of(name: str, slug: str | None) -> Claim:
    """The claim of a canonical name. Raises ValidationError where there is none, or more than one."""
    with across_tenants("the operator sees every tenant's claims"):
        claims = list(Claim.objects.filter(name=name).select_related("site", "tenant"))
    found = [one for one in claims if slug is None or one.tenant.slug == slug]
    if not found:
        raise ValidationError(f"No site has the name {name}, and nobody claims it.")
    if len(found) > 1:
        raise ValidationError(
            f"Several claim {name}: name one by --tenant {', '.join(one.tenant.slug for one in found)}."
        )
    return found[0]


def domains_table(names: list[Told]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("Name", "Site", "Role", "State", "Certificate until", "What to do"):
        table.add_column(heading, no_wrap=heading != "What to do")
    for one in names:
        until = f"{one.certificate.not_after:%Y-%m-%d}" if one.certificate else ""
        table.add_row(*map(Text, (one.shown, one.site.domain, one.role, one.word, until, one.next)))
    return table


def records_table(names: list[Told]) -> Table:
    """What is to be set in DNS."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("Type", "Name", "Value", "Why"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "Type")
    for name in names:
        for record in name.records:
            table.add_row(*map(Text, (record.type, record.name, record.value, record.why)))
    return table


def as_json(name: Told) -> dict[str, Any]:
    certificate = name.certificate
    return {
        "name": name.name,
        "site": name.site.domain,
        "role": name.role,
        "state": name.word,
        "next": name.next,
        "checked_at": name.checked_at.isoformat() if name.checked_at else None,
        "certificate_until": certificate.not_after.isoformat() if certificate else None,
        "records": [
            {
                "type": one.type, "name": one.name, "value": one.value, "found": list(one.found), "right": one.right
            }
            for one in name.records
        ],
    }  # fmt: skip


def diagnosis_lines(found: Diagnosis) -> Iterator[tuple[str, str | None]]:
    """As `site explain` shows them: what was not asked is not there, and what is wrong comes last, to be read first."""
    if found.proof:
        still = {True: ", still there", False: ", gone", None: ""}[found.proof["still_there"]]
        yield "proof", f"{found.proof['proof']}{still}"
    for one in found.claims:
        yield "claim", f"by {one['tenant']} for {one['site']}. {one['problem']}"
    if found.dns:
        seen = "; ".join(f"{kind} {', '.join(values)}" for kind, values in found.dns["seen"].items())
        leads = {True: "it leads here", False: "it does not lead here", None: "not known whether it leads here"}
        yield "DNS", f"{seen or 'nothing'} ({leads[found.dns['leads_here']]})"
    if made := found.certificate:
        until = f"{made['name']} until {made['not_after']}, by {made['issuer']}, serial {made['serial']}"
        yield "certificate", until if made["serial"] else "none"
        yield "order", f"{made['order']}. {made['problem']}" if made["order"] and not made["serial"] else None
    if found.edge:
        shows = {
            True: "shows the newest certificate",
            False: "shows another certificate, or none",
            None: "was not asked",
        }
        told_of = "is told of it" if found.edge["in_document"] else "is not told of a certificate"
        yield "edge", f"{told_of}; {shows[found.edge['is_newest']]}"
    if found.pages:
        yield "pages", f"of generation {found.pages['generation']}, until the site changes again"
    yield "wrong", found.wrong or "nothing"
    yield "to do", found.remedy
