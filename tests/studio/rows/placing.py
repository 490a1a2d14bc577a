from tests.studio.rows.row import EVERY_MEMBER, READ_ONLY, Row

ROWS = {
    "article-placements": Row(EVERY_MEMBER, READ_ONLY),
}
