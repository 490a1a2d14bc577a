from tests.studio.rows.row import EVERY_MEMBER, READ_ONLY, Row

ROWS = {
    "article-history": Row(EVERY_MEMBER, READ_ONLY),
}
