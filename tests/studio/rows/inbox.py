from tests.studio.rows.row import EVERY_MEMBER, READ_ONLY, Row

ROWS = {
    "inbox": Row(EVERY_MEMBER, READ_ONLY),
}
