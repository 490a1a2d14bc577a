"""Signing in as a browser does it: with the form's token, its cookie, and an Origin that carries the public port."""

import re
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from tests.cast import PASSWORD, TECHBLOG, acme

pytestmark = pytest.mark.django_db

PATHS = {"studio": "/sign-in/", "ops": "/login/"}


@pytest.fixture(autouse=True)
def public_port(settings) -> Iterator[None]:
    settings.PUBLIC_PORT = 8000
    cache.clear()
    owner = acme().people["owner"]
    owner.is_staff = owner.is_superuser = True
    owner.save()
    yield
    cache.clear()


def sign_in(surface: str, origin: str, *, token: bool = True, **headers: str):
    browser = Client(enforce_csrf_checks=True, headers={"host": f"{surface}.platform.test:8000"})
    form = browser.get(PATHS[surface]).content.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
    assert found
    fields = {"username": "owner@acme.test", "password": PASSWORD, "next": "/"}
    fields |= {"csrfmiddlewaretoken": found[1]} if token else {}
    return browser, browser.post(PATHS[surface], fields, headers={"origin": origin, **headers})


@pytest.mark.parametrize("surface", PATHS)
def test_the_form_of_this_host_signs_in(surface: str):
    browser, answer = sign_in(surface, f"http://{surface}.platform.test:8000")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert browser.get("/").status_code in {200, 302}
    assert not browser.get("/").get("Location", "").startswith(PATHS[surface])


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.test", "null", f"http://{TECHBLOG}:8000", "http://platform.test:8000",
        "http://other.platform.test:8000", "http://x.{surface}.platform.test:8000",
        "http://{surface}.platform.test", "http://{surface}.platform.test:8001", "https://{surface}.platform.test:8000",
        "http://{surface}.platform.test:8000.evil.test", "http://{surface}.platform.test:8000@evil.test",
    ],
)  # fmt: skip
@pytest.mark.parametrize("surface", PATHS)
def test_a_form_that_another_origin_sends_is_refused_though_its_token_is_right(surface: str, origin: str):
    browser, answer = sign_in(surface, origin.format(surface=surface))
    assert answer.status_code == 403
    assert browser.get("/")["Location"].startswith(PATHS[surface])


@pytest.mark.parametrize(("surface", "other"), [("studio", "ops"), ("ops", "studio")])
def test_one_front_may_not_send_the_forms_of_the_other(surface: str, other: str):
    assert sign_in(surface, f"http://{other}.platform.test:8000")[1].status_code == 403


@pytest.mark.parametrize("surface", PATHS)
def test_without_its_token_the_form_is_refused_even_from_its_own_host(surface: str):
    browser, answer = sign_in(surface, f"http://{surface}.platform.test:8000", token=False)
    assert answer.status_code == 403
    assert browser.get("/")["Location"].startswith(PATHS[surface])
