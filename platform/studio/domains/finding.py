"""The tenant's names: one, or a page of them, as `domains.wording` tells them."""

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Collate
from django.http import Http404

from domains.models import Claim
from domains.wording import Told, told
from sites_core.models import Hostname
from studio.access import TenantRequest

PAGE = 40
_NAME = re.compile(r"[a-z0-9.-]{1,253}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: part of a name as an A-label, one site's names, those after a name."""

    words: str = ""
    site: int | None = None
    after: str = ""


def one_of(request: TenantRequest, name: str) -> Told:
    """The tenant's name; Http404 where it has none such, whoever else has."""
    if not _NAME.match(name):
        raise Http404
    found = told(_hostnames(request).filter(name=name), _claims().filter(name=name))
    if not found:
        raise Http404
    return found[0]


def page_of(request: TenantRequest, wanted: Wanted) -> tuple[list[Told], str]:
    """The names by the alphabet of their A-labels, and the one after which the next page begins, or ""."""
    hostnames: list[Hostname] = list(_narrowed(_hostnames(request), wanted)[: PAGE + 1])
    claims: list[Claim] = list(_narrowed(_claims(), wanted)[: PAGE + 1])
    shown = sorted({one.name for one in hostnames} | {one.name for one in claims})
    last = shown[PAGE - 1] if len(shown) > PAGE else ""
    rows = told(
        [one for one in hostnames if not last or one.name <= last],
        [one for one in claims if not last or one.name <= last],
    )
    return rows, last


def _hostnames(request: TenantRequest) -> QuerySet[Hostname]:
    owned = Hostname.objects.filter(site__ownership__tenant=request.tenant)
    return owned.select_related("site__state", "standing")


def _claims() -> QuerySet[Claim]:
    return Claim.objects.select_related("site__state")


def _narrowed(rows: QuerySet[Any], wanted: Wanted) -> QuerySet[Any]:
    # In the order of bytes, as Python sorts them, whatever the database's language is.
    rows = rows.annotate(place=Collate("name", "C"))
    if wanted.words:
        rows = rows.filter(name__contains=wanted.words)
    if wanted.site is not None:
        rows = rows.filter(site=wanted.site)
    if wanted.after:
        rows = rows.filter(place__gt=wanted.after)
    return rows.order_by("place")
