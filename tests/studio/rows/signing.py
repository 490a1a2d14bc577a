from typing import Any

from django.contrib.sites.models import Site

from publishing.models import Article
from tenants.inviting import invite
from tests.cast import House
from tests.studio.rows.row import ROLES, Row, row

SIGNED_IN = row(302, 200, 200, 200, 200, 200, 200, 200)
AWAY = dict.fromkeys(ROLES, 302)
NOT_SO = row(302, 405, 405, 405, 405, 405, 405, 405)
# Whoever is not signed in sees a page; whoever is has no need of it.
AT_THE_DOOR = row(200, 302, 302, 302, 302, 302, 302, 302)
EVERYBODY = dict.fromkeys(ROLES, 200)
NOTHING_THERE = row(302, 404, 404, 404, 404, 404, 404, 404)
SAME_AS_WITHOUT = dict.fromkeys(ROLES, 404)


def own(get: dict[str, int], post: dict[str, int], **sent: Any) -> Row:
    return Row(get, post, sent, is_of_tenant=False)


ROWS = {
    "home": own(row(302, 302, 302, 302, 302, 302, 302, 200), NOT_SO),
    "account_login": own(AT_THE_DOOR, AT_THE_DOOR),
    # Without a password before it there is no second step.
    "mfa_authenticate": own(AWAY, AWAY),
    # What a script asks is answered by JSON, which tells who is signed in where to go.
    "mfa_login_webauthn": own(EVERYBODY, AWAY),
    "account_logout": own(dict.fromkeys(ROLES, 405), AWAY),
    "account_signup": own(EVERYBODY, dict.fromkeys(ROLES, 405)),
    "session": own(SIGNED_IN, NOT_SO),
    "account_reset_password": own(EVERYBODY, EVERYBODY),
    "account_reset_password_done": own(EVERYBODY, dict.fromkeys(ROLES, 405)),
    # A link that is no longer good says so, whoever opens it.
    "account_reset_password_from_key": own(EVERYBODY, EVERYBODY),
    # Acme has invited Bolt's owner.
    "invitation_link": Row(
        row(302, 404, 404, 404, 404, 404, 302, 404),
        row(302, 404, 404, 404, 404, 404, 302, 404),
        is_of_tenant=False,
        is_owned=True,
    ),
    "invitation": own(SAME_AS_WITHOUT, SAME_AS_WITHOUT),
    "account": own(SIGNED_IN, row(302, 302, 302, 302, 302, 302, 302, 302), name="Somebody"),
    "account_change_password": own(SIGNED_IN, SIGNED_IN),
    "account_set_password": own(AWAY, AWAY),
    "account_reauthenticate": own(SIGNED_IN, SIGNED_IN),
    # Who has no app and no passkey is sent to the password.
    "mfa_reauthenticate": own(AWAY, AWAY),
    "mfa_reauthenticate_webauthn": own(AWAY, AWAY),
    "mfa_index": own(AWAY, AWAY),
    # To say the password first.
    "mfa_activate_totp": own(AWAY, AWAY),
    "mfa_deactivate_totp": own(NOTHING_THERE, NOTHING_THERE),
    "mfa_view_recovery_codes": own(NOTHING_THERE, NOT_SO),
    "mfa_generate_recovery_codes": own(AWAY, AWAY),
    "mfa_download_recovery_codes": own(NOTHING_THERE, NOTHING_THERE),
    "mfa_list_webauthn": own(AWAY, AWAY),
    "mfa_add_webauthn": own(AWAY, AWAY),
    "mfa_edit_webauthn": own(AWAY, AWAY),
    "mfa_remove_webauthn": own(AWAY, AWAY),
}


def objects(house: House, article: Article, site: Site, slug: str) -> dict[str, Any]:
    invited = "owner@bolt.test" if slug == "acmes-own" else f"new@{slug}.test"
    _, token = invite(tenant=house.tenant, email=invited, role="author", by=house.people["owner"])
    return {"token": token, "uidb36": "1", "key": "dxyz-0123456789abcdef", "passkey_id": 1}
