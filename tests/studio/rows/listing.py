from tests.studio.rows.row import EVERY_MEMBER, READ_ONLY, Row, row

ROWS = {
    "articles": Row(EVERY_MEMBER, READ_ONLY),
    # Nothing is chosen: back to the list, which says so.
    "articles-bulk": Row(READ_ONLY, row(302, 302, 302, 302, 403, 302, 404, 404)),
}
