"""What the placements panel shows: every site of the tenant as a row, in so few statements whatever their number."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.sites.models import Site
from django.db.models import Q, QuerySet
from django.utils import timezone

from publishing.arranging import stamp
from publishing.models import Article, Image, Placement, Proposal
from publishing.placing import OVERRIDES
from sites_core.origins import origin
from studio.access import TenantRequest
from studio.placing.clocks import offset_of, zone_of
from studio.standing import Standing, standing
from tenants.roles import Power

LABELS = {"title": "title", "summary": "summary", "image": "picture"}


@dataclass(frozen=True, slots=True)
class Own:
    """One field that the site says in its own words. `changed`: the article says something else than when it was
    written; `then` and `now` are what it said and says. Pictures are Image or None."""

    name: str
    label: str
    value: str | Image
    then: str | Image | None
    now: str | Image | None
    changed: bool


@dataclass(slots=True)
class Row:
    """One site. Where `open` is False the member's work does not extend to it: its name, and whether the article is
    placed there, is all that is known of it."""

    site: Site
    article: Article
    placement: Placement | None
    open: bool
    may_place: bool
    may_propose: bool
    now: datetime
    own: list[Own] = field(default_factory=list)
    proposal: Proposal | None = None
    # Of what was just done here.
    note: str = ""
    remarks: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    changed_meanwhile: bool = False

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.site.brand.time_zone)

    @property
    def offset(self) -> str:
        return offset_of((self.placement and self.placement.go_live) or self.now, self.zone)

    @property
    def stamp(self) -> str:
        return stamp(self.placement)

    @property
    def standing(self) -> str:
        """As a placement stands; "none" where there is none. Beyond the member's sites: "placed", where published."""
        if not self.open:
            return "placed" if _is_published(self.placement) else "none"
        return standing(self.placement, self.now).value if self.placement else "none"

    @property
    def stands(self) -> str:
        """The same in words."""
        if self.standing in {"none", "placed"}:
            return "not placed" if self.standing == "none" else self.standing
        return Standing(self.standing).word

    @property
    def go_live(self) -> datetime | None:
        return self._local(self.placement.go_live if self.placement else None)

    @property
    def expires_at(self) -> datetime | None:
        return self._local(self.placement.expires_at if self.placement else None)

    @property
    def go_live_told(self) -> str:
        return _told(self.go_live)

    @property
    def expires_at_told(self) -> str:
        return _told(self.expires_at)

    @property
    def url(self) -> str:
        """The reader's page, where there is one."""
        live = self.placement is not None and self.standing == Standing.LIVE
        return f"{origin(self.site.domain)}{self.placement.path}" if self.placement and live else ""

    @property
    def address(self) -> str:
        return f"{self.site.domain}{self.placement.path}" if self.placement else ""

    @property
    def is_retired(self) -> bool:
        return self.site.state.retired_at is not None

    @property
    def changed_beneath(self) -> bool:
        return any(one.changed for one in self.own)

    def _local(self, moment: datetime | None) -> datetime | None:
        return moment.astimezone(self.zone) if moment else None


def _told(local: datetime | None) -> str:
    """As in 3 Mar 2027, 08:00. Not a template's filter, which would tell it by the server's clock."""
    return f"{local.day} {local:%b %Y, %H:%M}" if local else ""


def sites_of(request: TenantRequest) -> QuerySet[Site]:
    """All of the tenant's, by domain, with what a row needs of them."""
    owned = Site.objects.filter(ownership__tenant=request.tenant)
    return owned.select_related("brand", "state").order_by("domain")


def panel(request: TenantRequest, article: Article, sites: Iterable[Site]) -> list[Row]:
    """A row for each of these sites: three statements, and one where there are pictures to compare."""
    sites = list(sites)
    keys = [site.pk for site in sites]
    placed = Placement.objects.filter(article=article, site__in=keys).select_related("section", "image")
    placements = {placement.site_id: placement for placement in placed}
    rows = [_row(request, article, site, placements.get(site.pk)) for site in sites]
    _compare(rows, article)
    _add_proposals(rows, article, request.user.pk)
    return rows


def row_of(request: TenantRequest, article: Article, site: Site) -> Row:
    return panel(request, article, [site])[0]


def _row(request: TenantRequest, article: Article, site: Site, placement: Placement | None) -> Row:
    is_open = request.sites is None or site.pk in request.sites
    may_place = is_open and request.membership.may_on(site.pk, Power.PLACE)
    if placement:
        placement.article, placement.site = article, site
    return Row(
        site=site,
        article=article,
        placement=placement,
        open=is_open,
        may_place=may_place,
        may_propose=not may_place and request.membership.may(Power.WRITE) and not _is_published(placement),
        now=timezone.now(),
    )


def _is_published(placement: Placement | None) -> bool:
    return placement is not None and placement.status == Placement.Status.PUBLISHED


def _compare(rows: list[Row], article: Article) -> None:
    """Fill in which fields each site says in its own words, and beneath which the article has changed."""
    pictured = [row.placement for row in rows if row.open and row.placement and row.placement.image_id]
    lead = {article.lead_image_id: article.lead_image} if article.lead_image else {}
    wanted = {placement.sources.get("image") for placement in pictured} - {None, *lead}
    pictures = {**(Image.objects.in_bulk(wanted) if wanted else {}), **lead}
    for row in rows:
        if row.open and row.placement:
            row.own = [_own(name, row.placement, article, pictures) for name in OVERRIDES if _says(row.placement, name)]


def _says(placement: Placement, name: str) -> bool:
    return bool(placement.image_id if name == "image" else getattr(placement, name))


def _own(name: str, placement: Placement, article: Article, pictures: dict[int, Image]) -> Own:
    now, then = getattr(article, OVERRIDES[name]), placement.sources.get(name)
    # Of what was written past the deeds nothing is known, so nothing is claimed.
    changed = name in placement.sources and now != then
    if name == "image":
        now, then = pictures.get(now), pictures.get(then)
    return Own(name, LABELS[name], getattr(placement, name), then, now, changed)


def _add_proposals(rows: list[Row], article: Article, member: int) -> None:
    """To each site the open proposal, or else the latest that was declined. Beyond the member's sites: their own."""
    asked = {row.site.pk: row for row in rows if not row.placement or not _is_published(row.placement)}
    known = Q(state=Proposal.State.OPEN) | Q(state=Proposal.State.DECLINED)
    proposals = Proposal.objects.filter(known, article=article, site__in=asked).select_related("proposed_by")
    # The open one comes last, and stays.
    for proposal in sorted(proposals, key=lambda one: (one.state == Proposal.State.OPEN, one.pk)):
        if asked[proposal.site_id].open or proposal.proposed_by_id == member:
            asked[proposal.site_id].proposal = proposal
