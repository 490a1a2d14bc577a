"""The edge's document: who is in it, what it costs to follow, and what is never handed out."""

import gzip
import json
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.sites.models import Site
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from domains.models import Certificate
from events.models import Event
from operations.edge import document as module
from operations.edge import pairs, serving, shrinking
from operations.edge.document import Document, NotNow
from sites_core import sealing
from sites_core.directory import directory
from sites_core.models import Hostname
from tests.operations.pairs import certify

pytestmark = pytest.mark.django_db

TOKEN = "a token of the tests, of 32 and more".replace(" ", "-")


@pytest.fixture
def document(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> Document:
    """The process's own, new."""
    settings.EDGE_TOKEN = TOKEN
    # How many names the last one had outlives the process, and so a test.
    cache.clear()
    fresh = Document()
    monkeypatch.setattr(serving, "document", fresh)
    return fresh


def test_a_new_process_does_not_take_a_loss_for_the_beginning_and_staff_are_told(forty: Document):
    Certificate.objects.exclude(name="title0.test").delete()
    with pytest.raises(NotNow, match="39 of 40 names are gone"):
        Document().body()
    assert "39 of 40" in Event.objects.get(name=shrinking.HELD_BACK).payload["reason"]


@pytest.mark.django_db
def test_before_the_first_certificate_nobody_is_told_of_a_loss(document: Document):
    with pytest.raises(NotNow):
        document.body()
    assert not Event.objects.filter(name=shrinking.HELD_BACK).exists()


def add(*names: str) -> None:
    for name in names:
        Site.objects.create(domain=name, name=name)
        certify(name)
    directory.expire()


def told(document: Document) -> list[dict[str, str]]:
    directory.expire()
    found: list[dict[str, str]] = json.loads(gzip.decompress(document.body()))["tls"]["certificates"]
    return found


def names(document: Document) -> set[str]:
    """Whose certificates are in the document."""
    chains = {row.chain: row.name for row in Certificate.objects.all()}
    return {chains[one["certFile"]] for one in told(document)}


def get(**headers: str) -> Any:
    return Client(headers={"host": "internal.platform.test"} | headers).get("/edge/traefik.json")


def test_names_that_are_served_and_have_a_certificate_are_in_it(document: Document) -> None:
    add("a.test", "b.test")
    Site.objects.create(domain="without.test", name="No certificate")
    certify("nobodys.test")
    assert names(document) == {"a.test", "b.test"}


@pytest.mark.parametrize(
    ("state", "served"), [("verified", True), ("live", True), ("grace", True), ("quarantined", False)]
)
def test_a_name_is_in_it_while_its_state_is_served(document: Document, state: str, served: bool) -> None:
    add("a.test", "b.test")
    Hostname.objects.filter(name="a.test").update(state=state)
    assert ("a.test" in names(document)) is served


def test_the_platforms_own_the_free_names_and_previews_are_in_it_and_nothing_else_of_the_platform(
    document: Document,
) -> None:
    add("a.test")
    preview = f"preview-{Site.objects.get(domain='a.test').pk}.sites.test"
    own = {"studio.platform.test", "ops.platform.test", "*.sites.test", preview}
    for name in (*own, "internal.platform.test", "*.platform.test", "preview-999999.sites.test", "*.a.test"):
        certify(name)
    assert names(document) == {"a.test"} | own


def test_the_same_rows_make_the_same_bytes(document: Document) -> None:
    add(*(f"title{number}.test" for number in range(20)))
    document.refresh()
    Certificate.objects.filter(name="title3.test").delete()
    document.refresh()
    assert Document().refresh()
    again = Document()
    again.refresh()
    assert again.body() == document.body()


def test_where_nothing_changed_one_statement_is_all(document: Document) -> None:
    add("a.test", "b.test")
    document.refresh()
    with CaptureQueriesContext(connection) as asked:
        assert not document.refresh()
    assert len(asked) == 1


def test_a_change_of_one_opens_one(document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    add(*(f"title{number}.test" for number in range(30)))
    document.refresh()
    opened: list[str] = []

    def unseal(purpose: str, sealed: bytes) -> bytes:
        opened.append(purpose)
        return sealing.unseal(purpose, sealed)

    monkeypatch.setattr(pairs, "unseal", unseal)
    renewed = certify("title7.test")
    assert document.refresh()
    assert len(opened) == 1
    assert renewed.chain in {one["certFile"] for one in told(document)}
    assert len(told(document)) == 30


def test_a_deleted_certificate_and_one_that_committed_late_are_noticed(document: Document) -> None:
    add("a.test", "b.test", "c.test")
    document.refresh()
    Certificate.objects.filter(name="c.test").delete()
    assert names(document) == {"a.test", "b.test"}
    between = certify("b.test").version
    certify("b.test")
    document.refresh()
    # Its transaction took its number before one that was seen already, and ended after it.
    late = certify("a.test")
    Certificate.objects.filter(name="a.test").update(version=between)
    assert late.chain in {one["certFile"] for one in told(document)}


def test_a_damaged_certificate_is_left_out_and_told_and_the_others_stay(document: Document) -> None:
    add("a.test", "b.test", "c.test")
    document.refresh()
    Certificate.objects.filter(name="a.test").update(key=b"garbage")
    Certificate.objects.filter(name="b.test").update(chain="garbage")
    assert names(document) == {"c.test"}
    assert set(document.damaged) == {"a.test", "b.test"}
    certify("a.test")
    assert names(document) == {"a.test", "c.test"}
    assert set(document.damaged) == {"b.test"}


def test_without_a_certificate_there_is_no_document(document: Document) -> None:
    Site.objects.create(domain="a.test", name="A")
    with pytest.raises(NotNow, match="no certificate"):
        document.body()
    certify("a.test")
    assert names(document) == {"a.test"}


@pytest.fixture
def forty(document: Document) -> Document:
    add(*(f"title{number}.test" for number in range(40)))
    document.refresh()
    return document


def lose(how_many: int) -> None:
    gone = [f"title{number}.test" for number in range(how_many)]
    Certificate.objects.filter(name__in=gone).delete()
    Site.objects.filter(domain__in=gone).delete()
    directory.expire()


def test_a_few_names_may_go_at_once(forty: Document) -> None:
    lose(shrinking.FEW)
    assert len(told(forty)) == 35


def test_a_sudden_loss_is_held_back_until_somebody_confirms_it(forty: Document) -> None:
    lose(20)
    for _ in range(2):
        with pytest.raises(NotNow, match="20 of 40 names are gone"):
            forty.body()
    shrinking.confirm(20)
    assert len(told(forty)) == 20


def test_a_confirmation_is_for_so_many_names_and_not_for_any(forty: Document) -> None:
    shrinking.confirm(20)
    lose(39)
    with pytest.raises(NotNow):
        forty.body()


def test_names_that_come_back_need_no_confirmation(forty: Document) -> None:
    Hostname.objects.filter(name__startswith="title1").update(state="quarantined")
    directory.expire()
    with pytest.raises(NotNow):
        forty.body()
    Hostname.objects.update(state="live")
    directory.expire()
    assert len(told(forty)) == 40


def test_a_process_with_the_wrong_key_hands_out_nothing(document: Document, settings: LazySettings) -> None:
    add(*(f"title{number}.test" for number in range(8)))
    settings.SECRET_KEY = "another one"
    certify("title0.test")
    with pytest.raises(NotNow, match="7 of 8 names are gone"):
        document.body()


@pytest.fixture
def no_database(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def fails() -> None:
        raise OperationalError("gone")

    with monkeypatch.context() as patched:
        patched.setattr(module, "fingerprint", fails)
        yield


def test_without_the_database_the_last_document_stays(forty: Document, no_database: None) -> None:
    assert len(told(forty)) == 40


def test_without_the_database_and_a_document_there_is_none(document: Document, no_database: None) -> None:
    with pytest.raises(NotNow, match="database"):
        document.body()


def test_above_many_names_one_change_goes_at_once_and_the_next_ones_together(
    forty: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [time.monotonic() + 60]
    monkeypatch.setattr(module, "MANY", 39)
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: now[0]))
    add("first.test")
    assert len(told(forty)) == 41
    for second in range(1, 4):
        now[0] += 3
        add(f"later{second}.test")
        assert len(told(forty)) == 41
    now[0] += 1
    assert len(told(forty)) == 44


def test_the_endpoint_wants_the_token_and_says_nothing_without_it(forty: Document, settings: LazySettings) -> None:
    for authorization in (
        "",
        "Bearer",
        "Bearer x",
        f"Basic {TOKEN}",
        f"Bearer {TOKEN}x",
        f"bearer {TOKEN}",
        "Bearer é",
    ):
        answer = get(authorization=authorization)
        assert answer.status_code == 401, authorization
        assert b"BEGIN" not in answer.content
    assert get(authorization=f"Bearer {TOKEN}").status_code == 200
    settings.EDGE_TOKEN = ""
    assert get(authorization="Bearer ").status_code == 404
    assert get().status_code == 404


def test_the_endpoint_is_on_the_internal_host_alone(forty: Document) -> None:
    for host in ("title1.test", "studio.platform.test", "ops.platform.test"):
        answer = Client(headers={"host": host, "authorization": f"Bearer {TOKEN}"}).get("/edge/traefik.json")
        assert answer.status_code in {302, 404}, host
    assert get(authorization=f"Bearer {TOKEN}", x_forwarded_for="10.0.0.1").status_code == 404


def test_it_is_compressed_for_whom_asks_for_that(forty: Document) -> None:
    plain = get(authorization=f"Bearer {TOKEN}")
    packed = get(authorization=f"Bearer {TOKEN}", accept_encoding="gzip")
    assert plain.headers["Content-Type"] == packed.headers["Content-Type"] == "application/json"
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert len(json.loads(plain.content)["tls"]["certificates"]) == 40
    assert plain.headers["Cache-Control"] == packed.headers["Cache-Control"] == "no-store"


def test_what_is_not_handed_out_is_503_with_the_reason(forty: Document) -> None:
    lose(40)
    answer = get(authorization=f"Bearer {TOKEN}")
    assert answer.status_code == 503
    assert b"no certificate" in answer.content
