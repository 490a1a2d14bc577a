from tests.studio.rows.row import ROLES, Row, row

SIGNED_IN = row(302, 200, 200, 200, 200, 200, 200, 200)
NOT_SO = row(302, 405, 405, 405, 405, 405, 405, 405)

ROWS = {
    "home": Row(row(302, 302, 302, 302, 302, 302, 302, 200), NOT_SO, is_of_tenant=False),
    "account_login": Row(
        row(200, 302, 302, 302, 302, 302, 302, 302), row(200, 302, 302, 302, 302, 302, 302, 302), is_of_tenant=False
    ),
    "account_logout": Row(row(302, 405, 405, 405, 405, 405, 405, 405), dict.fromkeys(ROLES, 302), is_of_tenant=False),
    "account": Row(SIGNED_IN, NOT_SO, is_of_tenant=False),
}
