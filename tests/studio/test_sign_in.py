"""Signing in to the studio and out of it: passwords, codes, the way back in, and who is stopped."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.auth import hashers
from django.core import mail
from django.core.cache import cache
from django.test import Client

from sites_core.sessions import SURFACE
from studio.signing.adapter import is_own_path, studio_url
from studio.signing.passkeys import signed_here
from tenants.models import User
from tests.cast import PASSWORD, acme, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_has_tried_yet")]

STUDIO = "studio.platform.test"
NEW = "another long passphrase"


@pytest.fixture
def client() -> Client:
    return Client(headers={"host": STUDIO})


def sign_in(client: Client, email: str = "editor@acme.test", password: str = PASSWORD, **fields: str):
    return client.post("/sign-in/", {"username": email, "password": password, **fields})


def confirmed(user: User) -> Client:
    """A browser in which the user has signed in and has just said the password once more."""
    client = signed_in(user, "studio")
    assert client.post("/account/confirm/", {"password": PASSWORD}).status_code == 302
    return client


def code(secret: str, steps: int = 0) -> str:
    """What an app shows, so many periods from now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // settings.MFA_TOTP_PERIOD + steps)))


def with_app(user: User) -> str:
    """Set up an app for the user, as they would; its secret."""
    client = confirmed(user)
    secret = re.search(r'<code class="key">(\w+)<', client.get("/account/app/").content.decode())
    assert secret
    assert client.post("/account/app/", {"code": code(secret[1])})["Location"] == "/account/codes/"
    cache.clear()  # the code that was just used would not be good again
    return secret[1]


# --- With a password -------------------------------------------------------------------------------------------------


def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_back_to_the_page(client: Client):
    acme()
    answer = client.get("/acme/articles/?after=1-1")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/acme/articles/%3Fafter%3D1-1")
    answer = sign_in(client, next="/acme/articles/")
    assert (answer.status_code, answer["Location"]) == (302, "/acme/articles/")
    assert client.get("/account/").status_code == 200


def test_the_address_may_be_typed_in_capitals(client: Client):
    acme()
    assert sign_in(client, " Editor@ACME.test ").status_code == 302


OUTSIDE = [
    "https://evil.test/", "//evil.test/", "///evil.test", "\\\\evil.test", "javascript:alert(1)", "/\\evil.test",
    "http://ops.platform.test/", "http://studio.platform.test.evil.test/", "http:evil.test", " //evil.test",
    "http://studio.platform.test/", "/\t/evil.test", "acme/", "@evil.test", "data:text/html,x",
]  # fmt: skip


@pytest.mark.parametrize("target", OUTSIDE)
def test_signing_in_and_out_leads_nowhere_but_to_paths_of_this_host(client: Client, target: str):
    acme()
    assert not is_own_path(target)
    assert sign_in(client, next=target)["Location"] == "/"
    assert client.post("/account/confirm/", {"password": PASSWORD, "next": target})["Location"] == "/"
    assert client.post("/sign-out/", {"next": target})["Location"] == "/sign-in/"


WRONG = [("editor@acme.test", "wrong"), ("nobody@acme.test", PASSWORD), ("closed@acme.test", PASSWORD)]


@pytest.fixture
def closed() -> User:
    return User.objects.create_user("closed@acme.test", PASSWORD, is_active=False)


@pytest.mark.parametrize(("email", "password"), WRONG)
def test_a_wrong_address_and_a_wrong_password_are_refused_with_the_same_words(
    client: Client, closed: User, email: str, password: str
):
    acme()
    answer = sign_in(client, email, password)
    assert answer.status_code == 200
    page = re.sub(r'(value|name)="[^"]*"', "", answer.content.decode())
    assert "E-mail address or password is wrong." in page
    assert page == re.sub(r'(value|name)="[^"]*"', "", sign_in(client, *WRONG[0]).content.decode())
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(("email", "password"), WRONG)
def test_whether_an_address_is_known_makes_no_difference_to_the_work(
    client: Client, closed: User, email: str, password: str, monkeypatch: pytest.MonkeyPatch
):
    acme()
    hashed: list[str] = []
    encode = hashers.MD5PasswordHasher.encode

    def counted(self: hashers.MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", counted)
    sign_in(client, email, password)
    assert len(hashed) == 1


def test_somebody_who_was_deactivated_is_out_at_once(client: Client):
    editor = acme().people["editor"]
    sign_in(client)
    assert client.get("/account/").status_code == 200
    editor.is_active = False
    editor.save()
    assert client.get("/account/").status_code == 302
    assert sign_in(client).status_code == 200


def test_signing_in_makes_another_session_and_a_planted_one_is_nobodys(client: Client):
    acme()
    client.get("/password/1-dxyz-0123456789abcdef/")  # a session before the sign-in
    session = client.session
    session["planted"] = "yes"
    session[SURFACE] = "studio"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted = str(session.session_key)
    sign_in(client)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != planted
    thief = Client(headers={"host": STUDIO})
    thief.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert thief.get("/account/").status_code == 302


def test_signing_out_wants_a_post_and_ends_the_session(client: Client):
    acme()
    sign_in(client)
    stolen = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert client.get("/sign-out/").status_code == 405
    answer = client.post("/sign-out/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/")
    client.cookies[settings.SESSION_COOKIE_NAME] = stolen
    assert client.get("/account/").status_code == 302


def test_a_form_without_its_token_is_refused_in_the_studios_look():
    acme()
    client = Client(enforce_csrf_checks=True, headers={"host": STUDIO})
    answer = sign_in(client)
    assert answer.status_code == 403
    assert "This page was too old" in answer.content.decode()


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/account/", "/password/", "/sign-up/", "/nothing/here"])
def test_no_page_is_cached_and_nothing_in_it_runs_or_styles_itself(client: Client, path: str):
    acme()
    anonymous = client.get(path)
    sign_in(client)
    for answer in (anonymous, client.get(path)):
        assert answer["Cache-Control"] == "no-store"
        policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == "'none'"
        assert policy["frame-ancestors"] == "'none'"
        assert policy["style-src"] == "'self'"
        assert re.fullmatch(r"'self'( 'nonce-[\w+/=-]+')?", policy["script-src"])
        assert b"<style" not in answer.content
        assert b' style="' not in answer.content
        assert not re.search(rb" on\w+=", answer.content)
        for script in re.findall(rb"<script[^>]*>", answer.content):
            assert b' src="/static/' in script


def test_the_session_cookie_is_of_this_host_and_no_script_reads_it(client: Client):
    acme()
    sign_in(client)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["domain"] == ""
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_nobody_signs_up(client: Client):
    before = User.objects.count()
    assert "owner invites you" in client.get("/sign-up/").content.decode()
    assert client.post("/sign-up/", {"email": "me@me.test", "password1": PASSWORD}).status_code == 405
    assert User.objects.count() == before


def test_staff_sign_in_to_ops_as_ever_and_are_nobody_in_the_studio_with_that():
    User.objects.create_superuser("staff@platform.test", PASSWORD)
    ops = Client(headers={"host": "ops.platform.test"})
    assert (
        ops.post("/login/", {"username": "staff@platform.test", "password": PASSWORD, "next": "/"}).status_code == 302
    )
    assert ops.get("/").status_code == 200
    studio = Client(headers={"host": STUDIO})
    studio.cookies = ops.cookies
    assert studio.get("/account/")["Location"].startswith("/sign-in/")


# --- A session that has ended ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("says", [{"hx-request": "true"}, {"sec-fetch-dest": "empty"}])
def test_a_script_of_an_ended_session_is_told_so_and_not_sent_to_the_sign_in(client: Client, says: dict[str, str]):
    acme()
    for answer in (client.get("/acme/articles/", headers=says), client.post("/acme/articles/", headers=says)):
        assert answer.status_code == 403
        assert answer["Studio-Session"] == "ended"
        assert "Sign in again" in answer.content.decode()
    assert client.get("/acme/articles/", headers={"sec-fetch-dest": "document"}).status_code == 302


def test_who_has_signed_in_again_elsewhere_gets_the_token_for_the_page_that_stayed_open():
    acme()
    browser = Client(enforce_csrf_checks=True, headers={"host": STUDIO})
    assert browser.get("/session/", headers={"sec-fetch-dest": "empty"}).status_code == 403
    form = browser.get("/sign-in/").content.decode()
    old = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
    assert old
    assert sign_in(browser, csrfmiddlewaretoken=old[1]).status_code == 302
    assert browser.post("/account/", {"name": "Ed"}, headers={"x-csrftoken": old[1]}).status_code == 403
    new = browser.get("/session/", headers={"sec-fetch-dest": "empty"}).json()["csrf"]
    assert browser.post("/account/", {"name": "Ed"}, headers={"x-csrftoken": new}).status_code == 302


# --- How often -------------------------------------------------------------------------------------------------------


def through_the_edge(seen: str, said: str = "") -> dict[str, str]:
    """The header as it arrives: what the client said, then the address that the edge saw."""
    return {"x-forwarded-for": f"{said}, {seen}" if said else seen}


def test_one_account_is_not_guessed_at_for_long_wherever_from_and_a_right_password_waits_too(client: Client):
    acme()
    for number in range(5):
        answer = client.post(
            "/sign-in/",
            {"username": "editor@acme.test", "password": "x"},
            headers=through_the_edge(f"192.0.2.{number}"),
        )
        assert "is wrong" in answer.content.decode()
    answer = client.post(
        "/sign-in/", {"username": "editor@acme.test", "password": PASSWORD}, headers=through_the_edge("192.0.2.99")
    )
    assert answer.status_code == 200
    assert "tried too often" in answer.content.decode()
    assert sign_in(client, "author@acme.test").status_code == 302, "another account is none the worse"


def test_a_forged_header_does_not_make_somebody_another(client: Client):
    acme()
    answers = [
        client.post(
            "/sign-in/",
            {"username": f"nobody{number}@acme.test", "password": "x"},
            headers=through_the_edge("192.0.2.7", said=f"198.51.100.{number}"),
        )
        for number in range(11)
    ]
    assert "is wrong" in answers[9].content.decode()
    assert "tried too often" in answers[10].content.decode()
    other = client.post(
        "/sign-in/", {"username": "editor@acme.test", "password": PASSWORD}, headers=through_the_edge("192.0.2.8")
    )
    assert other.status_code == 302


def test_somebody_who_only_asks_for_pages_is_never_stopped_and_who_sends_for_ever_is(client: Client):
    for _ in range(40):
        assert client.get("/sign-in/").status_code == 200
    statuses = [client.post("/sign-in/", {}).status_code for _ in range(31)]
    assert statuses == [200] * 30 + [429]
    assert "tried too often" in client.post("/sign-in/", {}).content.decode()


def test_links_for_a_new_password_are_sent_to_an_address_so_often_and_no_more(client: Client):
    acme()
    statuses = [
        client.post("/password/", {"email": "editor@acme.test"}, headers=through_the_edge(f"192.0.2.{n}")).status_code
        for n in range(6)
    ]
    assert statuses == [302] * 5 + [429]
    assert len(mail.outbox) == 5


def test_codes_are_not_guessed_at_for_long(client: Client):
    secret = with_app(acme().people["editor"])
    assert sign_in(client)["Location"] == "/sign-in/code/"
    for _ in range(5):
        assert "This code is wrong" in client.post("/sign-in/code/", {"code": "000000"}).content.decode()
    assert "tried too often" in client.post("/sign-in/code/", {"code": code(secret)}).content.decode()
    assert client.get("/account/").status_code == 302


# --- A new password by mail ------------------------------------------------------------------------------------------


def link_in(body: object) -> str:
    """The one link to a page of the studio but the front door, as a path."""
    links: list[str] = re.findall(rf"{re.escape(studio_url('/'))}\S*", str(body))
    found = [link for link in links if link != studio_url("/")]
    assert len(found) == 1
    return found[0].removeprefix(studio_url(""))


def test_the_link_in_the_mail_sets_a_new_password_once_and_opening_it_changes_nothing(client: Client):
    editor = acme().people["editor"]
    elsewhere = signed_in(editor, "studio")
    assert client.post("/password/", {"email": "Editor@acme.test"})["Location"] == "/password/sent/"
    [message] = mail.outbox
    assert message.to == ["editor@acme.test"]
    link = link_in(message.body)
    for _ in range(2):  # a program that looks into mails opens it first
        form = client.get(link)
        assert form["Location"].endswith("-set-password/")
    assert User.objects.get(pk=editor.pk).check_password(PASSWORD)
    answer = client.post(form["Location"], {"password1": NEW, "password2": NEW})
    assert answer["Location"] == "/"
    assert client.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302, "who was signed in elsewhere is not any more"
    assert "no longer good" in Client(headers={"host": STUDIO}).get(link).content.decode()
    assert sign_in(Client(headers={"host": STUDIO})).status_code == 200
    assert sign_in(Client(headers={"host": STUDIO}), password=NEW).status_code == 302


def test_a_new_password_does_not_save_the_second_step(client: Client):
    with_app(acme().people["editor"])
    mail.outbox.clear()
    client.post("/password/", {"email": "editor@acme.test"})
    form = client.get(link_in(mail.outbox[0].body))["Location"]
    assert client.post(form, {"password1": NEW, "password2": NEW})["Location"] == "/sign-in/code/"
    assert client.get("/account/").status_code == 302


def test_a_weak_new_password_is_refused(client: Client):
    acme()
    client.post("/password/", {"email": "editor@acme.test"})
    form = client.get(link_in(mail.outbox[0].body))["Location"]
    for weak in ("short", "password1234", "editor@acme.test"):
        assert client.post(form, {"password1": weak, "password2": weak}).status_code == 200
    assert sign_in(Client(headers={"host": STUDIO})).status_code == 302


def test_whether_an_address_is_known_is_told_to_that_address_alone(client: Client, closed: User):
    acme()
    answers = [client.post("/password/", {"email": e}) for e in ("editor@acme.test", "nobody@acme.test", closed.email)]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/password/sent/")}
    assert [message.to for message in mail.outbox] == [["editor@acme.test"], ["nobody@acme.test"], [closed.email]]
    assert "no account" in mail.outbox[1].body
    assert "no account" in mail.outbox[2].body
    assert "/password/" not in mail.outbox[1].body


def test_an_address_that_ops_has_changed_opens_nothing_any_more(client: Client):
    editor = acme().people["editor"]
    client.post("/password/", {"email": editor.email})
    link = link_in(mail.outbox[0].body)
    editor.email = "moved@acme.test"
    editor.save()
    assert "no longer good" in client.get(link).content.decode()
    client.post("/password/", {"email": "editor@acme.test"})
    assert "no account" in mail.outbox[1].body
    assert not EmailAddress.objects.exists()


# --- Mails -----------------------------------------------------------------------------------------------------------


def every_mail(editor: User, **headers: str) -> None:
    """Do all that sends somebody a mail, with these headers."""
    client = Client(headers={"host": STUDIO, **headers})
    client.post("/password/", {"email": editor.email})
    client.post("/password/", {"email": "nobody@acme.test"})
    form = client.get(link_in(mail.outbox[0].body))["Location"]
    client.post(form, {"password1": PASSWORD, "password2": PASSWORD})
    client.post("/account/confirm/", {"password": PASSWORD})
    client.post("/account/password/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    secret = re.search(r'<code class="key">(\w+)<', client.get("/account/app/").content.decode())
    assert secret
    client.post("/account/app/", {"code": code(secret[1])})
    client.post("/account/codes/new/")
    client.post("/account/app/remove/")


@pytest.mark.parametrize("forged", [{}, {"x-forwarded-host": "evil.test"}, {"host": "STUDIO.platform.test.:80"}])
@pytest.mark.django_db(transaction=True)
def test_links_in_every_mail_are_the_studios_whatever_the_request_says(forged: dict[str, str]):
    every_mail(acme().people["editor"], **forged)
    assert [message.subject for message in mail.outbox] == [
        "A new password for the Masthead studio", "No account for this address", "A new password was set",
        "Your password was changed", "An authenticator app was set up", "New recovery codes",
        "The authenticator app was removed",
    ]  # fmt: skip
    for message in mail.outbox:
        links = re.findall(r"\w+://\S+", str(message.body))
        assert links
        assert all(link.startswith("http://studio.platform.test/") for link in links), message.body
        assert "evil" not in message.body
        assert "&#x27;" not in message.body


def test_a_host_that_is_not_known_gets_no_mail_sent():
    acme()
    for host in ("evil.test", "studio.platform.test.evil.test", "studio.platform.test@evil.test"):
        assert Client(headers={"host": host}).post("/password/", {"email": "editor@acme.test"}).status_code in {
            400,
            404,
        }
    assert not mail.outbox


def test_links_have_the_public_scheme_and_port(settings):
    settings.PUBLIC_SCHEME, settings.PUBLIC_PORT = "https", 8443
    assert studio_url("/x/") == "https://studio.platform.test:8443/x/"


def test_a_mail_server_that_is_away_undoes_nothing_that_was_done(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    client = signed_in(acme().people["editor"], "studio")
    fields = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert client.post("/account/password/", fields).status_code == 302
    assert sign_in(Client(headers={"host": STUDIO}), password=NEW).status_code == 302


# --- The second step -------------------------------------------------------------------------------------------------


def test_what_changes_how_one_signs_in_wants_the_password_once_more(client: Client):
    with_app(acme().people["editor"])
    editor = signed_in(User.objects.get(email="editor@acme.test"), "studio")
    pages = (
        "/account/app/remove/", "/account/codes/", "/account/codes/new/", "/account/passkeys/new/",
        "/account/passkeys/1/", "/account/passkeys/1/remove/", "/account/codes/recovery-codes.txt",
    )  # fmt: skip
    for path in pages:
        for answer in (editor.get(path), editor.post(path)):
            assert answer.status_code in {302, 405}, path
            assert answer.status_code == 405 or answer["Location"].startswith("/account/confirm/"), path
    assert Authenticator.objects.filter(type="totp").exists()


def test_with_an_app_the_password_alone_does_not_sign_in(client: Client):
    secret = with_app(acme().people["editor"])
    assert sign_in(client, next="/acme/articles/")["Location"] == "/sign-in/code/"
    assert client.get("/account/").status_code == 302
    assert client.post("/sign-in/code/", {"code": code(secret)})["Location"] == "/acme/articles/"
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_is_good_half_a_minute_off_and_once(client: Client, steps: int):
    secret = with_app(acme().people["editor"])
    shown = code(secret, steps)
    sign_in(client)
    assert client.post("/sign-in/code/", {"code": shown}).status_code == 302
    overlooked = Client(headers={"host": STUDIO})
    sign_in(overlooked)
    # The library forgets a code sooner than it stops being good.
    cache.delete(f"allauth.mfa.totp.used?user={User.objects.get(email='editor@acme.test').pk}&code={shown}")
    assert "This code is wrong" in overlooked.post("/sign-in/code/", {"code": shown}).content.decode()
    assert overlooked.get("/account/").status_code == 302


@pytest.mark.parametrize("steps", [-3, 3])
def test_a_code_of_another_time_is_not_good(client: Client, steps: int):
    secret = with_app(acme().people["editor"])
    sign_in(client)
    assert client.post("/sign-in/code/", {"code": code(secret, steps)}).status_code == 200


def test_a_recovery_code_signs_in_once(client: Client):
    editor = acme().people["editor"]
    with_app(editor)
    page = confirmed(editor).get("/account/codes/").content.decode()
    codes = re.findall(r"<code>(\d{8})</code>", page)
    assert len(set(codes)) == 10
    sign_in(client)
    assert client.post("/sign-in/code/", {"code": codes[0]}).status_code == 302
    again = Client(headers={"host": STUDIO})
    sign_in(again)
    assert again.post("/sign-in/code/", {"code": codes[0]}).status_code == 200
    assert again.post("/sign-in/code/", {"code": codes[1]}).status_code == 302


def test_the_recovery_codes_come_as_a_file_too():
    editor = acme().people["editor"]
    with_app(editor)
    answer = confirmed(editor).get("/account/codes/recovery-codes.txt")
    assert "attachment" in answer["Content-Disposition"]
    assert len(re.findall(r"^\d{8}$", answer.content.decode(), re.MULTILINE)) == 10


def test_whoever_reads_the_table_can_make_no_code():
    secret = with_app(acme().people["editor"])
    rows = {one.type: one.data for one in Authenticator.objects.all()}
    assert secret not in str(rows)
    assert not re.search(r"[0-9a-f]{80}", str(rows["recovery_codes"]))


def test_a_new_secret_key_goes_on_reading_what_the_old_one_encrypted(client: Client, settings):
    secret = with_app(acme().people["editor"])
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    sign_in(client)
    assert client.post("/sign-in/code/", {"code": code(secret)}).status_code == 302


def test_the_square_for_the_app_is_drawn_here_and_shown_as_the_content_policy_allows():
    page = confirmed(acme().people["editor"]).get("/account/app/")
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    assert "img-src 'self' data:" in page["Content-Security-Policy"]


# --- Passkeys: what a browser does with them is tried in one ---------------------------------------------------------


HOSTILE = [
    "", "null", "[]", "{}", '"x"', "1", '{"response": null}', '{"response": {"clientDataJSON": 7}}',
    '{"response": {"clientDataJSON": "!"}}', '{"response": {"clientDataJSON": "bnVsbA"}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": '
    '"eyJvcmlnaW4iOiAiaHR0cDovL3N0dWRpby5wbGF0Zm9ybS50ZXN0IiwgInR5cGUiOiAid2ViYXV0aG4uZ2V0IiwgImNoYWxsZW5nZSI6ICJBQSJ9"'
    ', "authenticatorData": "AA", "signature": "AA", "userHandle": null, "attestationObject": "AA"}}',
]  # fmt: skip


@pytest.mark.parametrize("credential", HOSTILE)
def test_what_no_authenticator_would_answer_is_refused_and_breaks_nothing(client: Client, credential: str):
    editor = acme().people["editor"]
    client.get("/sign-in/passkey/", headers={"accept": "application/json"})
    answer = client.post("/sign-in/passkey/", {"credential": credential})
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/")
    own = confirmed(editor)
    own.get("/account/passkeys/new/")
    assert own.post("/account/passkeys/new/", {"credential": credential, "name": "x"}).status_code == 200
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize(
    ("origin", "good"),
    {
        "http://studio.platform.test": True, "http://studio.platform.test:8000": False,
        "https://studio.platform.test": False, "http://x.studio.platform.test": False,
        "http://evil.test": False, "http://studio.platform.test.evil.test": False, "null": False,
    }.items(),
)  # fmt: skip
def test_an_answer_that_another_origin_asked_for_is_none(origin: str, good: bool):
    from base64 import urlsafe_b64encode
    from json import dumps

    said = urlsafe_b64encode(dumps({"origin": origin}).encode()).decode()
    assert signed_here({"response": {"clientDataJSON": said}}) is good


def test_somebody_elses_passkey_is_a_missing_one():
    house = acme()
    theirs = Authenticator.objects.create(user=house.people["owner"], type="webauthn", data={"name": "Theirs"})
    client = confirmed(house.people["editor"])
    for path in (f"/account/passkeys/{theirs.pk}/", f"/account/passkeys/{theirs.pk}/remove/"):
        for answer in (client.get(path), client.post(path, {"name": "Mine"})):
            assert answer.status_code == 404
    assert Authenticator.objects.get().data["name"] == "Theirs"


# --- One's own account -----------------------------------------------------------------------------------------------


def test_the_account_says_who_one_is_how_one_signs_in_and_where_one_works():
    house = acme()
    with_app(house.people["editor"])
    page = " ".join(signed_in(house.people["editor"], "studio").get("/account/").content.decode().split())
    for words in ("editor@acme.test", "Acme&#x27;s editor", "10 left", 'href="/acme/"', "editor</span>"):
        assert words in page, words


def test_one_changes_ones_name_and_an_empty_one_is_none():
    editor = acme().people["editor"]
    client = signed_in(editor, "studio")
    assert client.post("/account/", {"name": "  Edda "})["Location"] == "/account/"
    assert User.objects.get(pk=editor.pk).name == "Edda"
    assert client.post("/account/", {"name": " "}).status_code == 200
    assert User.objects.get(pk=editor.pk).name == "Edda"


def test_changing_the_password_wants_the_present_one_and_ends_the_other_sessions():
    editor = acme().people["editor"]
    here, there = signed_in(editor, "studio"), signed_in(editor, "studio")
    wrong = {"oldpassword": "wrong", "password1": NEW, "password2": NEW}
    assert here.post("/account/password/", wrong).status_code == 200
    assert here.post("/account/password/", wrong | {"oldpassword": PASSWORD})["Location"] == "/account/"
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302


def test_who_has_no_password_gets_one_by_mail_alone():
    editor = acme().people["editor"]
    editor.set_unusable_password()
    editor.save()
    client = signed_in(editor, "studio")
    assert client.get("/account/password/")["Location"] == "/account/password/first/"
    assert client.post("/account/password/first/", {"password1": NEW})["Location"] == "/password/"
    assert not User.objects.get(pk=editor.pk).has_usable_password()


def test_the_account_asks_the_database_the_same_for_one_newsroom_and_for_three(django_assert_max_num_queries):
    from tenants.models import Membership, Tenant
    from tenants.scope import across_tenants

    editor = acme().people["editor"]
    client = signed_in(editor, "studio")
    with across_tenants("two more newsrooms"):
        for n in range(2):
            with django_assert_max_num_queries(5):
                client.get("/account/")
            tenant = Tenant.objects.create(slug=f"more-{n}", name=f"More {n}")
            Membership.objects.create(user=editor, tenant=tenant, role="viewer")
        with django_assert_max_num_queries(5):
            assert "More 1" in client.get("/account/").content.decode()
