from typing import Any

from django.contrib.sites.models import Site

from publishing.models import Article
from publishing.vocabulary import add_byline, add_topic
from tests.cast import House
from tests.studio.rows.row import EDITORS, OWNERS, Row, row

# What is seen on all of the tenant's sites: who edits on some of them alone may look, and add.
ADDED = row(302, 302, 302, 403, 403, 302, 404, 404)
CHANGED = row(302, 302, 302, 403, 403, 403, 404, 404)

ROWS = {
    "settings": Row(OWNERS, row(302, 302, 403, 403, 403, 403, 404, 404), {"name": "Acme"}),
    "topics": Row(EDITORS, ADDED, {"new-name": "Another topic"}),
    "topic": Row(EDITORS, CHANGED, {"name": "Renamed", "slug": "renamed"}),
    "bylines": Row(EDITORS, ADDED, {"new-name": "Another byline"}),
    "byline": Row(EDITORS, CHANGED, {"name": "Renamed", "slug": "renamed"}),
}


def objects(house: House, article: Article, site: Site, slug: str) -> dict[str, Any]:
    topic = add_topic(tenant=house.tenant, name=f"Topic of {slug}")
    byline = add_byline(tenant=house.tenant, name=f"Byline of {slug}")
    return {"topic_id": topic.pk, "byline_id": byline.pk}
