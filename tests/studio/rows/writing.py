from tests.studio.rows.row import EVERY_MEMBER, READ_ONLY, WRITERS, Row

ROWS = {
    "article-new": Row(WRITERS, READ_ONLY),
    "article": Row(EVERY_MEMBER, READ_ONLY),
}
