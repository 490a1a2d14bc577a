"""What is said after a deed, in an editor's words."""

from collections.abc import Iterable

from django.contrib.sites.models import Site
from django.utils import timezone

from publishing.arranging import Do
from publishing.models import Placement
from studio.placing.clocks import told, zone_of
from studio.placing.panel import LABELS
from studio.standing import Standing, standing


def done(do: Do, placement: Placement | None, site: Site, *, inherited: str = "", kept: str = "") -> str:
    """What has become true on the site; `placement` as it is now."""
    if placement is None:
        return "Removed: it is not placed there any more."
    if inherited:
        return f"The {LABELS[inherited]} is the article’s again, and follows it."
    if kept:
        return f"The site keeps its own {LABELS[kept]}."
    if do in {Do.PUBLISH, Do.SCHEDULE}:
        return _published(placement, site)
    return _ends(placement, site) if do == Do.EXPIRE else _SAID[do]


def names(sites: Iterable[Site]) -> str:
    """As in Techblog, Financeblog and 3 more."""
    known = [site.name for site in sites]
    shown, rest = (known, 0) if len(known) <= 6 else (known[:5], len(known) - 5)
    if rest:
        return f"{', '.join(shown)} and {rest} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _published(placement: Placement, site: Site) -> str:
    stands = standing(placement, timezone.now())
    zone = zone_of(site.brand.time_zone)
    if stands == Standing.SCHEDULED and placement.go_live:
        return f"Scheduled: readers can open it from {told(placement.go_live, zone)} on."
    return "Published: readers can open it." if stands == Standing.LIVE else "Saved."


def _ends(placement: Placement, site: Site) -> str:
    if placement.expires_at is None:
        return "It has no end."
    return f"It ends on {told(placement.expires_at, zone_of(site.brand.time_zone))}."


_SAID = {
    Do.SAVE: "Saved.",
    Do.DRAFT: "Prepared: readers do not see it until you publish it.",
    Do.UNPUBLISH: "Unpublished: readers cannot open it any more.",
    Do.CANONICAL: "This address is the one that search engines are told.",
}
