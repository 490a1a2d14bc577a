from typing import Any

from django.contrib.sites.models import Site

from publishing.commenting import comment
from publishing.models import Article
from publishing.reviewing import ask_review
from tests.cast import House
from tests.studio.rows.row import EVERY_MEMBER, READ_ONLY, Row, row

# Who writes, comments; what they may not do to this comment or request is said on the page.
SAID = row(302, 302, 302, 302, 403, 302, 404, 404)
POSTED = READ_ONLY

ROWS = {
    "article-review": Row(EVERY_MEMBER, READ_ONLY),
    # In review already, and so said; to an author the article is not theirs to ask for.
    "review-ask": Row(POSTED, row(302, 422, 422, 403, 403, 422, 404, 404)),
    "review-answer": Row(
        POSTED, row(302, 302, 302, 403, 403, 302, 404, 404), {"deed": "changes", "answer": "Shorter, please."}
    ),
    "review-withdraw": Row(POSTED, SAID),
    "comment-new": Row(POSTED, SAID, {"text": "Well said."}),
    "comment-answer": Row(POSTED, SAID, {"text": "Thank you."}),
    "comment-edit": Row(POSTED, row(302, 422, 302, 422, 403, 422, 404, 404), {"text": "Better said."}),
    "comment-delete": Row(POSTED, SAID),
    "comment-resolve": Row(POSTED, SAID),
}


def objects(house: House, article: Article, site: Site, slug: str) -> dict[str, Any]:
    asked = ask_review(article=article, by=house.people["author"])
    said = comment(article=article, by=house.people["editor"], text="A word on this.")
    return {"review_id": asked.pk, "comment_id": said.pk}
