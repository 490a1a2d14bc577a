from datetime import timedelta
from typing import Any

from django.contrib.sites.models import Site

from publishing.models import Article
from tests.cast import House, article_on, placement_of
from tests.studio.rows.row import EDITORS, EVERY_MEMBER, READ_ONLY, Row

ROWS = {
    "calendar": Row(EVERY_MEMBER, READ_ONLY),
    # Nothing is said of where to: the form again, with what is missing.
    "calendar-move": Row(EDITORS, EDITORS),
}


def objects(house: House, article: Article, site: Site, slug: str) -> dict[str, Any]:
    coming = article_on(house, site.domain, title=f"{slug} to come", ago=timedelta(days=-7))
    return {"placement_id": placement_of(coming, site).pk}
