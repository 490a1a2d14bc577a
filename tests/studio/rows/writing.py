from uuid import UUID

from tests.studio.rows.row import EDITORS, EVERY_MEMBER, READ_ONLY, WRITERS, Row, row

SENT = {"base": 1, "title": "x", "body": "y", "body_format": "markdown", "kind": "article"}
# To the article of the table, which an import brought and which is published: an author may not change it.
SAVED = row(302, 302, 302, 403, 403, 302, 404, 404)

ROWS = {
    "article-new": Row(
        WRITERS,
        row(302, 302, 302, 302, 403, 302, 404, 404),
        {"once": str(UUID(int=1)), "title": "x", "kind": "article"},
    ),
    "article": Row(EVERY_MEMBER, SAVED, SENT),
    "article-draft": Row(EDITORS, SAVED, SENT),
    "article-draft-discard": Row(READ_ONLY, SAVED),
    # Without unsaved words there is nothing to merge.
    "article-merge": Row(SAVED, SAVED),
    "topic-choices": Row(WRITERS, READ_ONLY),
    "byline-choices": Row(WRITERS, READ_ONLY),
    "words-rendered": Row(READ_ONLY, WRITERS, {"body": "*x*", "body_format": "markdown"}),
}
