from typing import Any

from django.contrib.sites.models import Site

from publishing.models import Article
from publishing.previewing import keep
from tests.cast import House
from tests.studio.rows.row import EVERY_MEMBER, READ_ONLY, Row, row

_WORDS = {"title": "Unsaved", "summary": "", "body": "Words.", "body_format": "markdown", "kind": "article"}

ROWS = {
    #                                        anonymous owner editor author viewer limited stranger staff
    "article-preview": Row(EVERY_MEMBER, row(302, 302, 302, 403, 403, 302, 404, 404), _WORDS),
    "article-preview-share": Row(READ_ONLY, row(302, 302, 302, 302, 403, 302, 404, 404), {"lifetime": "day"}),
    "article-preview-revoke": Row(READ_ONLY, row(302, 302, 302, 403, 403, 302, 404, 404)),
}


def objects(house: House, article: Article, site: Site, slug: str) -> dict[str, Any]:
    shared = keep(tenant=house.tenant, site=site, by=house.people["owner"], article=article, shared=True)
    return {"preview_id": shared.pk}
