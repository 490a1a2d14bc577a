from typing import Any

from django.contrib.sites.models import Site

from publishing.models import Article, Correction, Proposal, Recall
from tests.cast import House
from tests.studio.rows.row import EDITORS, EVERY_MEMBER, READ_ONLY, WRITERS, Row, row

# Of one site what is sent without a button is refused on the page itself.
PLACERS = row(302, 200, 200, 403, 403, 200, 404, 404)
# What is done leads back to the panel.
DONE = row(302, 302, 302, 403, 403, 302, 404, 404)
NO_PAGE = row(302, 405, 405, 405, 405, 405, 405, 405)

ROWS = {
    "article-placements": Row(EVERY_MEMBER, READ_ONLY),
    "article-placements-ready": Row(EVERY_MEMBER, READ_ONLY),
    "article-placements-chosen": Row(NO_PAGE, PLACERS),
    "article-placement": Row(EVERY_MEMBER, PLACERS),
    "article-placement-slug": Row(EVERY_MEMBER, READ_ONLY),
    # Published there already: refused on the page itself.
    "article-propose": Row(WRITERS, WRITERS),
    "article-recall": Row(EDITORS, EDITORS),
    "article-recall-undo": Row(NO_PAGE, DONE),
    "article-corrections": Row(EDITORS, DONE, {"note": "It was Tuesday."}),
    "article-correction": Row(EDITORS, DONE, {"note": "It was Wednesday.", "seen": "It was Monday."}),
    # The viewer may not write, and the author proposed nothing of this.
    "proposal-withdraw": Row(NO_PAGE, DONE),
}


def objects(house: House, article: Article, site: Site, slug: str) -> dict[str, Any]:
    return {
        "site_id": site.pk,
        "recall_id": Recall.objects.create(tenant=house.tenant, article=article).pk,
        "correction_id": Correction.objects.create(tenant=house.tenant, article=article, note="It was Monday.").pk,
        "proposal_id": Proposal.objects.create(
            tenant=house.tenant, article=article, site=site, proposed_by=house.people["owner"]
        ).pk,
    }
