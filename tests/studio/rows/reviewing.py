from tests.studio.rows.row import EVERY_MEMBER, READ_ONLY, Row

ROWS = {
    "article-review": Row(EVERY_MEMBER, READ_ONLY),
}
