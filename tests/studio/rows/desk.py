from tests.studio.rows.row import EVERY_MEMBER, READ_ONLY, Row

ROWS = {
    "desk": Row(EVERY_MEMBER, READ_ONLY),
}
