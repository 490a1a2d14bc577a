from typing import Any

from django.contrib.sites.models import Site

from domains.claiming import vouch
from publishing.models import Article
from tests.cast import House
from tests.studio.rows.row import OWNERS, READ_ONLY, Row, row

DONE = row(302, 302, 403, 403, 403, 403, 404, 404)
POSTED_ONLY = row(302, 405, 405, 405, 405, 405, 405, 405)

ROWS = {
    "domains": Row(OWNERS, READ_ONLY),
    # Without its fields the form comes back with what it lacks.
    "domain-add": Row(OWNERS, OWNERS),
    "domain": Row(OWNERS, READ_ONLY),
    "domain-progress": Row(OWNERS, READ_ONLY),
    "domain-look": Row(POSTED_ONLY, DONE),
    "domain-primary": Row(POSTED_ONLY, DONE),
    "domain-remove": Row(OWNERS, DONE),
}


def objects(house: House, article: Article, site: Site, slug: str) -> dict[str, Any]:
    """An alias that staff vouched for, with which everything can be done at once."""
    return {"domain_name": vouch(site=site, name=f"{slug}.names.example", by=None).name}
