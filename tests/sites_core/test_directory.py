import threading
from datetime import UTC, datetime
from typing import cast

import pytest
from django.contrib.sites.models import Site
from django.contrib.sites.shortcuts import get_current_site
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.db.models import F
from django.test import RequestFactory

from sites_core.directory import Directory, DirectoryUnavailable, directory
from sites_core.models import Brand, DirectoryVersion, Hostname, SiteState

pytestmark = pytest.mark.django_db


@pytest.fixture
def techblog() -> Site:
    return Site.objects.create(domain="techblog.test", name="Techblog")


def known() -> set[str]:
    directory.expire()
    return set(directory.names().by_hostname)


def test_a_site_added_by_the_orm_is_known(techblog: Site):
    assert known() == {"techblog.test"}
    assert directory.names().by_id[techblog.pk].name == "Techblog"


def test_a_site_added_by_sql_is_known():
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_site (domain, name) VALUES ('raw.test', 'Raw'), ('row.test', 'Row')")
    assert known() == {"raw.test", "row.test"}


def test_a_site_renamed_by_a_queryset_keeps_its_old_name_as_alias(techblog: Site):
    Site.objects.filter(pk=techblog.pk).update(domain="newblog.test")
    assert known() == {"techblog.test", "newblog.test"}
    assert directory.names().by_hostname["techblog.test"].domain == "newblog.test"


def test_a_site_renamed_back_takes_its_alias_again(techblog: Site):
    Site.objects.filter(pk=techblog.pk).update(domain="newblog.test")
    Site.objects.filter(pk=techblog.pk).update(domain="techblog.test")
    assert directory.names().by_hostname["newblog.test"].domain == "techblog.test"


def test_a_site_deleted_by_the_orm_is_unknown(techblog: Site):
    assert known()
    techblog.delete()
    assert known() == set()


def test_a_site_deleted_by_sql_takes_its_rows_with_it(techblog: Site):
    assert known()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_site WHERE id = %s", [techblog.pk])
    assert known() == set()
    assert not Hostname.objects.exists()
    assert not SiteState.objects.exists()
    assert not Brand.objects.exists()


def test_a_retirement_and_a_brand_are_seen(techblog: Site):
    assert not directory.names().by_id[techblog.pk].retired
    SiteState.objects.update(retired_at=datetime(2026, 1, 1, tzinfo=UTC))
    Brand.objects.update(tagline="Machines, explained")
    directory.expire()
    entry = directory.names().by_id[techblog.pk]
    assert entry.retired
    assert entry.brand.tagline == "Machines, explained"


def test_a_hostname_that_is_not_live_is_unknown(techblog: Site):
    Hostname.objects.create(site=techblog, name="www.techblog.test", state=Hostname.State.PENDING)
    assert known() == {"techblog.test"}


def test_a_generation_does_not_reload_the_directory(techblog: Site, django_assert_num_queries):
    directory.names()
    SiteState.objects.update(generation=F("generation") + 1)
    directory.expire()
    with django_assert_num_queries(1):
        directory.names()


def test_looking_up_costs_no_sql_within_a_second(techblog: Site, django_assert_num_queries):
    directory.names()
    with django_assert_num_queries(0):
        for number in range(1000):
            directory.names().by_hostname.get(f"unknown-{number}.test")


def test_many_threads_share_one_poll(techblog: Site, monkeypatch: pytest.MonkeyPatch):
    polls = []
    shared = Directory()
    shared._names = directory.names()
    monkeypatch.setattr(Directory, "_refresh", lambda self: polls.append(threading.current_thread().name))
    threads = [threading.Thread(target=shared.names) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(polls) == 1


def test_the_last_names_stay_while_the_database_is_away(techblog: Site, monkeypatch: pytest.MonkeyPatch, caplog):
    assert known()

    def away(self: Directory) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(Directory, "_refresh", away)
    assert known() == {"techblog.test"}
    assert "could not be refreshed" in caplog.text
    directory.forget()
    with pytest.raises(DirectoryUnavailable):
        directory.names()


@pytest.mark.parametrize(
    "domain", ["TechBlog.test", "techblog.test.", "techblog.test:80", "tech_blog.test", "téchblog.test", "1.2.3.4", "",
               "-a.test", "a..test", "ab--cd.test", " techblog.test"],
)  # fmt: skip
def test_no_other_spelling_can_be_stored_by_any_path(techblog: Site, domain: str):
    with pytest.raises(IntegrityError), transaction.atomic():
        Site.objects.create(domain=domain, name="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Site.objects.filter(pk=techblog.pk).update(domain=domain)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO sites_core_hostname (site_id, name) VALUES (%s, %s)", [techblog.pk, domain])


def test_a_hostname_belongs_to_one_site(techblog: Site):
    other = Site.objects.create(domain="financeblog.test", name="Financeblog")
    with pytest.raises(IntegrityError), transaction.atomic():
        Hostname.objects.create(site=other, name="techblog.test")
    Hostname.objects.create(site=techblog, name="www.techblog.test")
    with pytest.raises(IntegrityError, match="already belongs to another site"), transaction.atomic():
        Site.objects.filter(pk=other.pk).update(domain="www.techblog.test")


def test_the_primary_hostname_can_be_neither_removed_nor_given_away(techblog: Site):
    other = Site.objects.create(domain="financeblog.test", name="Financeblog")
    primary = Hostname.objects.filter(name="techblog.test")
    for take_away in (primary.delete, lambda: primary.update(site=other)):
        with pytest.raises(IntegrityError), transaction.atomic():
            take_away()
            connection.check_constraints()


def test_get_current_site_answers_from_the_directory(techblog: Site, rf: RequestFactory, django_assert_num_queries):
    directory.names()
    with django_assert_num_queries(0):
        site = cast(Site, get_current_site(rf.get("/", headers={"host": "TechBlog.test:8000"})))
        assert (type(site), site.pk, site.domain, site.name) == (Site, techblog.pk, "techblog.test", "Techblog")
        with pytest.raises(Site.DoesNotExist):
            get_current_site(rf.get("/", headers={"host": "stranger.test"}))


def test_get_current_site_keeps_nothing_however_hosts_are_spelt(techblog: Site, rf: RequestFactory):
    from django.contrib.sites import models as sites_models

    for spelling in ("techblog.test", "TECHBLOG.test", "techblog.test:80", "techblog.test.:8000"):
        get_current_site(rf.get("/", headers={"host": spelling}))
    assert len(sites_models.SITE_CACHE) == 0
    Site.objects.clear_cache()
    assert get_current_site(rf.get("/", headers={"host": "techblog.test"})) == techblog


def test_a_site_of_single_site_settings_is_the_current_one(techblog: Site, settings):
    Site.objects.create(domain="financeblog.test", name="Financeblog")
    settings.SITE_ID = techblog.pk
    directory.forget()
    assert get_current_site(None).domain == "techblog.test"
    assert known() == {"techblog.test"}


@pytest.mark.parametrize("zone", ["localtime", "Mars/Olympus_Mons", ""])
def test_a_time_zone_that_postgresql_does_not_know_is_refused(techblog: Site, zone: str):
    with pytest.raises(ValidationError, match=r"time zone|blank"):
        Brand(site=techblog, time_zone=zone).full_clean()
    with pytest.raises(DatabaseError), transaction.atomic():
        Brand.objects.update(time_zone=zone or "nowhere")


class Clock:
    """Time that passes when a test says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr("sites_core.directory.time.monotonic", lambda: self.now)


def test_a_change_is_seen_half_a_second_after_the_last_poll_and_not_later(
    techblog: Site, monkeypatch, django_assert_num_queries
):
    clock = Clock(monkeypatch)
    directory.names()
    Site.objects.create(domain="financeblog.test", name="Financeblog")
    clock.now += 0.49
    with django_assert_num_queries(0):
        assert "financeblog.test" not in directory.names().by_hostname
    clock.now += 0.01
    assert "financeblog.test" in directory.names().by_hostname


def test_a_database_that_is_slow_to_fail_is_asked_once_a_second(techblog: Site, monkeypatch: pytest.MonkeyPatch):
    clock = Clock(monkeypatch)
    directory.names()
    asked = []

    def fails_slowly(self: Directory) -> None:
        asked.append(clock.now)
        clock.now += 1.0
        raise OperationalError("the pool's time-out")

    monkeypatch.setattr(Directory, "_refresh", fails_slowly)
    clock.now += 1.0
    for _ in range(50):
        assert "techblog.test" in directory.names().by_hostname
    assert len(asked) == 1
    clock.now += 1.0
    directory.names()
    assert len(asked) == 2


def test_emptied_tables_are_no_error_and_fill_again(techblog: Site):
    assert known()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sites_core_directoryversion")
        cursor.execute("DELETE FROM django_site")
    DirectoryVersion.objects.all().delete()
    assert known() == set()
    Site.objects.create(domain="again.test", name="Again")
    assert known() == {"again.test"}


def test_nobody_waits_for_a_poll_that_takes_its_time(techblog: Site, monkeypatch: pytest.MonkeyPatch):
    known = directory.names()
    directory.expire()
    waited = []

    class Held:
        """The lock while another thread asks a database that hangs."""

        def acquire(self, timeout: float) -> bool:
            waited.append(timeout)
            return False

    monkeypatch.setattr(directory, "_polling", Held())
    assert directory.names() is known
    assert waited == [0.0]
