from tests.studio.rows.row import EVERY_MEMBER, READ_ONLY, Row

ROWS = {
    "calendar": Row(EVERY_MEMBER, READ_ONLY),
}
