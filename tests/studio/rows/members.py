from tests.studio.rows.row import OWNERS, READ_ONLY, Row

ROWS = {
    "members": Row(OWNERS, READ_ONLY),
}
