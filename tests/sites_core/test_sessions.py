"""A session is good on the front where it was made, and nowhere else."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from sites_core.sessions import SURFACE
from tenants.models import User
from tests.cast import PASSWORD, acme

pytestmark = pytest.mark.django_db

FRONTS = {"studio": ("/sign-in/", "/acme/articles/"), "ops": ("/login/", "/tenants/tenant/")}
"""Where one signs in, and a page for those who have."""


@pytest.fixture(autouse=True)
def everywhere() -> User:
    """Somebody who may sign in on both fronts, with the same password."""
    owner = acme().people["owner"]
    owner.is_staff = owner.is_superuser = True
    owner.save()
    return owner


def client(surface: str, session: str = "") -> Client:
    browser = Client(headers={"host": f"{surface}.platform.test"})
    if session:
        browser.cookies[settings.SESSION_COOKIE_NAME] = session
    return browser


def signed_in_on(surface: str) -> Client:
    browser = client(surface)
    answer = browser.post(FRONTS[surface][0], {"username": "owner@acme.test", "password": PASSWORD, "next": "/"})
    assert answer.status_code == 302
    return browser


def session_of(browser: Client) -> str:
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.mark.parametrize(("here", "there"), [("studio", "ops"), ("ops", "studio")])
def test_a_cookie_replayed_on_the_other_front_is_nobodys(here: str, there: str):
    browser = signed_in_on(here)
    page = FRONTS[there][1]
    thief = client(there, session_of(browser))
    for answer in (thief.get(page), client(there, session_of(browser)).post(page)):
        assert answer.status_code == 302
        assert answer["Location"].startswith(FRONTS[there][0])
    assert browser.get(FRONTS[here][1]).status_code == 200, "where it was made it stays good"
    assert client(here, session_of(browser)).get(FRONTS[here][1]).status_code == 200, "it is the host that counts"


@pytest.mark.parametrize("surface", FRONTS)
def test_a_session_that_says_nowhere_where_it_was_made_is_nobodys(surface: str, everywhere: User):
    browser = client(surface)
    browser.force_login(everywhere)
    assert browser.get(FRONTS[surface][1]).status_code == 302
    assert signed_in_on(surface).get(FRONTS[surface][1]).status_code == 200


def test_signing_in_with_the_other_fronts_cookie_makes_another_session():
    browser = signed_in_on("studio")
    other = client("ops", session_of(browser))
    other.post("/login/", {"username": "owner@acme.test", "password": PASSWORD, "next": "/"})
    assert session_of(other) != session_of(browser)
    assert browser.get("/acme/articles/").status_code == 200
    assert other.get("/tenants/tenant/").status_code == 200


def test_signing_out_on_one_front_leaves_the_other_signed_in():
    studio, ops = signed_in_on("studio"), signed_in_on("ops")
    client("ops", session_of(studio)).post("/logout/")
    ops.post("/logout/")
    assert studio.get("/acme/articles/").status_code == 200
    assert ops.get("/tenants/tenant/").status_code == 302


def test_a_new_password_keeps_the_session_where_it_is():
    ops = signed_in_on("ops")
    new = "another good passphrase"
    answer = ops.post("/password_change/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert answer.status_code == 302
    assert ops.get("/tenants/tenant/").status_code == 200
    assert client("studio", session_of(ops)).get("/acme/articles/").status_code == 302


@pytest.mark.parametrize("surface", FRONTS)
def test_who_only_looks_gets_no_session(surface: str):
    answer = client(surface).get(FRONTS[surface][0])
    assert settings.SESSION_COOKIE_NAME not in answer.cookies
    assert not Session.objects.exists()


def test_each_session_in_store_names_its_front():
    signed_in_on("studio"), signed_in_on("ops")
    assert sorted(one.get_decoded()[SURFACE] for one in Session.objects.all()) == ["ops", "studio"]
