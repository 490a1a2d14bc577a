from tests.studio.rows.row import EVERY_MEMBER, READ_ONLY, Row

ROWS = {
    "article-preview": Row(EVERY_MEMBER, READ_ONLY),
}
