from typing import Any

from django.contrib.sites.models import Site

from publishing.models import Article
from tenants.models import Invitation, Membership
from tests.cast import House
from tests.studio.rows.row import OWNERS, READ_ONLY, Row, row

DONE = row(302, 302, 403, 403, 403, 403, 404, 404)
POSTED_ONLY = row(302, 405, 405, 405, 405, 405, 405, 405)

ROWS = {
    "members": Row(OWNERS, READ_ONLY),
    "member-invite": Row(OWNERS, DONE, {"email": "new@elsewhere.test", "role": "author", "where": "all"}),
    "invitation-again": Row(POSTED_ONLY, DONE),
    "invitation-withdraw": Row(POSTED_ONLY, DONE),
    "member": Row(OWNERS, DONE, {"role": "author", "where": "all"}),
    "member-remove": Row(POSTED_ONLY, DONE),
}


def objects(house: House, article: Article, site: Site, slug: str) -> dict[str, Any]:
    invitation = Invitation.objects.create(
        tenant=house.tenant, email=f"asked@{slug}.test", role="viewer", token_digest=slug.ljust(64, "0"),
        expires_at="2999-01-01T00:00Z",
    )  # fmt: skip
    # Not the viewer's, who asks in this table for what a viewer may.
    author = Membership.objects.get(user=house.people["author"])
    return {"invitation_id": invitation.pk, "membership_id": author.pk}
