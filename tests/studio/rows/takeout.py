from tests.studio.rows.row import OWNERS, Row

ROWS = {
    "takeout": Row(OWNERS, OWNERS),
}
