from tests.studio.rows.row import EVERY_MEMBER, READ_ONLY, Row, row

# Nothing is chosen: back to the list, which says so.
TO_THE_LIST = row(302, 302, 302, 302, 403, 302, 404, 404)
ROWS = {
    "articles": Row(EVERY_MEMBER, READ_ONLY),
    "articles-bulk": Row(TO_THE_LIST, TO_THE_LIST),
}
