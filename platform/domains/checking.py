"""Looking at DNS and at the edge, and what follows for a claim or a hostname.

`look_for` a claim's proof; `look_at` a hostname: whether DNS still says what it should, whether its certificate is
served. DNS is asked outside of any transaction; what follows is decided with the name held.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from domains import mailing
from domains.certificates.wanted import covered, is_wanted, wildcard
from domains.claiming import SERVED, Stale, forget_certificate, give_up_address, hold, hold_sites, prove
from domains.dns import Seen, look_up, may_issue, points_here
from domains.models import GRACE, Certificate, Claim, Order, Standing, Tombstone
from domains.refusing import is_free
from events.emitting import emit
from sites_core.hostnames import unicode_hostname
from sites_core.models import Hostname
from sites_core.previews import is_for_previews, preview_host
from tenants.models import Tenant
from tenants.scope import across_tenants

# How long a claim's proof is looked for, and how often: at most so often while it is so old.
PATIENCE = timedelta(days=14)
PAUSES = (
    (timedelta(minutes=5), timedelta(seconds=5)),
    (timedelta(hours=1), timedelta(minutes=1)),
    (timedelta(days=1), timedelta(minutes=15)),
    (PATIENCE, timedelta(hours=2)),
)
# How often a hostname is looked at that is well, and one that is not.
DAILY, SOON = timedelta(days=1), timedelta(hours=1)
# Top-level domains of which no public resolver knows anything (RFC 6761). Of `.localhost` none does, ever.
OF_NO_DNS = ("test", "example", "invalid")
# When owners are told, in days after DNS lost the name, before it is served no longer.
WARNED_AFTER = (timedelta(0), timedelta(days=14), timedelta(days=23), timedelta(days=28))


def pause(age: timedelta) -> timedelta | None:
    """How long until the next look, at what is so old; None: it is not looked for any more."""
    return next((pause for until, pause in PAUSES if age < until), None)


# --- Claims ----------------------------------------------------------------------------------------------------------


def look_for(claim_id: int) -> timedelta | None:
    """Look for a claim's proof. When to look again; None: there is nothing more to look for."""
    with across_tenants("the proof is looked for in DNS, whoever claims the name"):
        claim = Claim.objects.filter(pk=claim_id).select_related("site", "tenant").first()
    if claim is None:
        return None
    seen = look_up(claim.name)
    proven, problem = _proven(claim, seen)
    if proven:
        return None
    again = pause(timezone.now() - claim.added_at)
    if again is not None:
        again = max(again, _share_of(claim.tenant_id))
    else:
        problem = f"The proof was not found within {PATIENCE.days} days, and is not looked for any more. {problem}"
    with across_tenants("the proof is looked for in DNS, whoever claims the name"):
        Claim.objects.filter(pk=claim.pk, token=claim.token).update(
            checked_at=seen.at, seen=seen.told(), problem=problem.strip()[:500], checks=claim.checks + 1
        )
    return again


def _share_of(tenant_id: int) -> timedelta:
    """How long a tenant's claims wait at least, so that together they ask for two looks a second at most."""
    with across_tenants("how many names of this tenant wait for their proof"):
        return timedelta(seconds=Claim.objects.filter(tenant=tenant_id).count() / 2)


def _proven(claim: Claim, seen: Seen) -> tuple[bool, str]:
    """Whether the claim has come to its end; if not, why, in a sentence."""
    if not seen.proves(claim.token):
        return False, _lacks(claim, seen)
    try:
        prove(claim=claim, seen=seen)
    except Stale:
        return False, "The name changed hands a moment ago; it is looked at again."
    except ValidationError as error:
        return False, " ".join(error.messages)
    return True, ""


def _lacks(claim: Claim, seen: Seen) -> str:
    if seen.problem:
        return seen.problem
    if seen.tokens:
        return "There is a TXT record, and its value is another one: copy the value once more."
    return f"No TXT record at _masthead.{claim.name} yet. A new record may take some minutes to be seen everywhere."


# --- Hostnames -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look at DNS says of a hostname. `well` None: not known, so that nothing follows."""

    well: bool | None
    # Whether the name leads to the edge, so that a certificate can be had.
    here: bool | None
    problem: str = ""


def look_at(name: str) -> timedelta | None:
    """Look at a hostname and do what follows. When to look again, if before its daily turn."""
    hostname = _hostname(name)
    if hostname is None:
        return None
    seen = look_up(name) if is_asked(hostname) else None
    verdict = judge(hostname, seen)
    served = _certificate(hostname, seen, verdict)
    settled = _settle(hostname, seen, verdict, served=served)
    return None if settled or settled is None else pause(timezone.now() - _since(hostname))


def is_asked(hostname: Hostname) -> bool:
    """Whether DNS is asked for the name: not for free ones, whose DNS is the platform's, nor for those of no DNS."""
    end = hostname.name.rpartition(".")[2]
    if is_free(hostname.name) or end == "localhost":
        return False
    return end not in OF_NO_DNS or bool(settings.DNS_RESOLVERS)


def judge(hostname: Hostname, seen: Seen | None) -> Verdict:
    """What DNS says, against what it should say."""
    if seen is None:
        return Verdict(well=True, here=True)
    standing = hostname.standing
    told = seen.told()
    here = points_here(told)
    astray = f"{unicode_hostname(hostname.name)} does not lead to this platform: {_where(told)}."
    if standing.proof != Standing.Proof.TXT:
        # Whose it is was said by staff: DNS may warn, and takes nothing away.
        return Verdict(well=True, here=here, problem=astray if here is False else seen.problem)
    proven = seen.proves(standing.token)
    if proven is False:
        gone = f"The TXT record at _masthead.{hostname.name} is gone, by which the name was proven."
        return Verdict(well=False, here=here, problem=gone)
    if here is False:
        # A name that never led here is waited for; one that did has been lost.
        return Verdict(well=not _has_led_here(hostname), here=False, problem=astray)
    return Verdict(well=None if proven is None or here is None else True, here=here, problem=seen.problem)


def _has_led_here(hostname: Hostname) -> bool:
    if hostname.state == Hostname.State.LIVE or hostname.standing.served_at:
        return True
    was = Hostname.pgh_event_model.objects.filter(pgh_obj_id=hostname.pk, state=Hostname.State.LIVE)  # type: ignore[attr-defined]
    return bool(was.exists())


def _where(told: dict[str, list[str]]) -> str:
    found = [*told.get("CNAME", []), *told.get("A", []), *told.get("AAAA", [])]
    return f"DNS says {', '.join(found[:6])}" if found else "DNS has no address for it"


def _certificate(hostname: Hostname, seen: Seen | None, verdict: Verdict) -> bool:
    """Order a certificate where one is to be had and there is none. Whether the edge serves one, as a handshake saw."""
    if not settings.ACME_DIRECTORY or hostname.state not in SERVED:
        return False
    from domains.certificates import handshake, ordering  # what looks at pages needs none of it

    name = hostname.name
    has_one = _has_certificate(name)
    if verdict.here and not has_one and (seen is None or may_issue(seen.told())):
        ordering.order(name=name, tenant=_tenant(hostname))
    if hostname.is_primary and not wildcard():
        # Its previews have a name of their own, which stands in no table.
        previews = preview_host(hostname.site_id)
        if not Certificate.objects.filter(name=previews).exists():
            ordering.order(name=previews, tenant=_tenant(hostname))
    return has_one and handshake.served(name)


def _settle(hostname: Hostname, seen: Seen | None, verdict: Verdict, *, served: bool) -> bool | None:
    """Write down what was seen, and what follows. Whether all is well; None: it is another's, or gone, meanwhile."""
    with transaction.atomic():
        hold([hostname.name])
        hold_sites([hostname.site_id])
        fresh = Hostname.objects.filter(pk=hostname.pk).select_related("site", "standing").first()
        if fresh is None or _is_newer(fresh.standing, hostname.standing):
            return None
        standing, now = fresh.standing, timezone.now()
        before = fresh.state
        standing.checked_at = now
        standing.seen = seen.told() if seen else {}
        standing.problem = _problem(seen, verdict)[:500]
        if served:
            standing.served_at = now
        if is_free(fresh.name):
            standing.proof, standing.token = Standing.Proof.FREE, ""
        if fresh.state != Hostname.State.QUARANTINED:
            _follow(fresh, verdict, now, served=served)
        # Not all at the same hour for ever.
        turn = SOON if standing.failing_since or verdict.well is None else DAILY
        standing.due_at = now + turn * random.uniform(0.9, 1.1)
        standing.save()
        if fresh.state != before:
            fresh.save(update_fields=["state"])
            if fresh.state == Hostname.State.QUARANTINED and fresh.is_primary:
                give_up_address(fresh)
        return fresh.state in {Hostname.State.LIVE, Hostname.State.QUARANTINED}


def _is_newer(fresh: Standing, looked_at: Standing) -> bool:
    """Whether it was proven anew, by whatever proof, since the look began: what was seen is of yesterday."""
    return (fresh.token, fresh.proof, fresh.proven_at) != (looked_at.token, looked_at.proof, looked_at.proven_at)


def _problem(seen: Seen | None, verdict: Verdict) -> str:
    if verdict.problem or seen is None:
        return verdict.problem
    if settings.ACME_DIRECTORY and may_issue(seen.told()) is False:
        return f"Its CAA records do not let {settings.ACME_CAA_DOMAIN} make its certificate."
    return ""


def _follow(hostname: Hostname, verdict: Verdict, now: datetime, *, served: bool) -> None:
    standing = hostname.standing
    if verdict.well is False:
        _fail(hostname, now)
    elif verdict.well:
        if standing.failing_since:
            standing.failing_since = standing.warned_at = None
            hostname.state = Hostname.State.VERIFIED
            mailing.found_again(hostname)
        if hostname.state == Hostname.State.VERIFIED and (served or not settings.ACME_DIRECTORY) and verdict.here:
            hostname.state = Hostname.State.LIVE
        elif hostname.state == Hostname.State.LIVE and settings.ACME_DIRECTORY and not _has_certificate(hostname.name):
            # It was live before certificates were ordered here, or has lost its own.
            hostname.state = Hostname.State.VERIFIED


def _has_certificate(name: str) -> bool:
    return Certificate.objects.filter(name=name).exists() or covered(name)


def _fail(hostname: Hostname, now: datetime) -> None:
    """DNS has lost it: grace, mails, and at its end quarantine."""
    standing = hostname.standing
    standing.failing_since = standing.failing_since or now
    ends = standing.failing_since + GRACE
    if now >= ends:
        hostname.state = Hostname.State.QUARANTINED
        standing.quarantined_at = now
        mailing.quarantined(hostname)
        return
    hostname.state = Hostname.State.GRACE
    passed = [standing.failing_since + after for after in WARNED_AFTER if standing.failing_since + after <= now]
    if passed and (standing.warned_at is None or standing.warned_at < passed[-1]):
        standing.warned_at = now
        mailing.lost(hostname, ends=ends)


def _hostname(name: str) -> Hostname | None:
    return Hostname.objects.filter(name=name).select_related("site", "standing").first()


def _since(hostname: Hostname) -> datetime:
    return max(hostname.added_at, hostname.standing.proven_at or hostname.added_at)


def _tenant(hostname: Hostname) -> Tenant | None:
    return Tenant.objects.filter(ownerships__site=hostname.site_id).first()


def look_now(of: Claim | Hostname) -> None:
    """Somebody asks: look within seconds, whenever the next look would be."""
    if isinstance(of, Claim):
        emit("domains.claim", once=f"domains.claim:{of.pk}", claim=of.pk)
    else:
        emit("domains.look", once=f"domains.look:{of.name}", name=of.name)


# --- What is due -----------------------------------------------------------------------------------------------------

# A minute's worth: a quarter of a million names a day.
PER_TURN = 200

# Chosen first and once: as a subquery of the update it may be run again for each row, with another limit each time.
_DUE = """
WITH due AS MATERIALIZED (
    SELECT hostname_id FROM domains_standing WHERE due_at <= now() ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED
)
UPDATE domains_standing standing SET due_at = now() + interval '1 day' + random() * interval '1 hour'
  FROM due JOIN sites_core_hostname hostname ON hostname.id = due.hostname_id
 WHERE standing.hostname_id = due.hostname_id
RETURNING hostname.name
"""


@transaction.atomic
def look_at_due() -> int:
    """Have those looked at whose turn has come, the longest overdue first; how many."""
    _hurry_those_without_certificate()
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [PER_TURN])
        names = sorted(name for (name,) in cursor.fetchall())
    for name in names:
        emit("domains.look", once=f"domains.look:{name}", name=name)
    return len(names)


def _hurry_those_without_certificate() -> None:
    """Of names that were live before certificates were ordered here, or whose certificate is gone, the turn is now."""
    if not settings.ACME_DIRECTORY:
        return
    there = Certificate.objects.filter(name=OuterRef("hostname__name"))
    live = Standing.objects.filter(hostname__state=Hostname.State.LIVE, due_at__gt=timezone.now())
    if covered(f"any.{settings.SITES_DOMAIN}"):
        live = live.exclude(proof=Standing.Proof.FREE)
    live.filter(~Exists(there)).update(due_at=timezone.now())


@transaction.atomic
def tidy() -> int:
    """Whatever way a hostname went, its key and its open order go too; how many names. So do tombstones."""
    Tombstone.objects.filter(until__lt=timezone.now()).delete()
    known = Hostname.objects.filter(name=OuterRef("name"))
    kept = Certificate.objects.filter(~Exists(known)).values_list("name", flat=True)
    waiting = Order.objects.filter(~Exists(known), state=Order.State.WAITING).values_list("name", flat=True)
    previewed = {preview_host(key) for key in Site.objects.values_list("pk", flat=True)}
    found = {*kept, *waiting}
    gone = [name for name in found if not is_wanted(name) or (is_for_previews(name) and name not in previewed)]
    forget_certificate(gone)
    return len(gone)
