from tests.studio.rows.row import EVERY_MEMBER, READ_ONLY, Row

ROWS = {
    "media": Row(EVERY_MEMBER, READ_ONLY),
}
