"""/.well-known/security.txt: whom to tell of a hole, under RFC 9116."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import LazySettings
from environs import ValidationError

from settings.base import contact
from sites_core.page_cache.keeping import KEPT
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, acme, bolt
from tests.reading.visiting import reader, text_of

pytestmark = pytest.mark.django_db

PATH = "/.well-known/security.txt"


def fields(domain: str = TECHBLOG) -> dict[str, str]:
    lines = text_of(reader(domain), PATH).splitlines()
    told = dict(line.split(": ", 1) for line in lines)
    assert len(told) == len(lines)
    return told


def test_it_names_the_contact_and_its_own_address(settings: LazySettings) -> None:
    acme(), bolt()
    settings.SECURITY_CONTACT = "https://platform.example/report"
    for domain in (TECHBLOG, FINANCEBLOG, LANTERN):
        told = fields(domain)
        assert told.keys() == {"Contact", "Expires", "Canonical"}
        assert told["Contact"] == "https://platform.example/report"
        assert told["Canonical"] == f"http://{domain}{PATH}"
    assert reader().get(PATH)["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("day", ["2026-01-01", "2026-05-31", "2026-06-30", "2026-12-31", "2028-02-29"])
def test_it_expires_within_a_year_and_long_after_it_is_kept(day: str) -> None:
    acme()
    now = datetime.fromisoformat(day).replace(hour=23, minute=59, tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        response = reader().get(PATH)
        expires = datetime.fromisoformat(fields()["Expires"])
        until = response.wsgi_request.META[KEPT].until
    assert now < until <= now + timedelta(days=31)
    assert until + timedelta(days=150) < expires < now + timedelta(days=365)
    with time_machine.travel(until - timedelta(seconds=1), tick=False):
        assert fields()["Expires"] == f"{expires:%Y-%m-%dT%H:%M:%SZ}"
    with time_machine.travel(until, tick=False):
        assert fields()["Expires"] > f"{expires:%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize(
    "uri", ["", "security@platform.example", "http://a.example/", "mailto:a@b\nContact: x", "tel:"]
)
def test_what_is_no_contact_is_refused(uri: str) -> None:
    with pytest.raises(ValidationError):
        contact(uri)


@pytest.mark.parametrize("uri", ["mailto:a@b.example", "https://a.example/x", "tel:+49-30-1234567"])
def test_a_contact_is_an_address(uri: str) -> None:
    contact(uri)
