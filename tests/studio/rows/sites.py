from tests.studio.rows.row import EVERY_MEMBER, READ_ONLY, Row

ROWS = {
    "sites": Row(EVERY_MEMBER, READ_ONLY),
}
