"""The list's page: what was asked, what was found, and the addresses around it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404
from django.utils import timezone

from studio import paging
from studio.access import TenantRequest
from studio.listing.finding import ORDERS, Found, find
from studio.listing.forms import ListForm
from studio.listing.rows import Row, rows_of
from studio.paging import Position, TitlePosition


@dataclass(frozen=True, slots=True)
class Page:
    """`address` is the query of what was asked, without a position; the others are whole queries, empty for no page."""

    rows: list[Row]
    address: str
    newer: str = ""
    older: str = ""
    further: str = ""


def page_of(request: TenantRequest, form: ListForm) -> Page:
    """At most PAGE articles. A position that is none is a page that does not exist: Http404."""
    address = address_of(form)
    if not form.is_valid():
        return Page([], address)
    position, backwards = _position(request, form)
    query = form.query()
    if query is None:
        return Page([], address)
    found = find(query, paging.PAGE, position, backwards=backwards)
    rows = rows_of(request, found.articles, timezone.now(), int(form.cleaned_data["site"] or 0))
    newer, older = _around(found, position, backwards=backwards)
    on, back = _to(address, "after", "before")
    further = (back if backwards else on)(found.further)
    return Page(rows, address, newer=back(newer), older=on(older), further=further)


def address_of(form: ListForm) -> str:
    """The filters that are set, in their order, as a query."""
    return urlencode([(name, form.data[name]) for name in form.fields if form.data.get(name)])


def _position(request: TenantRequest, form: ListForm) -> tuple[Position | TitlePosition | None, bool]:
    kind = ORDERS[form.sorted_by].position
    after, before = request.GET.get("after"), request.GET.get("before")
    if after and before:
        raise Http404
    text = after or before
    return (kind.from_text(text) if text else None), bool(before)


def _around(found: Found, position: Position | TitlePosition | None, *, backwards: bool) -> tuple[str, str]:
    """The positions at which the page before and the page behind begin; empty where there is none."""
    behind = found.more or bool(found.further)
    if backwards:
        return (found.first if behind else ""), found.last
    return (found.first if position is not None else ""), (found.last if found.more else "")


def _to(address: str, *names: str) -> list["_Link"]:
    return [_Link(address, name) for name in names]


@dataclass(frozen=True, slots=True)
class _Link:
    address: str
    name: str

    def __call__(self, position: str) -> str:
        added = urlencode({self.name: position}) if position else ""
        return "?" + "&".join(filter(None, [self.address, added])) if added else ""
