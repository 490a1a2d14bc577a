"""The tab on which an article is seen as each brand shows it."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.sites.models import Site
from django.test import Client
from django.utils import timezone

from publishing.models import Article, Draft, Preview
from publishing.previewing import keep
from publishing.writing import write
from tenants.models import MembershipSite, Ownership
from tenants.scope import across_tenants, tenant_scope
from tests.cast import FINANCEBLOG, TECHBLOG, House, article_on, signed_in

pytestmark = pytest.mark.django_db

WORDS = {"title": "Unsaved", "summary": "", "body": "New *words*.", "body_format": "markdown", "kind": "article"}


@pytest.fixture
def article(house: House) -> Article:
    return article_on(house, TECHBLOG, title="Stored", written_by=house.people["author"])


@pytest.fixture
def path(article: Article) -> str:
    return f"/acme/articles/{article.pk}/preview/"


def as_(house: House, who: str) -> Client:
    return signed_in(house.people[who], "studio")


def framed(html: str) -> str:
    found = re.search(r'<iframe src="([^"]+)"', html)
    assert found, html
    return unescape(found[1])


def seen_at(url: str) -> str:
    host, _, path = url.removeprefix("http://").partition("/")
    response = Client().get(f"/{path}", headers={"host": host})
    assert response.status_code == 200
    return str(response.content.decode())


def previews() -> list[Preview]:
    with across_tenants("a test counts"):
        return list(Preview.objects.order_by("pk"))


def test_what_is_stored_is_shown_where_it_is_placed_and_looking_writes_nothing(house: House, path: str):
    answer = as_(house, "viewer").get(path)
    url = framed(answer.content.decode())
    assert url.startswith(f"http://preview-{house.sites[TECHBLOG].pk}.sites.test/")
    assert "<h1>Stored</h1>" in seen_at(url)
    assert previews() == []


def test_it_is_shown_on_a_site_where_it_is_not_placed(house: House, path: str):
    site = house.sites[FINANCEBLOG]
    answer = as_(house, "editor").get(path, {"site": site.pk})
    html = seen_at(framed(answer.content.decode()))
    assert "Financeblog</a></p>" in html
    assert "<h1>Stored</h1>" in html


def test_that_sites_previews_may_be_framed_and_nothing_else(house: House, path: str, article: Article):
    client, site = as_(house, "editor"), house.sites[FINANCEBLOG]
    policy = client.get(path, {"site": site.pk})["Content-Security-Policy"]
    assert re.findall(r"frame-src ([^;]*)", policy) == [f"http://preview-{site.pk}.sites.test"]
    assert "frame-src" not in client.get(f"/acme/articles/{article.pk}/")["Content-Security-Policy"]


def test_unsaved_words_are_shown_by_an_address_that_can_be_loaded_again(house: House, path: str, article: Article):
    client = as_(house, "editor")
    answer = client.post(path, {**WORDS, "site": house.sites[FINANCEBLOG].pk})
    assert answer.status_code == 302
    for _ in range(2):
        shown = client.get(answer["Location"]).content.decode()
        html = seen_at(framed(shown))
        assert "<h1>Unsaved</h1>" in html
        assert "New <em>words</em>." in html
        assert "Financeblog</a></p>" in html
    assert "You see your unsaved words" in shown
    with tenant_scope(house.tenant):
        assert Article.objects.get(pk=article.pk).title == "Stored"


def test_unsaved_words_go_along_to_another_site(house: House, path: str):
    client = as_(house, "editor")
    tech, finance = house.sites[TECHBLOG], house.sites[FINANCEBLOG]
    there = client.post(path, {**WORDS, "site": tech.pk}).headers["Location"]
    shown = there.partition("shown=")[2]
    html = client.get(client.post(path, {"shown": shown, "site": finance.pk}).headers["Location"]).content.decode()
    assert "New <em>words</em>." in seen_at(framed(html))
    assert [one.site_id for one in previews()] == [tech.pk, finance.pk]
    # Another member's is none of one's own; and what is no longer there is told.
    for who, number in (("owner", shown), ("editor", "987654")):
        answer = as_(house, who).post(path, {"shown": number, "site": finance.pk}, follow=True)
        assert "That preview has expired" in answer.content.decode()
    assert len(previews()) == 2


def test_words_that_were_kept_while_typing_are_offered_and_shown(house: House, path: str, article: Article):
    client = as_(house, "author")
    with tenant_scope(house.tenant):
        article.placements.all().delete()
        kept = {**WORDS, "topics": [], "bylines": [], "new_topics": ["Fresh"], "new_bylines": [], "lead_image": None}
        Draft.objects.create(
            tenant=house.tenant, article=article, user=house.people["author"], base=1, words=kept, version=1
        )
    assert "Show my unsaved words" in client.get(path).content.decode()
    others = as_(house, "editor").get(path).content.decode()
    assert "Show my unsaved words" not in others
    assert "You see the article as it is saved." in others
    answer = client.post(path)
    html = seen_at(framed(client.get(answer["Location"]).content.decode()))
    assert "<h1>Unsaved</h1>" in html
    assert "Fresh</a>" in html


def test_without_unsaved_words_what_is_stored_is_shown(house: House, path: str):
    client = as_(house, "editor")
    answer = client.post(path)
    assert answer.status_code == 302
    assert "<h1>Stored</h1>" in seen_at(framed(client.get(answer["Location"]).content.decode()))
    assert previews() == []


@pytest.mark.parametrize("who", ["viewer", "author"])
def test_whoever_may_not_change_the_words_cannot_look_at_others(house: House, path: str, who: str):
    # It is published: from then on the author's no longer.
    assert as_(house, who).post(path, WORDS).status_code == 403


def test_words_that_could_not_be_saved_are_refused_with_a_sentence(house: House, path: str):
    answer = as_(house, "editor").post(path, {**WORDS, "title": "x" * 301})
    assert answer.status_code == 422
    assert "at most 300 characters" in answer.content.decode()
    assert framed(answer.content.decode())


@pytest.mark.parametrize("asked", ["x", "-1", "1" * 30, "٣", "", "0"])
def test_what_is_no_number_is_not_there(house: House, path: str, asked: str):
    client = as_(house, "editor")
    assert client.get(path, {"site": asked}).status_code == 404
    assert client.get(path, {"shown": asked}).status_code in {302, 404}


def test_a_member_of_some_sites_looks_at_those_alone(house: House, path: str):
    client = as_(house, "limited")
    html = client.get(path).content.decode()
    assert "Financeblog" not in html
    assert client.get(path, {"site": house.sites[FINANCEBLOG].pk}).status_code == 404
    assert client.post(path, {**WORDS, "site": house.sites[FINANCEBLOG].pk}).status_code == 404
    share = client.post(f"{path}share/", {"site": house.sites[FINANCEBLOG].pk})
    assert share.status_code == 404
    MembershipSite._base_manager.all().delete()
    answer = client.get(path)
    assert "You work on no site" in answer.content.decode()
    assert "<iframe" not in answer.content.decode()


def test_nobody_sees_anothers_unsaved_words_by_their_number(house: House, path: str):
    mine = as_(house, "editor").post(path, WORDS)["Location"]
    answer = as_(house, "owner").get(mine)
    assert answer.status_code == 302
    assert "shown" not in answer["Location"]


# --- Shared ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "hours"), {"hour": 1, "day": 24, "week": 168, "for ever": 24}.items())
def test_a_link_is_good_without_an_account_until_it_expires(house: House, path: str, name: str, hours: int):
    client = as_(house, "author")
    answer = client.post(f"{path}share/", {"lifetime": name, "site": house.sites[FINANCEBLOG].pk}, follow=True)
    html = answer.content.decode()
    (shared,) = previews()
    assert timedelta(0) <= timezone.now() + timedelta(hours=hours) - shared.expires_at < timedelta(minutes=1)
    link = re.search(r'<input class="mono address" [^>]*value="([^"]+)"', html)
    assert link
    assert "<h1>Stored</h1>" in seen_at(link[1])


def test_unsaved_words_can_be_shared(house: House, path: str):
    client = as_(house, "editor")
    shown = client.post(path, WORDS)["Location"].partition("shown=")[2]
    html = client.post(f"{path}share/", {"shown": shown}, follow=True).content.decode()
    link = re.search(r'<input class="mono address" [^>]*value="([^"]+)"', html)
    assert link
    assert "<h1>Unsaved</h1>" in seen_at(link[1])
    assert as_(house, "owner").post(f"{path}share/", {"shown": shown}).status_code == 404


def test_a_link_is_taken_back_by_who_made_it_and_by_editors_of_its_site(house: House, path: str, article: Article):
    with tenant_scope(house.tenant):
        made = [
            keep(tenant=house.tenant, site=house.sites[domain], by=house.people["author"], article=article, shared=True)
            for domain in (TECHBLOG, TECHBLOG, FINANCEBLOG)
        ]
    assert as_(house, "limited").post(f"{path}{made[2].pk}/revoke/").status_code == 403
    for who, one in zip(("author", "limited", "editor"), made, strict=True):
        assert as_(house, who).post(f"{path}{one.pk}/revoke/").status_code == 302
    assert previews() == []


def test_what_was_only_looked_at_is_not_listed_and_not_taken_back(house: House, path: str):
    client = as_(house, "editor")
    client.post(path, WORDS)
    (private,) = previews()
    assert "Links that are open" not in client.get(path).content.decode()
    assert client.post(f"{path}{private.pk}/revoke/").status_code == 404


def test_a_viewer_looks_and_shares_nothing(house: House, path: str):
    assert "Share this preview" not in as_(house, "viewer").get(path).content.decode()
    assert as_(house, "viewer").post(f"{path}share/").status_code == 403


# --- Much of everything ----------------------------------------------------------------------------------------------


def test_a_tenant_with_many_sites_chooses_from_a_list(house: House, path: str):
    for number in range(10):
        site = Site.objects.create(domain=f"more-{number}.test", name=f"More {number}")
        Ownership.objects.create(site=site, tenant=house.tenant)
    html = as_(house, "editor").get(path).content.decode()
    assert html.count('class="brand"') == 6
    assert html.count("<option value=") >= 12


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_for_the_same_however_much_there_is(
    house: House, path: str, article: Article, django_assert_num_queries: Any, count: int
):
    with tenant_scope(house.tenant):
        for number in range(count):
            site = Site.objects.create(domain=f"more-{number}.test", name=f"More {number}")
            Ownership.objects.create(site=site, tenant=house.tenant)
            keep(tenant=house.tenant, site=site, by=house.people["editor"], article=article, shared=True)
            write(tenant=house.tenant, title="Another")
    client = as_(house, "editor")
    client.get(path)
    with django_assert_num_queries(STATEMENTS):
        client.get(path)


STATEMENTS = 10
