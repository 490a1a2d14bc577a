"""An owner takes along all that the tenant has."""

import io
import zipfile
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import LANTERN, TECHBLOG, acme, article_on, bolt, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(media_root: Path) -> Client:
    house = acme()
    article_on(house, TECHBLOG, title="Ours")
    article_on(bolt(), LANTERN, title="Theirs")
    return signed_in(house.people["owner"], "studio")


def test_the_page_says_what_the_file_holds_and_counts_nothing(owner: Client):
    with CaptureQueriesContext(connection) as queries:
        answer = owner.get("/acme/settings/takeout/")
    assert "no passwords" in answer.content.decode()
    assert len(queries) <= 4
    assert not [one["sql"] for one in queries if "COUNT(" in one["sql"].upper()]


def test_the_file_holds_ones_own_and_nothing_of_others(owner: Client):
    answer = owner.post("/acme/settings/takeout/")
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].startswith('attachment; filename="acme-20')
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"Ours" in everything
    for theirs in (b"Theirs", b"bolt", LANTERN.encode()):
        assert theirs not in everything
