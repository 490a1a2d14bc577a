"""Signing in to ops: what the studio asks of somebody, ops asks too."""

import json
import os
import subprocess
import sys
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.conf import settings
from django.test import Client

from sites_core.sessions import SURFACE
from tenants.models import User
from tests.cast import PASSWORD
from tests.deployments.test_settings import ROOT, of_this_run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_has_tried_yet")]

STAFF = "staff@platform.test"


@pytest.fixture
def staff() -> User:
    return User.objects.create_superuser(STAFF, PASSWORD)


@pytest.fixture
def browser() -> Client:
    return Client(headers={"host": "ops.platform.test"})


def sign_in(browser: Client, **fields: str):
    return browser.post("/login/", {"username": STAFF, "password": PASSWORD, "next": "/", **fields})


def is_in(browser: Client) -> bool:
    return browser.get("/").status_code == 200


def shown(secret: str) -> str:
    """What an app shows now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // settings.MFA_TOTP_PERIOD)))


def with_app(user: User) -> str:
    secret = str(generate_totp_secret())
    TOTP.activate(user, secret)
    return secret


def with_passkey(user: User) -> list[str]:
    """A passkey, and the recovery codes that come with it."""
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Key"})
    return list(RecoveryCodes.activate(user).get_unused_codes())


def test_who_has_no_second_step_signs_in_with_the_password(staff: User, browser: Client):
    assert "Code" in browser.get("/login/").content.decode()
    assert sign_in(browser)["Location"] == "/"
    assert is_in(browser)


def test_who_has_an_app_is_not_in_without_its_code_and_nothing_is_kept_of_the_attempt(staff: User, browser: Client):
    secret = with_app(staff)
    for wrong in ("", "000000", " "):
        answer = sign_in(browser, code=wrong)
        assert answer.status_code == 200
        assert "sessionid" not in browser.cookies
        assert not is_in(browser)
    assert "recovery codes" in sign_in(browser).content.decode()
    assert sign_in(browser, code=shown(secret))["Location"] == "/"
    assert is_in(browser)
    assert Authenticator.objects.get(user=staff).last_used_at


def test_a_right_code_does_not_make_up_for_a_wrong_password(staff: User, browser: Client):
    assert sign_in(browser, password="wrong", code=shown(with_app(staff))).status_code == 200
    assert not is_in(browser)


def test_a_code_is_good_once(staff: User, browser: Client):
    code = shown(with_app(staff))
    assert sign_in(browser, code=code).status_code == 302
    other = Client(headers={"host": "ops.platform.test"})
    assert sign_in(other, code=code).status_code == 200
    assert not is_in(other)


def test_who_has_a_passkey_alone_signs_in_with_a_recovery_code_which_is_used_then(staff: User, browser: Client):
    code = with_passkey(staff)[0]
    assert "A passkey is good in the studio alone" in sign_in(browser).content.decode()
    assert sign_in(browser, code=code).status_code == 302
    assert is_in(browser)
    other = Client(headers={"host": "ops.platform.test"})
    assert sign_in(other, code=code).status_code == 200


def test_who_is_no_staff_is_refused_before_a_code_is_looked_at(browser: Client):
    user = User.objects.create_user(STAFF, PASSWORD)
    codes = with_passkey(user)
    answer = sign_in(browser, code=codes[0])
    assert answer.status_code == 200
    assert "recovery codes" not in answer.content.decode()
    assert codes[0] in RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()


def test_after_some_wrong_passwords_the_right_one_has_to_wait(staff: User, browser: Client):
    for _ in range(5):
        assert "correct e-mail address and password" in sign_in(browser, password="wrong").content.decode()
    assert "tried too often" in sign_in(browser).content.decode()
    assert not is_in(browser)


def test_after_some_wrong_codes_the_right_one_has_to_wait(staff: User, browser: Client):
    secret = with_app(staff)
    for _ in range(5):
        sign_in(browser, code="000000")
    assert "tried too often" in sign_in(browser, code=shown(secret)).content.decode()
    assert not is_in(browser)


def test_many_names_from_one_address_of_the_network_are_counted_together(staff: User, browser: Client):
    seen = {"x-forwarded-for": "198.51.100.7, 192.0.2.1"}  # what the sender wrote, and what the edge saw
    data = {"username": STAFF, "password": PASSWORD, "next": "/"}
    for number in range(10):
        browser.post("/login/", data | {"username": f"{number}@platform.test"}, headers=seen)
    assert "tried too often" in browser.post("/login/", data, headers=seen).content.decode()
    assert browser.post("/login/", data, headers={"x-forwarded-for": "192.0.2.2"}).status_code == 302
    assert browser.session[SURFACE] == "ops"


ALONE = """
import json, settings.wsgi
from django.conf import settings
from django.test import Client
answer = Client(headers={"host": "ops.platform.test"}).post("/login/", {"username": "a@b.test", "password": "x"})
print(json.dumps([answer.status_code, "studio" in settings.INSTALLED_APPS, answer.content.decode()]))
"""


def test_a_process_that_serves_ops_alone_counts_and_asks_like_any_other():
    environment = of_this_run() | {"DJANGO_SETTINGS_MODULE": "settings.test", "SURFACES": "ops"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ALONE], cwd=ROOT, env={"PATH": os.environ["PATH"]} | environment,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    status, has_studio, page = json.loads(done.stdout.splitlines()[-1])
    assert (status, has_studio) == (200, False)
    assert "correct e-mail address and password" in page
    assert 'name="code"' in page


@pytest.mark.parametrize("where", [{}, {"next": ""}, {"next": "https://elsewhere.test/"}, {"next": "//elsewhere.test"}])
def test_who_does_not_say_where_to_is_led_to_the_index(staff: User, browser: Client, where: dict[str, str]):
    answer = browser.post("/login/", {"username": STAFF, "password": PASSWORD, **where})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_in(browser)


def test_who_says_where_to_is_led_there(staff: User, browser: Client):
    said = {"username": STAFF, "password": PASSWORD}
    assert browser.post("/login/?next=/tenants/user/", said)["Location"] == "/tenants/user/"
