"""Who did what on which site."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from publishing.auditing import Part, Place, Wanted, happened
from studio.access import TenantRequest, needs
from studio.audit import sheets
from studio.audit.forms import Filters
from studio.audit.names import NamedSite, Names, sites_of
from studio.audit.telling import Told, told
from tenants.models import Tenant
from tenants.roles import Power
from tenants.scope import tenant_scope

PAGE = 30
# So often is looked further back for one page, where a person did much, but little of what is asked for.
_LOOKS = 2
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PLACE = re.compile(r"([0-9]{1,16})-([0-9]{1,2})-([0-9]{1,9})\Z", re.ASCII)


@require_safe
@needs(Power.MANAGE)
def audit(request: TenantRequest) -> HttpResponse:
    sites = sites_of(request.tenant)
    form = Filters(request.GET, tenant=request.tenant, sites=sites)
    part = Part([], None)
    if form.is_valid():
        part = _looked_for(request.tenant, form.wanted(), place_from(request.GET.get("after", "")))
    names = Names(sites, part.events)
    query = request.GET.copy()
    query.pop("after", None)
    context = {
        "form": form,
        "deeds": _by_deed([told(event, names) for event in part.events]),
        "rest": part.rest and place_text(part.rest),
        "query": query.urlencode(),
        "filtered": any(query.values()),
        "later": request.GET.get("after"),
    }
    return render(request, "studio/audit/audit.html", context)


@require_safe
@needs(Power.MANAGE)
def download(request: TenantRequest) -> Any:
    """The same as a table: read a part at a time while it is sent, so that its length costs no memory."""
    sites = sites_of(request.tenant)
    form = Filters(request.GET, tenant=request.tenant, sites=sites)
    if not form.is_valid():
        raise Http404
    rows = _told_in_parts(request.tenant, sites, form.wanted())
    name = f"{request.tenant.slug}-history-{timezone.now():%Y-%m-%d}.csv"
    response = StreamingHttpResponse(sheets.written(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def place_text(place: Place) -> str:
    return f"{(place.at - _EPOCH) // timedelta(microseconds=1)}-{place.kind}-{place.number}"


def place_from(text: str) -> Place | None:
    """What `place_text` gave; anything else is no page: Http404. None where nothing was given."""
    if not text:
        return None
    match = _PLACE.match(text)
    if match is None:
        raise Http404
    return Place(_EPOCH + timedelta(microseconds=int(match[1])), int(match[2]), int(match[3]))


def _looked_for(tenant: Tenant, wanted: Wanted, after: Place | None) -> Part:
    part = happened(tenant=tenant, wanted=wanted, after=after, limit=PAGE)
    for _ in range(_LOOKS - 1):
        if part.events or part.rest is None:
            break
        part = happened(tenant=tenant, wanted=wanted, after=part.rest, limit=PAGE)
    return part


def _by_deed(rows: list[Told]) -> list[list[Told]]:
    """What one request did at one moment stands together."""
    return [
        list(together) for _, together in groupby(rows, key=lambda row: (row.event.place.at, row.event.deed, row.who))
    ]


def _told_in_parts(tenant: Tenant, sites: dict[int, NamedSite], wanted: Wanted) -> Iterator[Told]:
    """In a scope of its own: it is run when the view has long returned."""
    after: Place | None = None
    left = sheets.MOST
    while left > 0:
        with tenant_scope(tenant):
            part = happened(tenant=tenant, wanted=wanted, after=after, limit=min(sheets.PART, left))
            names = Names(sites, part.events)
            rows = [told(event, names) for event in part.events]
        yield from rows
        left -= len(rows)
        after = part.rest
        if after is None:
            return
