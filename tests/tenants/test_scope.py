import pytest
from django.db import IntegrityError, connection, transaction
from django_scopes import get_scope

from publishing.models import Article, ArticleByline, ArticleTopic, Byline, Image, Placement, Redirect, Section, Topic
from tenants.models import Membership, MembershipSite, Ownership
from tenants.roles import POWERS, Power, Role, may
from tenants.scope import ScopeError, across_tenants, of_site, tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, acme, article_on, bolt

pytestmark = pytest.mark.django_db

SCOPED = [Article, Placement, Topic, Byline, Image, Section, Redirect, Membership]


@pytest.mark.parametrize("model", SCOPED)
def test_a_query_that_forgets_its_tenant_raises(model):
    for forgetful in (
        lambda: list(model.objects.all()),
        lambda: model.objects.filter(pk=1),
        lambda: model.objects.count(),
        lambda: model.objects.get(pk=1),
    ):
        with pytest.raises(ScopeError):
            forgetful()


def test_the_vocabulary_of_placements_raises_too():
    with pytest.raises(ScopeError):
        Placement.objects.on(1)


def test_a_scope_sees_its_tenant_alone():
    ours, theirs = acme(), bolt()
    mine, foreign = article_on(ours, TECHBLOG), article_on(theirs, LANTERN)
    with tenant_scope(ours.tenant):
        assert list(Article.objects.all()) == [mine]
        assert not Article.objects.filter(pk=foreign.pk).exists()
        assert not Placement.objects.filter(article=foreign).exists()
    with across_tenants("the test counts both"):
        assert Article.objects.count() == 2


def test_doors_past_the_scope_want_a_reason_and_a_site():
    with pytest.raises(ValueError, match="Say why"), across_tenants(""):
        pass
    with pytest.raises(ValueError, match="which site"), of_site(0):
        pass


def test_no_scope_is_left_open():
    ours = acme()
    with tenant_scope(ours.tenant):
        assert get_scope()["tenant"] == ours.tenant
    assert "tenant" not in get_scope()


def refused_by_the_database(row) -> bool:
    try:
        with transaction.atomic(), across_tenants("the test crosses tenants on purpose"):
            row.save()
            connection.check_constraints()
    except IntegrityError:
        return True
    return False


def test_the_database_refuses_every_link_across_tenants():
    ours, theirs = acme(), bolt()
    mine, foreign = article_on(ours, TECHBLOG), article_on(theirs, LANTERN)
    with across_tenants("rows of both tenants are made"):
        topic = Topic.objects.create(tenant=theirs.tenant, slug="a", name="A")
        byline = Byline.objects.create(tenant=theirs.tenant, slug="a", name="A")
        image = Image.objects.create(tenant=theirs.tenant, digest="0", name="a", width=1, height=1, widths=[1])
        elsewhere = Section.objects.create(tenant=ours.tenant, site=ours.sites[FINANCEBLOG], slug="a", name="A")
        placement = Placement.objects.get(article=mine)
        membership = Membership.objects.get(user=ours.people["limited"])
    us, them, their_site = ours.tenant, theirs.tenant, theirs.sites[LANTERN]

    crossing = [
        Placement(tenant=us, article=mine, site=their_site, slug="x"),
        Placement(tenant=them, article=mine, site=their_site, slug="x"),
        Placement(tenant=us, article=foreign, site=ours.sites[FINANCEBLOG], slug="x"),
        ArticleTopic(tenant=us, article=mine, topic=topic),
        ArticleTopic(tenant=them, article=mine, topic=topic),
        ArticleByline(tenant=us, article=mine, byline=byline),
        Section(tenant=us, site=their_site, slug="x", name="X"),
        Redirect(tenant=us, site=their_site, path="/a/", target="/b/"),
        MembershipSite(tenant=us, membership=membership, site=their_site),
    ]
    for row in crossing:
        assert refused_by_the_database(row), row
    mine.lead_image = image
    placement.section = elsewhere
    assert refused_by_the_database(mine)
    assert refused_by_the_database(placement), "a section of another site of the same tenant"


def test_a_site_cannot_change_its_tenant_beneath_its_content():
    ours, theirs = acme(), bolt()
    article_on(ours, TECHBLOG)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ownership.objects.filter(site=ours.sites[TECHBLOG]).update(tenant=theirs.tenant)
        connection.check_constraints()


def test_a_site_deleted_by_sql_takes_what_hung_on_it_and_leaves_the_articles():
    ours = acme()
    article = article_on(ours, TECHBLOG, FINANCEBLOG)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_site WHERE id = %s", [ours.sites[TECHBLOG].pk])
    connection.check_constraints()
    with tenant_scope(ours.tenant):
        assert [placement.site.domain for placement in article.placements.all()] == [FINANCEBLOG]
    assert not Ownership.objects.filter(site=ours.sites[TECHBLOG].pk).exists()


def test_every_power_is_in_the_table_and_an_unknown_role_has_none():
    assert set(POWERS) == set(Power)
    assert all(may(Role.OWNER, power) for power in Power)
    assert not any(may("visitor", power) for power in Power)
    assert may(Role.VIEWER, Power.READ)
    assert not may(Role.AUTHOR, Power.PLACE)


def test_an_e_mail_address_has_one_spelling():
    ours = acme()
    person = ours.people["owner"]
    person.email = "Owner@acme.test"
    with pytest.raises(IntegrityError), transaction.atomic():
        person.save()
