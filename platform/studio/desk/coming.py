"""What appears next, on the sites in view."""

from datetime import datetime

from publishing.models import Placement
from studio.access import TenantRequest
from studio.placing.clocks import told, zone_of

SHOWN = 8


class Coming:
    """A scheduled placement, with its time on the site's own clock."""

    def __init__(self, placement: Placement) -> None:
        self.placement = placement
        self.title = placement.title or str(placement.article)
        self.article = placement.article_id
        self.site = placement.site
        self.zone = zone_of(placement.site.brand.time_zone)
        self.at: datetime | None = placement.go_live

    @property
    def when(self) -> str:
        return told(self.at, self.zone) if self.at else ""


def coming(request: TenantRequest, now: datetime) -> list[Coming]:
    """The next few, the soonest first."""
    scheduled = Placement.objects.filter(status=Placement.Status.PUBLISHED, go_live__gt=now)
    if request.sites is not None:
        scheduled = scheduled.filter(site__in=request.sites)
    told_of = scheduled.select_related("article", "site__brand").only(
        "title", "go_live", "article__title", "site__name", "site__domain", "site__brand__accent",
        "site__brand__time_zone",
    )  # fmt: skip
    return [Coming(one) for one in told_of.order_by("go_live", "pk")[:SHOWN]]
