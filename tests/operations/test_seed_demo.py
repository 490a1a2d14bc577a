"""`manage.py seed_demo`: the demonstration newsroom."""

import json
import re
from collections import Counter
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.sites.models import Site
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from operations.seeding import PASSPHRASE, pictures, seed
from publishing.images import file_of
from publishing.models import Article, Byline, Correction, Image, Placement, Section, Topic
from sites_core.models import MenuItem
from sites_core.palette import TEXT, contrast
from sites_core.themes import theme_named, themes
from tenants.models import Membership, Tenant, User
from tenants.scope import across_tenants

pytestmark = pytest.mark.django_db

MODELS = (Article, Placement, Section, Topic, Byline, Correction, Image, Membership)
FRONTS = {"techblog.localhost": 18, "financeblog.localhost": 30, "lantern.localhost": 12, "laterne.localhost": 4}
"""How many articles each front shows at least."""


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pictures small enough to be drawn for every test; their shapes are test_drawing's."""
    settings.MEDIA_ROOT = tmp_path
    for size in ("LARGE", "USUAL"):
        monkeypatch.setattr(pictures, size, 0.06)
    return tmp_path


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
def test_the_demo_has_two_tenants_four_brands_and_articles_in_every_state():
    seeded()
    assert [one.slug for one in Tenant.objects.order_by("slug")] == ["acme", "bolt"]
    brands = {site.domain: site.brand for site in Site.objects.select_related("brand")}
    assert set(brands) == set(FRONTS)
    assert len({brand.accent for brand in brands.values()}) == len(FRONTS)
    assert {brand.theme for brand in brands.values()} == set(themes())
    assert brands["laterne.localhost"].language == "de"
    now = timezone.now()
    with across_tenants("the demo has several tenants"):
        assert Placement.objects.filter(go_live__gt=now, status="published").count() == 1
        assert Placement.objects.filter(status="recalled").count() == 1
        assert len([one for one in Article.objects.all() if one.placements.count() > 1]) >= 5
        for article in Article.objects.all():
            published = article.placements.filter(status="published")
            assert published.filter(is_canonical=True).count() == min(1, published.count()), article
            assert article.revisions.count() == 1
            assert article.updated_at <= now + timedelta(minutes=1)
        assert not Placement.objects.filter(section=None, article__kind="article").exists()


@pytest.mark.usefixtures("embedded")
def test_what_a_reader_of_the_demo_sees_is_all_there():
    seeded()
    with across_tenants("the demo has several tenants"):
        each_front_has_a_lead_and_enough_below_it()
        each_article_has_a_picture_that_is_told_in_words_and_whose_files_exist()
        each_link_of_an_article_to_another_leads_somewhere()
        translations_name_each_other()
        one_article_of_each_house_shows_all_that_an_article_can_have()
    each_palette_can_be_read()
    each_menu_leads_somewhere()


def each_front_has_a_lead_and_enough_below_it() -> None:
    now = timezone.now()
    for site in Site.objects.all():
        live = Placement.objects.on(site).listed().live(now)
        pins = sorted(filter(None, live.values_list("pin", flat=True)))
        assert pins[:2] == [1, 2], site
        assert len(set(pins)) == len(pins), site
        assert live.count() >= FRONTS[site.domain], site
        assert set(live.values_list("section__name", flat=True)) == set(site.sections.values_list("name", flat=True))
    oldest = Placement.objects.listed().earliest("go_live").go_live
    assert oldest is not None
    assert oldest < now - timedelta(days=600), "the archive has something in it"


def each_article_has_a_picture_that_is_told_in_words_and_whose_files_exist() -> None:
    assert not Article.objects.filter(kind="article", lead_image=None).exists()
    assert not Byline.objects.filter(picture=None).exists()
    for image in Image.objects.all():
        assert image.alt, image
        for width in image.widths:
            for suffix in image.formats:
                assert file_of(image, width, suffix).stat().st_size > 0
    shown = [one for article in Article.objects.all() for one in re.findall("/media/([0-9a-f]{32})-", article.html)]
    assert len(set(shown)) >= 12
    assert set(shown) <= {image.stem for image in Image.objects.all()}
    assert not [one for one in Article.objects.all() if re.search(r"\[(figure|gallery) ", one.html)]
    logo = Site.objects.get(domain="techblog.localhost").brand.logo
    assert "png" in Image.objects.get(digest=logo).formats, "a logo lies on light and on dark paper"


def each_link_of_an_article_to_another_leads_somewhere() -> None:
    now = timezone.now()
    for placement in Placement.objects.live(now).filter(is_canonical=True).select_related("article"):
        there = set(Placement.objects.on(placement.site_id).live(now).values_list("slug", flat=True))
        assert set(re.findall('href="/([a-z0-9-]+)/"', placement.article.html)) <= there, placement


def translations_name_each_other() -> None:
    grouped = Article.objects.exclude(translation_group=None).prefetch_related("sites__brand")
    assert set(Counter(one.translation_group for one in grouped).values()) == {2}
    for group in {one.translation_group for one in grouped}:
        of_group = [one for one in grouped if one.translation_group == group]
        assert {site.brand.language for one in of_group for site in one.sites.all()} == {"en", "de"}
    assert len(grouped) == 8


def one_article_of_each_house_shows_all_that_an_article_can_have() -> None:
    everything = ("<h2", "<blockquote", "<ul>", "<ol>", "<dl>", "<figcaption>", "gallery", "footnotes", "</picture>")
    long = Article.objects.filter(word_count__gte=1500, corrections__isnull=False)
    full = [article for article in long if all(mark in article.html for mark in everything)]
    assert {site.domain for article in full for site in article.sites.all()} == set(FRONTS) - {"laterne.localhost"}
    languages = max(len(set(re.findall("^```([a-z]+)$", article.body, re.MULTILINE))) for article in full)
    columns = max(row.count("</th>") for article in full for row in re.findall("<tr>.*?</tr>", article.html, re.DOTALL))
    assert languages >= 2, "code"
    assert columns >= 10, "a table that scrolls"


def each_palette_can_be_read() -> None:
    for site in Site.objects.select_related("brand"):
        theme = theme_named(site.brand.theme)
        assert contrast(site.brand.accent, theme.light.paper) >= TEXT, site
        assert contrast(site.brand.accent_dark, theme.dark.paper) >= TEXT, site


def each_menu_leads_somewhere() -> None:
    for item in MenuItem.objects.filter(url__startswith="/").select_related("site"):
        assert Client(headers={"host": item.site.domain}).get(item.url).status_code == 200, item


@pytest.mark.usefixtures("embedded")
def test_whoever_waits_is_told_how_far_it_is():
    told: list[tuple[int, int]] = []
    seed(generate_passwords=False, report=lambda done, total: told.append((done, total)))
    total = told[0][1]
    assert told == [(done, total) for done in range(1, total + 1)]
    assert total > 100


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
def test_a_name_that_is_somebody_elses_is_refused_and_nothing_is_made(media: Path):
    Site.objects.create(domain="lantern.localhost", name="Somebody else's")
    with pytest.raises(CommandError, match=r"lantern\.localhost already belongs to a site"):
        seeded()
    assert Tenant.objects.count() == 0
    assert User.objects.count() == 0
    assert not list(media.iterdir()), "not even a picture"


@pytest.mark.usefixtures("embedded")
def test_the_log_ins_are_a_table_for_people():
    out = StringIO()
    call_command("seed_demo", stdout=out)
    heading, row = (next(line for line in out.getvalue().splitlines() if word in line) for word in ("Where", "staff@"))
    assert heading.index("Role") == row.index("platform staff")
