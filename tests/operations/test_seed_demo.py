"""`manage.py seed_demo`: the demonstration newsroom."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings as django_settings
from django.contrib.sites.models import Site
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from operations.seeding import PASSPHRASE
from publishing.models import Article, Byline, Correction, Placement, Section, Topic
from tenants.models import Membership, Tenant, User
from tenants.scope import across_tenants

pytestmark = pytest.mark.django_db

MODELS = (Article, Placement, Section, Topic, Byline, Correction, Membership)


@pytest.fixture
def embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(django_settings, "SETTINGS_MODULE", "settings.embedded")


def seeded(*args: str) -> list[dict[str, str]]:
    out = StringIO()
    call_command("seed_demo", "--json", *args, stdout=out)
    return list(json.loads(out.getvalue())["logins"])


def counts() -> list[int]:
    with across_tenants("the demo has several tenants"):
        return [model.objects.count() for model in MODELS] + [User.objects.count(), Site.objects.count()]


@pytest.mark.usefixtures("embedded")
def test_the_demo_has_two_tenants_three_brands_and_articles_in_every_state():
    seeded()
    assert [one.slug for one in Tenant.objects.order_by("slug")] == ["acme", "bolt"]
    sites = {site.domain: site for site in Site.objects.select_related("brand")}
    assert set(sites) == {"techblog.localhost", "financeblog.localhost", "lantern.localhost"}
    assert len({site.brand.accent for site in sites.values()}) == 3
    now = timezone.now()
    with across_tenants("the demo has several tenants"):
        assert Article.objects.filter(kind="article").count() >= 25
        assert Placement.objects.filter(go_live__gt=now, status="published").count() == 1
        assert Placement.objects.filter(status="recalled").count() == 1
        assert Correction.objects.count() == 1
        assert len([one for one in Article.objects.all() if one.placements.count() > 1]) >= 5
        for article in Article.objects.all():
            published = article.placements.filter(status="published")
            assert published.filter(is_canonical=True).count() == min(1, published.count()), article
            assert article.revisions.count() == 1
            assert article.updated_at <= now + timedelta(minutes=1)
        assert not Placement.objects.filter(section=None, article__kind="article").exists()


@pytest.mark.usefixtures("embedded")
def test_every_login_works_where_it_says():
    for login in seeded():
        assert login["password"] == PASSPHRASE
        host = login["where"].removeprefix("http://").removesuffix("/")
        client = Client(headers={"host": host})
        path = "/login/" if host.startswith("ops.") else "/sign-in/"
        answer = client.post(path, {"username": login["email"], "password": login["password"], "next": "/"})
        assert answer.status_code == 302, login
        assert client.get("/", follow=True).status_code == 200


@pytest.mark.usefixtures("embedded")
def test_seeding_again_changes_nothing_and_leaves_changes_alone():
    first = seeded()
    with across_tenants("somebody edits the demo"):
        article = Article.objects.get(source_id="demo:a-backup-is-a-rumour")
        article.title = "Mine now"
        article.save()
        Placement.objects.filter(article__source_id="demo:what-a-repo-is").delete()
        Article.objects.get(source_id="demo:the-four-minute-stampede").delete()
    Site.objects.get(domain="lantern.localhost").delete()
    before = counts()
    editor = User.objects.get(email="editor@acme.example")
    editor.set_password("another passphrase")
    editor.save()
    again = seeded()
    assert [one["password"] for one in again] == [
        None if one["email"] == editor.email else one["password"] for one in first
    ]
    with across_tenants("somebody looks"):
        assert Article.objects.get(pk=article.pk).title == "Mine now"
    assert counts() == before, "what somebody took away is not put back"


def test_elsewhere_the_published_pass_phrase_is_refused_and_nothing_is_made():
    with pytest.raises(CommandError, match="pass phrase is public"):
        seeded()
    assert counts() == [0] * len(counts())


def test_by_force_passwords_are_generated_and_told_once():
    logins = seeded("--force")
    passwords = {login["password"] for login in logins}
    assert len(passwords) == len(logins)
    assert PASSPHRASE not in passwords
    for login in logins:
        assert User.objects.get(email=login["email"]).check_password(login["password"])
    assert {login["password"] for login in seeded("--force")} == {None}


@pytest.mark.usefixtures("embedded")
def test_beside_somebodys_own_tenant_nobody_gets_the_published_pass_phrase():
    Tenant.objects.create(slug="real", name="Somebody's work")
    assert PASSPHRASE not in {login["password"] for login in seeded()}


@pytest.mark.usefixtures("embedded")
def test_a_name_that_is_somebody_elses_is_refused_and_nothing_is_made():
    Site.objects.create(domain="lantern.localhost", name="Somebody else's")
    with pytest.raises(CommandError, match=r"lantern\.localhost already belongs to a site"):
        seeded()
    assert Tenant.objects.count() == 0
    assert User.objects.count() == 0


@pytest.mark.usefixtures("embedded")
def test_the_log_ins_are_a_table_for_people():
    out = StringIO()
    call_command("seed_demo", stdout=out)
    heading, row = (next(line for line in out.getvalue().splitlines() if word in line) for word in ("Where", "staff@"))
    assert heading.index("Role") == row.index("platform staff")
