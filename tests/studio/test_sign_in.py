"""Signing in to the studio and out of it."""

import pytest
from django.conf import settings
from django.test import Client

from studio.middleware import CONTENT_POLICY
from tests.cast import PASSWORD, acme

pytestmark = pytest.mark.django_db

STUDIO = "studio.platform.test"


@pytest.fixture
def client() -> Client:
    return Client(headers={"host": STUDIO})


def sign_in(client: Client, email: str = "editor@acme.test", password: str = PASSWORD, **fields: str):
    return client.post("/sign-in/", {"username": email, "password": password, **fields})


def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_back_to_the_page(client: Client):
    acme()
    answer = client.get("/acme/articles/?after=1-1")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/acme/articles/%3Fafter%3D1-1")
    answer = sign_in(client, next="/acme/articles/")
    assert (answer.status_code, answer["Location"]) == (302, "/acme/articles/")
    assert client.get("/acme/articles/").status_code == 200


def test_the_address_may_be_typed_in_capitals(client: Client):
    acme()
    assert sign_in(client, " Editor@ACME.test ").status_code == 302


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.test/", "//evil.test/", "///evil.test", "\\\\evil.test", "javascript:alert(1)",
        "http://ops.platform.test/", "http://studio.platform.test.evil.test/", "http:evil.test", " //evil.test",
    ],
)  # fmt: skip
def test_signing_in_leads_nowhere_but_to_this_host(client: Client, target: str):
    acme()
    assert sign_in(client, next=target)["Location"] == "/"


@pytest.mark.parametrize(
    ("email", "password"), [("editor@acme.test", "wrong"), ("nobody@acme.test", PASSWORD), ("", "")]
)
def test_a_wrong_address_and_a_wrong_password_are_refused_with_the_same_words(
    client: Client, email: str, password: str
):
    acme()
    answer = sign_in(client, email, password)
    assert answer.status_code == 200
    assert "E-mail address or password is wrong." in answer.content.decode()
    assert client.get("/").status_code == 302


def test_somebody_who_was_deactivated_is_out_at_once(client: Client):
    editor = acme().people["editor"]
    sign_in(client)
    assert client.get("/acme/articles/").status_code == 200
    editor.is_active = False
    editor.save()
    assert client.get("/acme/articles/").status_code == 302
    assert sign_in(client).status_code == 200


def test_signing_out_wants_a_post_and_ends_the_session(client: Client):
    acme()
    sign_in(client)
    assert client.get("/sign-out/").status_code == 405
    answer = client.post("/sign-out/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/")
    assert client.get("/acme/articles/").status_code == 302


def test_a_form_without_its_token_is_refused():
    acme()
    client = Client(enforce_csrf_checks=True, headers={"host": STUDIO})
    assert sign_in(client).status_code == 403


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/acme/articles/", "/nothing/here"])
def test_no_page_is_cached_and_none_runs_or_styles_itself(client: Client, path: str):
    acme()
    anonymous = client.get(path)
    sign_in(client)
    for answer in (anonymous, client.get(path)):
        assert answer["Cache-Control"] == "no-store"
        assert answer["Content-Security-Policy"] == CONTENT_POLICY
        assert "unsafe" not in CONTENT_POLICY
        assert b"<style" not in answer.content
        assert b"<script" not in answer.content
        assert b' style="' not in answer.content


def test_the_session_cookie_is_of_this_host_and_no_script_reads_it(client: Client):
    acme()
    sign_in(client)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["domain"] == ""
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
