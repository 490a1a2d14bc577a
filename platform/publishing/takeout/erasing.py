"""The deed `erase`: nothing of a tenant stays, and what says so has looked for it."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.sites.models import Site
from django.db import transaction

from publishing.takeout.tables import contexts_of, events_of, forget_contexts, rows_of
from tenants.leaving import tenant_leaves
from tenants.models import Membership, Tenant, User
from tenants.scope import across_tenants


@dataclass(frozen=True)
class Proof:
    """How many rows of the tenant there are, by table and column; files in its media folder; and, by e-mail address,
    who works for it and for nobody else."""

    rows: dict[str, int]
    files: int
    people: tuple[str, ...]

    @property
    def is_nothing(self) -> bool:
        return not any(self.rows.values()) and not self.files and not self.people


def census(tenant: Tenant) -> Proof:
    """What there is of the tenant: what `erase` would take away."""
    with across_tenants("what is counted is named by its tenant"):
        return _census(tenant.pk, _sites_of(tenant), [user.email for user in _people_of(tenant)])


def erase(*, tenant: Tenant) -> Proof:
    """Take away the tenant, its sites, texts and pictures, what was kept of changes, and the people who work for nobody
    else and are not the platform's. Returns what is left of it, which is nothing.

    One transaction; the files go last, since they cannot come back.
    """
    key, sites = tenant.pk, _sites_of(tenant)
    with across_tenants("what is erased is named by its tenant"):
        with transaction.atomic():
            people = {user.pk: user.email for user in _people_of(tenant)}
            tenant_leaves.send(erase, tenant_id=key, sites=sites)
            # The database checks keys at the end, so the order is free; but each deletion adds an event.
            for rows in rows_of(key, sites):
                rows.delete()
            User.objects.filter(pk__in=people).delete()
            events = events_of(key, sites)
            contexts = contexts_of(events)
            for rows in events:
                rows.delete()
            forget_contexts(contexts, events)
        shutil.rmtree(_media(key), ignore_errors=True)
        left = list(User.objects.filter(pk__in=people).values_list("email", flat=True))
        return _census(key, sites, left)


def _census(tenant_id: int, sites: list[int], people: list[str]) -> Proof:
    tables = [*rows_of(tenant_id, sites), *events_of(tenant_id, sites)]
    folder = _media(tenant_id)
    files = sum(1 for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else 0
    return Proof({str(rows): rows.count() for rows in tables}, files, tuple(people))


def _sites_of(tenant: Tenant) -> list[int]:
    return list(Site.objects.filter(ownership__tenant=tenant.pk).values_list("pk", flat=True))


def _people_of(tenant: Tenant) -> list[User]:
    """Who works for this tenant alone, and not for the platform."""
    elsewhere = Membership.objects.exclude(tenant=tenant.pk).values("user")
    here = Membership.objects.filter(tenant=tenant.pk).values("user")
    return list(User.objects.filter(pk__in=here, is_staff=False).exclude(pk__in=elsewhere).order_by("email"))


def _media(tenant_id: int) -> Path:
    return Path(settings.MEDIA_ROOT) / str(tenant_id)
