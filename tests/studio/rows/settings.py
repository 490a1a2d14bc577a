from tests.studio.rows.row import OWNERS, READ_ONLY, Row

ROWS = {
    "settings": Row(OWNERS, READ_ONLY),
}
