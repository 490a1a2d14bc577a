"""What the database refuses in ops, as a sentence on the page."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import OperationalError, connection
from django.db.models import Model
from django.test import Client

from publishing.models import Topic
from sites_core.models import SiteState
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, TECHBLOG, acme, article_on
from tests.operations.browsing import as_staff, submitted, url

SENTENCE = "Somebody else is changing the same rows; try again."


@pytest.fixture
def staff() -> Client:
    return as_staff(is_superuser=True)


@contextmanager
def held_by_somebody_else(statement: str, *parameters: object) -> Iterator[None]:
    """Rows that another connection has locked; this one waits for 50 ms and no longer."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
    other = psycopg.connect(**{**connection.get_connection_params(), "cursor_factory": None})
    try:
        assert other.execute(statement, parameters).fetchone()
        yield
    finally:
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


def fails(monkeypatch: pytest.MonkeyPatch, error: Exception, cause: Exception) -> None:
    """Saving a tenant raises this error, out of that one of the driver."""

    def save(*_: object, **__: object) -> None:
        raise error from cause

    monkeypatch.setattr(Tenant, "save", save)


@pytest.mark.django_db(transaction=True)
def test_who_waited_too_long_for_somebody_elses_lock_reads_that_nothing_was_saved(staff: Client):
    house = acme()
    with tenant_scope(house.tenant):
        topic = Topic.objects.create(tenant=house.tenant, slug="data", name="Data")
    change = url("publishing_topic_change", topic.pk)
    with held_by_somebody_else("SELECT 1 FROM publishing_topic WHERE id = %s FOR UPDATE", topic.pk):
        answer = submitted(staff, change, name="Other")
        assert (answer.status_code, answer["Location"]) == (302, change)
        deleted = staff.post(url("publishing_topic_delete", topic.pk), {"post": "yes"})
        assert deleted.status_code == 302
    said = staff.get(change).content.decode()
    assert said.count(SENTENCE) == 2
    assert "successfully" not in said
    with tenant_scope(house.tenant):
        assert Topic.objects.get().name == "Data"
    assert submitted(staff, change, name="Other").status_code == 302
    with tenant_scope(house.tenant):
        assert Topic.objects.get().name == "Other"


@pytest.mark.django_db(transaction=True)
def test_an_article_waits_for_its_sites_before_anything_of_it_is_saved(staff: Client):
    house = acme()
    article = article_on(house, TECHBLOG, FINANCEBLOG, title="Before")
    site = house.sites[FINANCEBLOG]
    change = url("publishing_article_change", article.pk)
    with held_by_somebody_else("SELECT 1 FROM sites_core_sitestate WHERE site_id = %s FOR UPDATE", site.pk):
        assert submitted(staff, change, title="After")["Location"] == change
    assert SENTENCE in staff.get(change).content.decode()
    with tenant_scope(house.tenant):
        article.refresh_from_db()
    assert article.title == "Before"


@pytest.mark.django_db
@pytest.mark.parametrize("cause", [psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure])
def test_a_deadlock_is_told_as_what_it_is(staff: Client, monkeypatch: pytest.MonkeyPatch, cause: type[Exception]):
    house = acme()
    change = url("tenants_tenant_change", house.tenant.pk)
    fails(monkeypatch, OperationalError("deadlock detected\nDETAIL: Process 1 waits"), cause())
    assert submitted(staff, change, name="Other")["Location"] == change
    monkeypatch.undo()
    assert SENTENCE in staff.get(change).content.decode()


@pytest.mark.django_db
def test_a_database_that_gave_up_is_not_told_as_a_refusal(staff: Client, monkeypatch: pytest.MonkeyPatch):
    house = acme()
    change = url("tenants_tenant_change", house.tenant.pk)
    fails(monkeypatch, OperationalError("canceling statement\nCONTEXT: x"), psycopg.errors.QueryCanceled())
    submitted(staff, change, name="Other")
    monkeypatch.undo()
    said = staff.get(change).content.decode()
    assert "The database gave up: canceling statement. See whether it was saved" in said
    assert "CONTEXT" not in said


@pytest.mark.django_db
def test_a_page_that_cannot_be_read_does_not_lead_back_to_itself(staff: Client, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object) -> None:
        raise OperationalError

    monkeypatch.setattr("operations.admin.tenants.TenantAdmin.get_queryset", broken)
    with pytest.raises(OperationalError):
        staff.get(url("tenants_tenant_changelist"))


@pytest.mark.django_db
def test_an_article_is_saved_with_all_of_its_sites_held_from_the_first_deed(
    staff: Client, monkeypatch: pytest.MonkeyPatch
):
    house = acme()
    article = article_on(house, TECHBLOG, title="Before")
    site = house.sites[FINANCEBLOG]
    seen: list[tuple[set[int], str]] = []

    def noted(articles: list[Model], *, sites: set[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT title FROM publishing_article WHERE id = %s", [article.pk])
            seen.append((sites, cursor.fetchone()[0]))

    monkeypatch.setattr("operations.admin.articles.hold", noted)
    added = {"TOTAL_FORMS": 2, "1-article": article.pk, "1-site": site.pk, "1-status": "draft", "1-slug": "here"}
    changes = {f"placements-{name}": value for name, value in added.items()}
    assert submitted(staff, url("publishing_article_change", article.pk), title="After", **changes).status_code == 302
    assert seen == [({house.sites[TECHBLOG].pk, site.pk}, "Before")]
    assert SiteState.objects.filter(site__in=seen[0][0]).count() == 2
