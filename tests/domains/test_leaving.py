"""A tenant that is erased, or taken along, and its names."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from domains.claiming import claim, prove, release
from domains.models import Certificate, Order, Standing, Tombstone
from publishing.takeout.erasing import census, erase
from publishing.takeout.exporting import export
from tests.cast import TECHBLOG, House, acme, bolt

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(media_root: Path) -> House:
    """Acme, with a name that is proven and has its certificate, one that is claimed, and one that it let go."""
    made = acme()
    how: dict[str, Any] = {"tenant": made.tenant, "site": made.sites[TECHBLOG], "by": made.people["owner"]}
    for name in ("proven.example", "former.example"):
        (one,) = claim(name=name, **how)
        hostname = prove(claim=one)
    release(hostname=hostname)
    claim(name="wanted.example", **how)
    now = timezone.now()
    for name in ("proven.example", "studio.platform.test"):
        Certificate.objects.create(
            name=name, chain="", key=b"", serial="1", issuer="", not_before=now, not_after=now, renew_at=now
        )
        Order.objects.create(name=name, registered=name, state="done")
    Order.objects.create(name="former.example", registered="former.example", tenant=made.tenant, state="done")
    return made


def tables_that_say(words: str) -> set[str]:
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}" AS one WHERE one::text LIKE %s)', [f"%{words}%"])
            if cursor.fetchone()[0]:
                found.add(table)
    return found


def test_an_erased_tenants_names_are_kept_from_others_and_say_nothing_of_it(house: House):
    other = bolt()
    said = census(house.tenant)
    assert said.rows["domains_claim.tenant_id"] == 1
    assert erase(tenant=house.tenant).is_nothing
    assert set(Certificate.objects.values_list("name", flat=True)) == {"studio.platform.test"}
    # How many were ordered counts at the authority; of what is nobody's business any more.
    assert sorted(Order.objects.values_list("name", flat=True)) == ["erased", "erased", "studio.platform.test"]
    assert not Standing.objects.exclude(hostname__site__in=list(other.sites.values())).exists()
    buried = dict(Tombstone.objects.values_list("name", "tenant"))
    assert buried.keys() >= {"proven.example", "former.example", *house.sites}
    assert set(buried.values()) == {None}
    assert all(stone.until - timezone.now() > timedelta(days=29) for stone in Tombstone.objects.all())
    # That a name is to be looked at is in the outbox until somebody finds that it is gone.
    assert tables_that_say("proven.example") == {"domains_tombstone", "events_event"}
    assert tables_that_say("wanted.example") == set()


def test_no_token_and_no_key_is_taken_along(house: House):
    tokens = [token for token in Standing.objects.values_list("token", flat=True) if token]
    out = io.BytesIO()
    export(tenant=house.tenant, to=out)
    with zipfile.ZipFile(out) as archive:
        said = b"".join(archive.read(name) for name in archive.namelist()).decode()
        assert "wanted.example" in archive.read("changes.jsonl").decode()
    assert len(tokens) == 1
    assert not [token for token in tokens if token in said]
    assert "token" not in archive.namelist()
