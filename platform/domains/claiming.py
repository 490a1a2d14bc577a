"""The deeds that decide whose a name is: claim, withdraw, prove, vouch, make_primary, release, quarantine.

Each is one transaction and begins by holding the names that it is about (an advisory lock of PostgreSQL's for each, in
the order of the alphabet), then the sites (their rows, in the order of their keys), and only then writes. Whoever else
wants the same waits there, so that no two of them decide at the same moment, and none waits for another in a circle.
What they change the database keeps (pghistory). What is refused raises ValidationError with a sentence.
"""

import secrets
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta

import pghistory
from django.conf import settings
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from domains.dns import Seen
from domains.models import TOMBSTONE, Certificate, Challenge, Claim, Order, Standing, Tombstone
from domains.refusing import claimable, is_free, refuse
from events.emitting import emit
from sites_core.hostnames import hostname_from_text
from sites_core.models import Hostname, SiteState
from tenants.models import Ownership, Tenant, User
from tenants.scope import across_tenants

TOKEN_BYTES = 24
# Each is looked for in DNS for two weeks: nobody needs more at a time.
MOST_CLAIMS = 1000
# Names of one site, and how many may come to it in a day: each is somebody else's no more, and each change of names is
# read by every process.
MOST_NAMES, MOST_NEW_A_DAY = 500, 50
# Of `django_site.domain`; an alias may be longer.
LONGEST_ADDRESS = 100
SERVED = (Hostname.State.VERIFIED, Hostname.State.LIVE, Hostname.State.GRACE)


class Stale(Exception):
    """What was seen in DNS is older than what has happened since: look again."""


# --- Deeds -----------------------------------------------------------------------------------------------------------


def claim(
    *, tenant: Tenant, site: Site, name: str, by: User | None, becomes_primary: bool = False, with_www: bool = False
) -> list[Claim]:
    """The tenant says that a name, in any spelling, is its own and for this site. Claims that wait for their proof.

    A free name needs none: it is the site's at once, and no claim is made. `with_www` claims `www.` and the name too.
    What the tenant has claimed for the site already is looked for anew. Whether somebody else holds the name is not
    told: the proof decides. `becomes_primary`: once it is proven.
    """
    canonical = claimable(name, tenant=tenant)
    if becomes_primary:
        _refuse_as_address(canonical)
    www = f"www.{canonical}"
    names = [canonical]
    if with_www and not is_free(canonical) and not canonical.startswith("www."):
        names.append(claimable(www, tenant=tenant))
    with _deciding(names, [site]):
        _refuse_foreign(site, tenant)
        if is_free(canonical):
            _refuse_too_many(site, canonical)
            _give(site=site, tenant=tenant, name=canonical, proof=Standing.Proof.FREE)
            if becomes_primary:
                _promote(site, canonical)
            return []
        return [_claim(tenant, site, one, by, becomes_primary=becomes_primary and one == canonical) for one in names]


def withdraw(*, claim: Claim) -> None:
    """The tenant no longer wants the name; its token is void."""
    with _deciding([claim.name], []):
        Claim.objects.filter(pk=claim.pk).delete()


def prove(*, claim: Claim, seen: Seen | None = None) -> Hostname:
    """The claim's token was seen in DNS: the name is the site's, and the claim ends.

    `seen` is what DNS said; None: nothing but this token, now. Whoever held the name loses it if their own token is no
    longer there, or if they had been quarantined. Raises Stale where the name changed hands after the look, or the
    claim is gone, and ValidationError where it stays with whom it is with.
    """
    at = seen.at if seen else timezone.now()
    tokens = seen.tokens if seen else frozenset()
    held = Hostname.objects.filter(name=claim.name).select_related("site").first()
    with _deciding([claim.name], [claim.site, *([held.site] if held else [])]):
        fresh = Claim.objects.filter(pk=claim.pk, token=claim.token).select_related("site", "tenant").first()
        holder = _holder(claim.name)
        if fresh is None or (
            holder and holder.site_id != claim.site_id and (not held or held.site_id != holder.site_id)
        ):
            raise Stale
        if holder and holder.site_id == fresh.site_id:
            hostname = _prove_again(holder, fresh)
        else:
            _refuse_too_many(fresh.site, fresh.name)
            if holder:
                _refuse_to_take(holder, tokens, at)
                _take_away(holder)
            hostname = _add(fresh.site, fresh.name)
            _stand(hostname, proof=Standing.Proof.TXT, token=fresh.token)
        if fresh.becomes_primary:
            _promote(fresh.site, fresh.name)
        Claim.objects.filter(pk=fresh.pk).delete()
        return hostname


def vouch(*, site: Site, name: str, by: User | None) -> Hostname:
    """Platform staff say that the name, in any spelling, is this site's: no proof is asked for.

    `by` is in what the database keeps of the change. A name that another tenant has, or had until lately, needs
    a proof all the same. A name of the site's own that was quarantined is served again.
    """
    canonical = hostname_from_text(name)
    refuse(canonical, likeness=False)
    with _said_by(by), _deciding([canonical], [site]):
        ownership = Ownership.objects.filter(site=site).select_related("tenant").first()
        proof = Standing.Proof.FREE if is_free(canonical) else Standing.Proof.VOUCHED
        return _give(site=site, tenant=ownership.tenant if ownership else None, name=canonical, proof=proof)


def make_primary(*, hostname: Hostname, tenant: Tenant | None = None) -> None:
    """The site is called by this name of its own from now on; its old name redirects there.

    `tenant`: whose site it still has to be, where a member asks.
    """
    with _deciding([hostname.name], [hostname.site]):
        fresh = _still(hostname)
        if tenant is not None:
            _refuse_foreign(fresh.site, tenant)
        if fresh.state not in SERVED:
            raise ValidationError(f"{fresh.name} is not served: prove first that it is yours.")
        _promote(fresh.site, fresh.name)


def release(*, hostname: Hostname, tenant: Tenant | None = None) -> None:
    """Let a name go: it is served no longer, its tokens are void, and for 30 days nobody gets it without a proof.

    `tenant`: whose site it still has to be, where a member asks.
    """
    with _deciding([hostname.name], [hostname.site]):
        fresh = _still(hostname)
        if tenant is not None:
            _refuse_foreign(fresh.site, tenant)
        if fresh.is_primary:
            raise ValidationError(
                f"{fresh.name} is what the site is called: choose another name for it first, then let this one go."
            )
        owner = Tenant.objects.filter(ownerships__site=fresh.site_id).first()
        with across_tenants("the claims of one name, of its own tenant"):
            Claim.objects.filter(tenant=owner, name=fresh.name).delete()
        fresh.delete()
        forget_certificate([fresh.name])


def quarantine(*, hostname: Hostname) -> None:
    """Serve the name no longer, though its site keeps it: whoever proves it, its tenant or another, gets it."""
    with _deciding([hostname.name], [hostname.site]):
        fresh = _still(hostname)
        fresh.state = Hostname.State.QUARANTINED
        fresh.save(update_fields=["state"])
        Standing.objects.filter(pk=fresh.pk).update(quarantined_at=Now())
        if fresh.is_primary:
            give_up_address(fresh)


def forget_certificate(names: Iterable[str]) -> None:
    """Keys, orders and challenges of names that are nobody's here any more. Orders that were done are kept: they count
    against the authority's limits."""
    names = list(names)
    Certificate.objects.filter(name__in=names).delete()
    Challenge.objects.filter(name__in=names).delete()
    Order.objects.filter(name__in=names, state=Order.State.WAITING).delete()


@contextmanager
def _said_by(user: User | None) -> Iterator[None]:
    with pghistory.context(user=user.pk) if user else nullcontext():
        yield


# --- Holding ---------------------------------------------------------------------------------------------------------


@contextmanager
def _deciding(names: Iterable[str], sites: Iterable[Site]) -> Iterator[None]:
    with transaction.atomic(), across_tenants("a name may be wanted by several tenants"):
        hold(names)
        hold_sites({site.pk for site in sites})
        yield


def hold(names: Iterable[str]) -> None:
    """Until the end of this transaction nobody else decides about these names."""
    with connection.cursor() as cursor:
        for name in sorted(set(names)):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"domains.name:{name}"])


def hold_sites(keys: Collection[int]) -> None:
    """Until the end of this transaction nobody else decides what these sites are called, or whose they are.

    Their states, too, before any name is written: the directory's one row, which triggers write, comes last for all.
    """
    # Not FOR UPDATE: whoever refers to a site need not wait.
    list(Site.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
    states = SiteState.objects.select_for_update(no_key=True).filter(site__in=keys).order_by("site_id")
    list(states.values_list("pk", flat=True))


def _still(hostname: Hostname) -> Hostname:
    fresh = Hostname.objects.filter(pk=hostname.pk, site=hostname.site_id).select_related("site").first()
    if fresh is None:
        raise ValidationError(f"{hostname.name} is no longer a name of this site.")
    return fresh


def _holder(name: str) -> Hostname | None:
    return Hostname.objects.filter(name=name).select_related("site", "standing").first()


# --- What the deeds have in common -----------------------------------------------------------------------------------


def _claim(tenant: Tenant, site: Site, name: str, by: User | None, *, becomes_primary: bool) -> Claim:
    _refuse_own(tenant, site, name)
    found = Claim.objects.filter(tenant=tenant, name=name).first()
    if found is None:
        _refuse_too_many(site, name)
        if Claim.objects.filter(tenant=tenant).count() >= MOST_CLAIMS:
            raise ValidationError(f"{MOST_CLAIMS} names wait for their proof already: withdraw some first.")
        found = Claim.objects.create(
            tenant=tenant, site=site, name=name, token=secrets.token_urlsafe(TOKEN_BYTES),
            becomes_primary=becomes_primary, added_by=by, added_at=timezone.now(),
        )  # fmt: skip
    elif found.site_id != site.pk:
        raise ValidationError(f"{name} is claimed for {found.site.domain} already: withdraw that claim first.")
    else:
        found.becomes_primary = found.becomes_primary or becomes_primary
        found.added_at, found.checks, found.problem = timezone.now(), 0, ""
        found.save(update_fields=["becomes_primary", "added_at", "checks", "problem"])
    emit("domains.claim", once=f"domains.claim:{found.pk}", claim=found.pk)
    return found


def _refuse_own(tenant: Tenant, site: Site, name: str) -> None:
    """What the tenant has already; what others have is not told."""
    held = _holder(name)
    if held is None or held.state == Hostname.State.QUARANTINED:
        return
    if held.site_id == site.pk:
        raise ValidationError(f"{name} is a name of this site already.")
    if Ownership.objects.filter(site=held.site_id, tenant=tenant).exists():
        raise ValidationError(f"{name} is a name of {held.site.domain} already: let it go there first.")


def _refuse_too_many(site: Site, name: str) -> None:
    if Hostname.objects.filter(site=site, name=name).exists():
        return
    lately = timezone.now() - timedelta(days=1)
    came = Hostname.pgh_event_model.objects.filter(  # type: ignore[attr-defined]  # pghistory's own
        site=site, pgh_label="insert", pgh_created_at__gt=lately
    )
    if came.count() >= MOST_NEW_A_DAY or Hostname.objects.filter(site=site).count() >= MOST_NAMES:
        raise ValidationError("This site has had as many names as it may for now: ask the platform's staff.")


def _refuse_foreign(site: Site, tenant: Tenant) -> None:
    if not Ownership.objects.filter(site=site, tenant=tenant).exists():
        raise ValidationError("There is no such site.")


def _give(*, site: Site, tenant: Tenant | None, name: str, proof: Standing.Proof) -> Hostname:
    """Without a proof, so only what nobody else has, nor had until lately."""
    held = _holder(name)
    if held and held.site_id != site.pk:
        if not _is_forfeit(held):
            raise _taken(name)
        _take_away(held)
        held = None
    if held is None:
        refuse_buried(name, tenant)
    hostname = held or _add(site, name)
    if hostname.state == Hostname.State.QUARANTINED:
        hostname.state = Hostname.State.VERIFIED
        hostname.save(update_fields=["state"])
    _stand(hostname, proof=proof, token="")
    return hostname


def refuse_buried(name: str, tenant: Tenant | None) -> None:
    """Raise ValidationError for a canonical name that another tenant had until lately, or nobody knows who."""
    buried = Tombstone.objects.filter(name=name, until__gt=timezone.now()).first()
    if buried and (tenant is None or buried.tenant_id != tenant.pk):
        raise ValidationError(
            f"{name} was somebody else's until lately, and is kept from others until {buried.until:%-d %B %Y}. "
            "Platform staff may lift that in ops, under Tombstones."
        )


def _is_forfeit(held: Hostname) -> bool:
    """Quarantined for so long that not even a tombstone would stand."""
    since = held.standing.quarantined_at
    return held.state == Hostname.State.QUARANTINED and since is not None and since + TOMBSTONE < timezone.now()


def _add(site: Site, name: str) -> Hostname:
    try:
        # A savepoint: a Site row that was added meanwhile must not break the transaction around this one.
        with transaction.atomic():
            return Hostname.objects.create(site=site, name=name)
    except IntegrityError as error:
        raise _taken(name) from error


def _stand(hostname: Hostname, *, proof: Standing.Proof, token: str) -> None:
    """The standing that came with the row is of this proof; what was wrong before is over."""
    Standing.objects.filter(pk=hostname.pk).update(
        proof=proof, token=token, proven_at=timezone.now(), due_at=Now(), failing_since=None, warned_at=None,
        quarantined_at=None, problem="",
    )  # fmt: skip
    emit("domains.look", once=f"domains.look:{hostname.name}", name=hostname.name)


def _prove_again(hostname: Hostname, claim: Claim) -> Hostname:
    """The site has the name, and has shown again that it is its own."""
    if hostname.state not in SERVED:
        hostname.state = Hostname.State.VERIFIED
        hostname.save(update_fields=["state"])
    _stand(hostname, proof=Standing.Proof.TXT, token=claim.token)
    return hostname


def _refuse_to_take(held: Hostname, tokens: frozenset[str], at: datetime) -> None:
    """Whether the name stays with whom it is with, although another's proof is in DNS."""
    standing = held.standing
    if held.state == Hostname.State.QUARANTINED:
        return
    if standing.proof != Standing.Proof.TXT:
        raise ValidationError(
            f"The proof of {held.name} is there, but platform staff gave the name to a site already: ask them."
        )
    if standing.proven_at and standing.proven_at >= at:
        raise Stale
    if standing.token in tokens:
        raise ValidationError(
            f"DNS has another proof of {held.name} beside yours, by which a site has it already: take that record away."
        )


def _take_away(held: Hostname) -> None:
    """From the site that has it; a site that is called by it is called by another of its names, or a free one."""
    if held.is_primary:
        give_up_address(held)
    Hostname.objects.filter(pk=held.pk).delete()


def give_up_address(held: Hostname) -> None:
    """The site is called by another of its names: what lapsed may be somebody else's, and aliases redirect to the
    address."""
    others = Hostname.objects.filter(site=held.site_id, state__in=SERVED).exclude(pk=held.pk).order_by("added_at")
    _promote(held.site, others.values_list("name", flat=True).first() or _name_of_last_resort(held.site_id))


def _name_of_last_resort(site_id: int) -> str:
    """Kept for this: nobody may claim it."""
    return f"site-{site_id}.{settings.SITES_DOMAIN}"


def _promote(site: Site, name: str) -> None:
    """Triggers do the rest: the old name stays as an alias, and a name of last resort becomes a hostname."""
    _refuse_as_address(name)
    if site.domain != name:
        Site.objects.filter(pk=site.pk).update(domain=name)
        site.domain = name


def _refuse_as_address(name: str) -> None:
    if len(name) > LONGEST_ADDRESS:
        raise ValidationError(
            f"{name} has {len(name)} characters, and a site's address {LONGEST_ADDRESS} at most: it can be an alias."
        )


def _taken(name: str) -> ValidationError:
    # Whose it is, is nobody else's business.
    return ValidationError(f"{name} already belongs to a site.")
