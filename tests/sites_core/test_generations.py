"""How each process learns which site's pages have changed: one small statement a poll, and nothing is missed."""

from collections.abc import Iterator

import psycopg
import pytest
from django.contrib.sites.models import Site
from django.db import connection, transaction

from sites_core.directory import Directory
from sites_core.models import Brand, SiteState


def generation(directory: Directory, site: Site) -> int:
    directory.expire()
    return directory.names().generations[site.pk]


@pytest.fixture
def techblog(db) -> Site:
    return Site.objects.create(domain="techblog.test", name="Techblog")


@pytest.mark.django_db
def test_a_poll_is_one_statement_and_brings_the_generations_that_moved(techblog, django_assert_num_queries):
    directory = Directory()
    before = generation(directory, techblog)
    SiteState.objects.filter(site=techblog).update(generation=before + 1)
    with django_assert_num_queries(1):
        assert generation(directory, techblog) > before


@pytest.mark.django_db
def test_an_object_saved_whole_hides_no_change_from_the_poll(techblog):
    directory = Directory()
    stale = SiteState.objects.get(site=techblog)
    before = generation(directory, techblog)
    SiteState.objects.filter(site=techblog).update(generation=before + 1)
    stale.save()
    assert generation(directory, techblog) > before


@pytest.mark.django_db
def test_a_change_of_the_names_brings_all_generations(techblog):
    directory = Directory()
    before = generation(directory, techblog)
    Brand.objects.filter(site=techblog).update(tagline="New words")
    assert generation(directory, techblog) > before


@pytest.fixture
def others(transactional_db) -> Iterator[list[psycopg.Connection[tuple[int, ...]]]]:
    """Two connections of other processes."""
    known = connection.get_connection_params()
    names = {name: known[name] for name in ("host", "port", "user", "password", "dbname") if known.get(name)}
    opened = [psycopg.connect(**names) for _ in range(2)]
    yield opened
    for one in opened:
        one.close()


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_commits_late_is_seen_however_many_overtook_it(others):
    slow, fast = others
    sites = [Site.objects.create(domain=f"title{number}.test", name="Title") for number in range(2)]
    directory = Directory()
    known = [generation(directory, site) for site in sites]
    bump = "SELECT sites_core_next_generation(ARRAY[%s::integer])"
    slow.execute(bump, [sites[0].pk])
    for _ in range(3):
        fast.execute(bump, [sites[1].pk])
        fast.commit()
        assert generation(directory, sites[0]) == known[0]
        latest = generation(directory, sites[1])
        assert latest > known[1]
        known[1] = latest
    slow.commit()
    assert generation(directory, sites[0]) > known[0]
    assert generation(directory, sites[1]) == known[1]


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_was_never_there(others):
    slow, _ = others
    site = Site.objects.create(domain="title.test", name="Title")
    directory = Directory()
    before = generation(directory, site)
    slow.execute("SELECT sites_core_next_generation(ARRAY[%s::integer])", [site.pk])
    slow.rollback()
    assert generation(directory, site) == before


@pytest.mark.django_db
def test_stamps_of_another_cluster_are_not_read_at_every_poll(techblog):
    """As a restored dump has them: its transactions had higher numbers than this cluster's."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE sites_core_sitestate SET changed = 2^60, generation = 7")
        cursor.execute("SET LOCAL session_replication_role = origin")
    directory = Directory()
    assert generation(directory, techblog) == 7
    directory.names().generations[techblog.pk] = 0
    assert generation(directory, techblog) == 0, "the poll read a row that nobody changed"
    SiteState.objects.filter(site=techblog).update(generation=8)
    assert generation(directory, techblog) > 8


@pytest.mark.django_db
def test_a_number_that_stood_for_one_content_never_stands_for_another():
    directory, seen = Directory(), []
    for name in ("first", "second"):
        site = Site.objects.create(pk=987_654, domain=f"{name}.test", name=name)
        seen.append(generation(directory, site))
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            Brand.objects.filter(site=site).update(tagline="Never committed")
            seen.append(SiteState.objects.get(site=site).generation)
            raise ZeroDivisionError
        Brand.objects.filter(site=site).update(tagline="Committed")
        seen.append(generation(directory, site))
        site.delete()
    assert len(set(seen)) == len(seen)
    assert seen == sorted(seen)
    # At random: another database's numbers are not these.
    assert min(seen) > 2**30


@pytest.mark.django_db
def test_the_poll_reads_an_index_and_not_every_site(techblog):
    from sites_core.directory import _POLL

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_site (domain, name) SELECT 'x' || n || '.test', 'X' FROM generate_series(1, 5000) n"
        )
        cursor.execute("ANALYZE sites_core_sitestate")
        cursor.execute(f"EXPLAIN {_POLL}", [2**40])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "sites_core_sitestate_changed" in plan
    assert "Seq Scan on sites_core_sitestate" not in plan
