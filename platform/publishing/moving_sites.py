"""A site changes its tenant: the deed `move_site`, and before it what it would do, `planned`.

Brand, menus, hostnames, sections and the ledger of redirects go with the site. What is placed there belongs to a
tenant: it ends on the site, or goes along where it stands there alone. Everything by which the old tenant's people had
to do with the site ends, and nothing else of theirs is the new tenant's to see.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import Literal

import pghistory
from django.apps import apps
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from publishing import taking_along
from publishing.auditing import KINDS
from publishing.models import Article, Image, Placement, Preview, Proposal, Redirect, Section, TrustedSource
from publishing.placing import hold
from publishing.takeout.tables import Rows
from sites_core.models import Brand, MenuItem
from tenants.models import Invitation, InvitationSite, MembershipSite, Ownership, Tenant, User
from tenants.scope import across_tenants

Placements = Literal["move", "recall"]

# Somebody may place something on the site between two looks at what is there; so often it is looked again.
LOOKS = 5


class ChangedMeanwhile(ValidationError):
    """What would happen is no longer what was looked at."""


@dataclass(frozen=True)
class Plan:
    """What a move would do: how many rows go along, stay behind, and end.

    `leaving` and `going` are articles and static pages, `shown` those of the first that readers can open now. `before`
    is None where nobody owned the site.
    """

    site: Site
    before: Tenant | None
    after: Tenant
    placements: Placements
    going: int
    pictures: int
    remarks: int
    leaving: int
    shown: int
    elsewhere: int
    menu_items: int
    sections: int
    redirects: int
    redirects_ending: int
    members: int
    invitations: int
    proposals: int
    trusted: int
    previews: int
    claims: int

    @property
    def stamp(self) -> str:
        """Of what was looked at; another where anything of it is otherwise."""
        rows = [getattr(value, "pk", value) for value in (getattr(self, one.name) for one in fields(self))]
        return sha256(repr(rows).encode()).hexdigest()


def planned(*, site: Site, to: Tenant, placements: Placements = "recall") -> Plan:
    """What `move_site` would do now. Raises ValidationError where there is nothing to do."""
    with across_tenants("a site passes from one tenant to another"):
        ownership = Ownership.objects.filter(site=site).select_related("tenant").first()
        before = ownership.tenant if ownership else None
        if before == to:
            raise ValidationError(f"{site.domain} is a site of {to} already.")
        return _plan(site, before, to, placements)


def move_site(
    *, site: Site, to: Tenant, by: User | None, placements: Placements = "recall", expected: str | None = None
) -> Plan:
    """Give the site to another tenant, and tell what that did.

    With "recall" every placement on the site ends, readers get 404 there, and the articles stay with their tenant. With
    "move" the articles and static pages that are on this site alone go along, with their revisions, corrections,
    pictures, bylines and topics; what was remarked on them among colleagues ends. One transaction: a publish at the
    same moment comes before it, or fails. `expected` is the stamp of the plan that was looked at; raises
    ChangedMeanwhile where that is no longer what it would do.
    """
    who = {"user": by.pk} if by else {}
    with across_tenants("a site passes from one tenant to another"), transaction.atomic(), pghistory.context(**who):
        _hold(site, to)
        plan = planned(site=site, to=to, placements=placements)
        if expected is not None and plan.stamp != expected:
            raise ChangedMeanwhile(
                f"Meanwhile something has changed on {site.domain}: look again at what would happen."
            )
        _forget_who(site)
        if plan.before:
            if placements == "move":
                taking_along.take_along(_alone_on(site), site=site, before=plan.before, to=to)
            _end_placements(site, plan.before)
            _end_access(site, plan.before)
            _copy_logo(site, plan.before, to)
            Section.objects.filter(site=site).update(tenant=to)
            Redirect.objects.filter(site=site).update(tenant=to)
        Ownership.objects.update_or_create(site=site, defaults={"tenant": to})
        # Topics, bylines and pictures are looked up by the owner: every page may be another, whatever else changed.
        with connection.cursor() as cursor:
            cursor.execute("SELECT sites_core_next_generation(ARRAY[%s]::integer[])", [site.pk])
    return plan


# --- What would happen -----------------------------------------------------------------------------------------------


def _plan(site: Site, before: Tenant | None, to: Tenant, placements: Placements) -> Plan:
    there = Placement.objects.on(site)
    elsewhere = _elsewhere(site)
    going = _alone_on(site) if placements == "move" else Article.objects.none()
    leaving = there.filter(elsewhere) if placements == "move" else there
    paths = [f"/{slug}/" for slug in leaving.values_list("slug", flat=True)]
    ends = Redirect.objects.filter(site=site, target__in=paths).count()
    return Plan(
        site=site,
        before=before,
        after=to,
        placements=placements,
        going=going.count(),
        pictures=len(taking_along.pictures_of(going)) if before else 0,
        remarks=taking_along.remarks_on(going),
        leaving=leaving.count(),
        shown=leaving.live(timezone.now()).count(),
        elsewhere=there.filter(elsewhere).count(),
        menu_items=MenuItem.objects.filter(site=site, url__in=paths).count(),
        sections=Section.objects.filter(site=site).count(),
        redirects=Redirect.objects.filter(site=site).count() - ends,
        redirects_ending=ends,
        members=MembershipSite.objects.filter(site=site).count(),
        invitations=_only_here(site).count(),
        proposals=Proposal.objects.filter(site=site, state=Proposal.State.OPEN).count(),
        trusted=TrustedSource.objects.filter(Q(site=site) | Q(source=site)).count(),
        previews=Preview.objects.filter(site=site, expires_at__gt=timezone.now()).count(),
        claims=sum(rows.count() for rows in _of_other_features(site)),
    )


def _elsewhere(site: Site) -> Exists:
    """Of a placement: that its article is on another site too, published there or not."""
    return Exists(Placement.objects.filter(article=OuterRef("article")).exclude(site=site))


def _alone_on(site: Site) -> "models.QuerySet[Article]":
    return Article.objects.filter(pk__in=Placement.objects.on(site).filter(~_elsewhere(site)).values("article"))


def _only_here(site: Site) -> "models.QuerySet[Invitation]":
    """The open invitations that would be to no site."""
    others = InvitationSite.objects.filter(invitation=OuterRef("pk")).exclude(site=site)
    return Invitation.objects.filter(~Exists(others), limits__site=site, accepted_at=None, revoked_at=None)


def _of_other_features(site: Site) -> Iterator[Rows]:
    """What names the site together with its tenant in features that this one does not know, told by their models."""
    known = {Tenant._meta.app_label, Placement._meta.app_label}
    for model in apps.get_models():
        links = {one.related_model: one for one in model._meta.concrete_fields if isinstance(one, models.ForeignKey)}
        is_event = hasattr(model, "pgh_tracked_model")
        if {Site, Tenant} <= links.keys() and not is_event and model._meta.app_label not in known:
            yield Rows(model._meta.db_table, links[Site].column, [site.pk])


# --- What happens ----------------------------------------------------------------------------------------------------


def _hold(site: Site, to: Tenant) -> None:
    """As `placing.hold` does, whatever is placed on the site while it waits; then both tenants, as `inviting` does.

    Locks that were taken after a savepoint end with it, so that nothing is held out of order while waiting again.
    """
    for _ in range(LOOKS):
        savepoint = transaction.savepoint()
        articles = list(Article.objects.filter(pk__in=_on(site)).only("pk"))
        hold(articles, sites=[site.pk])
        if set(_on(site)) <= {article.pk for article in articles}:
            break
        transaction.savepoint_rollback(savepoint)
    else:
        raise ValidationError(f"Articles are being placed on {site.domain} all the time: try again in a moment.")
    owners = Ownership.objects.filter(site=site).values("tenant")
    both = Tenant.objects.select_for_update(no_key=True).filter(Q(pk=to.pk) | Q(pk__in=owners))
    list(both.order_by("pk").values_list("pk"))


def _on(site: Site) -> "models.QuerySet[Placement, int]":
    return Placement.objects.on(site).values_list("article", flat=True)


def _end_placements(site: Site, before: Tenant) -> None:
    """What of the old tenant's is still placed there. Of an article that is on other sites another becomes canonical,
    by trigger."""
    paths = [f"/{slug}/" for slug in Placement.objects.on(site).filter(tenant=before).values_list("slug", flat=True)]
    Redirect.objects.filter(site=site, target__in=paths).delete()
    with connection.cursor() as cursor:
        # The keys of what hangs on a placement do the rest; Django would load all of it.
        cursor.execute("DELETE FROM publishing_placement WHERE site_id = %s AND tenant_id = %s", [site.pk, before.pk])


def _end_access(site: Site, before: Tenant) -> None:
    """Everything by which people of the old tenant had to do with the site."""
    _only_here(site).update(revoked_at=timezone.now())
    of_tenant = {"tenant": before, "site": site}
    Proposal.objects.filter(**of_tenant).delete()
    TrustedSource.objects.filter(Q(site=site) | Q(source=site)).delete()
    Preview.objects.filter(**of_tenant).delete()
    MembershipSite.objects.filter(**of_tenant).delete()
    InvitationSite.objects.filter(**of_tenant).delete()
    for rows in _of_other_features(site):
        rows.delete()


def _copy_logo(site: Site, before: Tenant, to: Tenant) -> None:
    brand = Brand.objects.get(site=site)
    logo = Image.objects.filter(tenant=before, digest=brand.logo).first() if brand.logo else None
    if logo:
        taking_along.copy_pictures([logo], to=to)


def _forget_who(site: Site) -> None:
    """What was changed about the site itself is told to whoever owns it; who changed it is the old tenant's business.

    The database keeps it for the platform's staff, under `before_move` of the event's context.
    """
    with connection.cursor() as cursor:
        for kind in KINDS:
            if kind.owner == "site_id":
                cursor.execute(_ANONYMOUS.format(table=kind.table, site=kind.site), {"site": site.pk})
                cursor.execute(_RELABELLED.format(table=kind.table, site=kind.site), {"site": site.pk})


# A context's key is made of the one that it is a copy of, so that what one deed did stays together.
_COPY = "md5(context.id::text || ' of site ' || %(site)s)::uuid"
_ANONYMOUS = f"""
    INSERT INTO pghistory_context (id, created_at, updated_at, metadata)
    SELECT DISTINCT {_COPY}, context.created_at, context.updated_at,
           jsonb_build_object('before_move', context.metadata)
      FROM {{table}} event JOIN pghistory_context context ON context.id = event.pgh_context_id
     WHERE event.{{site}} = %(site)s AND NOT context.metadata ? 'before_move'
        ON CONFLICT DO NOTHING
"""  # noqa: S608 -- names of our own tables
_RELABELLED = f"""
    UPDATE {{table}} event SET pgh_context_id = {_COPY} FROM pghistory_context context
     WHERE context.id = event.pgh_context_id AND event.{{site}} = %(site)s AND NOT context.metadata ? 'before_move'
"""  # noqa: S608 -- names of our own tables
