from tests.studio.rows.row import EVERY_MEMBER, READ_ONLY, Row

ROWS = {
    "articles": Row(EVERY_MEMBER, READ_ONLY),
}
