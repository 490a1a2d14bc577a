from typing import Any

from django.contrib.sites.models import Site

from publishing.models import Article, Revision
from tests.cast import House
from tests.studio.rows.row import EVERY_MEMBER, READ_ONLY, Row, row

POST_ONLY = READ_ONLY.copy()

ROWS = {
    "article-history": Row(EVERY_MEMBER, READ_ONLY),
    "article-compare": Row(EVERY_MEMBER, READ_ONLY),
    "article-revision": Row(EVERY_MEMBER, READ_ONLY),
    # An author restores what they wrote themselves, and this is not theirs.
    "article-restore": Row(POST_ONLY, row(302, 302, 302, 403, 403, 302, 404, 404)),
}


def objects(house: House, article: Article, site: Site, slug: str) -> dict[str, Any]:
    return {"revision_id": Revision.objects.get(article=article, number=1).pk}
