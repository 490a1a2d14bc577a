"""Where articles are placed, in few words: the first sites of each, and how many there are."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from sites_core.origins import origin
from studio.access import TenantRequest
from studio.standing import Standing, standing

SHOWN = 4


@dataclass(frozen=True, slots=True)
class Mark:
    """A placement as a list shows it: its site, and how it stands there."""

    site: str
    domain: str
    slug: str
    status: str
    go_live: datetime | None
    expires_at: datetime | None
    now: datetime

    @property
    def standing(self) -> str:
        return standing(self, self.now).value

    @property
    def stands(self) -> str:
        """The same in words."""
        return Standing(self.standing).word

    @property
    def url(self) -> str:
        """Where readers find it, if they do."""
        return f"{origin(self.domain)}/{self.slug}/" if self.standing == Standing.LIVE else ""


@dataclass(slots=True)
class Marks:
    total: int = 0
    shown: list[Mark] = field(default_factory=list)

    @property
    def others(self) -> int:
        return self.total - len(self.shown)


# Each article's first sites are one step of an index, however many it has.
_STATEMENT = """
SELECT a.id, total.n, s.name, s.domain, p.slug, p.status, p.go_live, p.expires_at
  FROM unnest(%(articles)s::bigint[]) a (id)
 CROSS JOIN LATERAL (SELECT count(*) AS n FROM publishing_placement p WHERE p.article_id = a.id {view}) total
 CROSS JOIN LATERAL (
    (SELECT 0 AS place, p.* FROM publishing_placement p WHERE p.article_id = a.id AND p.site_id = %(site)s {view})
    UNION ALL
    (SELECT 1, p.* FROM publishing_placement p WHERE p.article_id = a.id AND p.site_id <> %(site)s {view}
      ORDER BY p.site_id LIMIT %(shown)s)
      ORDER BY place, site_id LIMIT %(shown)s
 ) p JOIN django_site s ON s.id = p.site_id
 WHERE p.tenant_id = %(tenant)s ORDER BY a.id, p.place, s.domain
"""


def marks_of(request: TenantRequest, articles: list[int], now: datetime, site_id: int = 0) -> dict[int, Marks]:
    """By article: on the sites in view, the one that is named before the others."""
    view = "" if request.sites is None else "AND p.site_id = ANY (%(view)s)"
    values: dict[str, Any] = {
        "articles": articles, "tenant": request.tenant.pk, "site": site_id, "shown": SHOWN,
        "view": sorted(request.sites or ()),
    }  # fmt: skip
    found = {article: Marks() for article in articles}
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT.format(view=view), values)
        for article, total, site, domain, slug, status, *dates in cursor.fetchall():
            found[article].total = total
            found[article].shown.append(Mark(site, domain, slug, status, dates[0], dates[1], now))
    return found
