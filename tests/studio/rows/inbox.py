from typing import Any

from django.contrib.sites.models import Site

from publishing.models import Article, TrustedSource
from tests.cast import House
from tests.studio.rows.row import EDITORS, EVERY_MEMBER, READ_ONLY, WRITERS, Row, row

NO_PAGE = row(302, 405, 405, 405, 405, 405, 405, 405)

ROWS = {
    "inbox": Row(EVERY_MEMBER, READ_ONLY),
    "inbox-decided": Row(EDITORS, READ_ONLY),
    "inbox-mine": Row(WRITERS, READ_ONLY),
    "inbox-trusted": Row(EDITORS, EDITORS),
    "inbox-trusted-remove": Row(NO_PAGE, row(302, 302, 302, 403, 403, 302, 404, 404)),
    "inbox-proposal": Row(EDITORS, EDITORS),
}


def objects(house: House, article: Article, site: Site, slug: str) -> dict[str, Any]:
    trusted = TrustedSource.objects.create(tenant=house.tenant, site=site, user=house.people["author"])
    return {"trusted_id": trusted.pk}
