from tests.studio.rows.row import OWNERS, READ_ONLY, Row

ROWS = {
    "audit": Row(OWNERS, READ_ONLY),
    "audit-download": Row(OWNERS, READ_ONLY),
}
