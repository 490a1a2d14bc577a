"""The lists by topic and by byline are always what the articles and placements say, whoever writes these and how."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

import psycopg
import pytest
from django.contrib.sites.models import Site
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from publishing.models import Article, ArticleByline, ArticleTopic, Byline, Placement, Topic
from publishing.placing import place, recall, unpublish
from publishing.writing import set_bylines, set_topics, write
from tenants.scope import across_tenants
from tests.cast import House, acme, bolt, house

pytestmark = pytest.mark.django_db

ROUNDS = 60
T = TypeVar("T")


def told(term: str) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """What the table has, and what it should have."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT placement_id, {term}_id, site_id, tenant_id, go_live FROM publishing_{term}placement ORDER BY 1, 2"
        )
        kept = cursor.fetchall()
        cursor.execute(
            f"""
            SELECT p.id, t.{term}_id, p.site_id, p.tenant_id, p.go_live
              FROM publishing_placement p JOIN publishing_article{term} t ON t.article_id = p.article_id
             WHERE p.status = 'published' AND p.listed ORDER BY 1, 2
            """
        )
        return kept, cursor.fetchall()


def agreed() -> int:
    """How many rows both tables have, which must be those that they should have."""
    rows = 0
    for term in ("topic", "byline"):
        kept, wanted = told(term)
        assert kept == wanted
        rows += len(kept)
    return rows


class World:
    """A tenant with three sites, and every way in which its rows are written."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.owner = house("acme", "Acme", *(f"site{number}.test" for number in range(3)))
        self.sites = list(self.owner.sites.values())
        self.topics = [self._topic(number) for number in range(4)]
        self.bylines = [
            Byline.objects.create(tenant=self.owner.tenant, slug=f"b{number}", name=str(number)) for number in range(3)
        ]
        for _ in range(4):
            self.write()

    def _topic(self, number: int) -> Topic:
        return Topic.objects.create(tenant=self.owner.tenant, slug=f"t{number}", name=str(number))

    def article(self) -> Article:
        return self.chance.choice(list(Article.objects.order_by("pk")))

    def placements(self) -> list[Placement]:
        some = list(Placement.objects.order_by("pk"))
        return self.chance.sample(some, min(len(some), self.chance.randrange(1, 4)))

    def keys(self) -> list[int]:
        return [placement.pk for placement in self.placements()]

    def some(self, terms: list[T]) -> list[T]:
        return self.chance.sample(terms, self.chance.randrange(len(terms) + 1))

    def moment(self) -> datetime:
        return timezone.now() + timedelta(minutes=self.chance.randrange(-9999, 9999))

    # --- The ways ---

    def write(self) -> None:
        kind = self.chance.choice(["article", "article", "article", "page"])
        article = write(tenant=self.owner.tenant, kind=kind, title=f"Nr {self.chance.random()}", body="Words.")
        set_topics(article=article, topics=self.some(self.topics))
        set_bylines(article=article, bylines=self.some(self.bylines))
        place(article=article, site=self.chance.choice(self.sites))

    def refile(self) -> None:
        set_topics(article=self.article(), topics=self.some(self.topics))
        set_bylines(article=self.article(), bylines=self.some(self.bylines))

    def place(self) -> None:
        place(article=self.article(), site=self.chance.choice(self.sites))

    def schedule(self) -> None:
        for placement in self.placements():
            if placement.status != "recalled":
                place(article=placement.article, site=placement.site, go_live=self.moment())

    def unpublish(self) -> None:
        unpublish(placements=self.placements())

    def recall(self) -> None:
        recall(article=self.article())

    def update_by_queryset(self) -> None:
        Placement.objects.filter(pk__in=self.keys()).update(
            status=self.chance.choice(["published", "draft"]), go_live=self.moment(), listed=self.chance.random() < 0.8
        )

    def change_the_site(self) -> None:
        for placement in self.placements():
            taken = Placement.objects.filter(article=placement.article).values_list("site_id", flat=True)
            free = [site.pk for site in self.sites if site.pk not in taken]
            if free:
                slug = f"moved-{self.chance.randrange(10**9)}"
                Placement.objects.filter(pk=placement.pk).update(site=free[0], slug=slug, section=None)

    def swap_by_sql(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE publishing_articletopic filed SET topic_id = %s WHERE id = %s AND NOT EXISTS ("
                "SELECT FROM publishing_articletopic o WHERE o.article_id = filed.article_id AND o.topic_id = %s)",
                [(topic := self.chance.choice(self.topics).pk), self.filed(), topic],
            )

    def filed(self) -> int:
        """The key of a row, or of none."""
        keys = list(ArticleTopic.objects.values_list("pk", flat=True).order_by("pk"))
        return self.chance.choice(keys) if keys else 0

    def delete_links(self) -> None:
        ArticleTopic.objects.filter(pk=self.filed()).delete()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM publishing_articlebyline WHERE article_id = %s", [self.article().pk])

    def add_in_bulk(self) -> None:
        article = self.article()
        known = set(ArticleByline.objects.filter(article=article).values_list("byline_id", flat=True))
        ArticleByline.objects.bulk_create(
            ArticleByline(tenant=self.owner.tenant, article=article, byline=byline)
            for byline in self.bylines
            if byline.pk not in known
        )

    def delete_placements(self) -> None:
        if self.chance.random() < 0.5:
            Placement.objects.filter(pk__in=self.keys()).delete()
        else:
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM publishing_placement WHERE id = ANY (%s)", [self.keys()])

    def delete_an_article(self) -> None:
        article = self.article()
        if self.chance.random() < 0.5:
            article.delete()
        else:
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM publishing_article WHERE id = %s", [article.pk])
        self.write()

    def delete_a_topic(self) -> None:
        topic = self.topics.pop(self.chance.randrange(len(self.topics)))
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM publishing_topic WHERE id = %s", [topic.pk])
        self.topics.append(self._topic(self.chance.randrange(10, 10**9)))

    def undo(self) -> None:
        with transaction.atomic():
            savepoint = transaction.savepoint()
            self.update_by_queryset()
            self.delete_placements()
            transaction.savepoint_rollback(savepoint)


@pytest.mark.parametrize("seed", range(6))
def test_after_any_writes_by_any_way_the_lists_are_what_the_rows_say(seed: int) -> None:
    with across_tenants("a test of all of them"):
        world = World(seed)
        ways: list[Callable[[], None]] = [
            world.write, world.refile, world.place, world.schedule, world.unpublish, world.recall,
            world.update_by_queryset, world.change_the_site, world.swap_by_sql, world.delete_links, world.add_in_bulk,
            world.delete_placements, world.delete_an_article, world.delete_a_topic, world.undo,
        ]  # fmt: skip
        met = 0
        for _ in range(ROUNDS):
            world.chance.choice(ways)()
            met += agreed()
        assert met > ROUNDS


def listed(owner: House, *, site: int = 0) -> Placement:
    with across_tenants("a test"):
        topic, _ = Topic.objects.get_or_create(tenant=owner.tenant, slug="topic", name="Topic")
        article = write(tenant=owner.tenant, title="Title", body="Words.", topics=[topic])
        return place(article=article, site=list(owner.sites.values())[site])


def test_what_went_past_the_triggers_can_be_filed_afterwards() -> None:
    listed(acme())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE publishing_placement SET go_live = go_live - interval '1 day'")
        cursor.execute("SET LOCAL session_replication_role = origin")
    kept, wanted = told("topic")
    assert kept != wanted
    with connection.cursor() as cursor:
        cursor.execute("SELECT publishing_file_placements(array_agg(id)) FROM publishing_placement")
        cursor.execute("SELECT publishing_file_placements(NULL), publishing_file_placements(ARRAY[]::bigint[])")
    assert agreed() == 1


@pytest.mark.parametrize("what", ["site", "tenant", "topic"])
def test_no_row_can_cross_a_site_or_a_tenant(what: str) -> None:
    ours, theirs = acme(), bolt()
    placement, foreign = listed(ours), listed(theirs)
    with across_tenants("a test"):
        topic, theirs_topic = (Topic.objects.get(tenant=owner.tenant).pk for owner in (ours, theirs))
    row = {"placement": placement.pk, "topic": topic, "site": placement.site_id, "tenant": ours.tenant.pk}
    row |= {"site": {"site": foreign.site_id}, "tenant": {"tenant": theirs.tenant.pk},
            "topic": {"topic": theirs_topic}}[what]  # fmt: skip
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute("DELETE FROM publishing_topicplacement WHERE placement_id = %(placement)s", row)
        cursor.execute(
            "INSERT INTO publishing_topicplacement (placement_id, topic_id, site_id, tenant_id, go_live) "
            "VALUES (%(placement)s, %(topic)s, %(site)s, %(tenant)s, now())",
            row,
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_deleted_site_takes_its_lists_along() -> None:
    owner = acme()
    listed(owner), listed(owner, site=1)
    first, second = owner.sites.values()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_site WHERE id = %s", [first.pk])
    assert agreed() == 1
    with across_tenants("a test"):
        Site.objects.get(pk=second.pk).delete()
    assert agreed() == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_that_give_a_topic_and_publish_the_second_sees_the_first() -> None:
    owner = acme()
    placement = listed(owner)
    with across_tenants("a test"):
        topic = Topic.objects.get()
        ArticleTopic.objects.all().delete()
        Placement.objects.update(status="draft")
    parameters = connection.get_connection_params()
    address = {key: parameters[key] for key in ("host", "port", "user", "password", "dbname") if parameters.get(key)}
    with psycopg.connect(**address) as other, connection.cursor() as cursor:
        other.execute(
            "INSERT INTO publishing_articletopic (tenant_id, article_id, topic_id, position) VALUES (%s, %s, %s, 0)",
            [owner.tenant.pk, placement.article_id, topic.pk],
        )
        cursor.execute("SET lock_timeout = '200ms'")
        with pytest.raises(Exception, match="lock timeout"):
            cursor.execute("UPDATE publishing_placement SET status = 'published'")
        other.commit()
        cursor.execute("RESET lock_timeout")
        cursor.execute("UPDATE publishing_placement SET status = 'published'")
    assert agreed() == 1
