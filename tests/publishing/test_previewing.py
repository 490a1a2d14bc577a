"""Making previews: what could not be stored cannot be looked at either, and no table says where they are."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from publishing import previewing
from publishing.models import Article, Image, Preview, Section, Topic
from publishing.previewing import MOST_OF_ONE, address, make, opened, revoke, shared_of
from tenants.scope import across_tenants, tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, House, acme, article_on, bolt

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return acme()


@pytest.fixture
def article(house: House) -> Article:
    return article_on(house, TECHBLOG, title="Stored")


def made(house: House, **asked: Any) -> str:
    with tenant_scope(house.tenant):
        first = next(iter(house.sites.values()))
        return make(**{"tenant": house.tenant, "site": first, "by": house.people["editor"]} | asked)


def token_in(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2]


def stored() -> list[Preview]:
    with across_tenants("a test counts"):
        return list(Preview.objects.order_by("pk"))


def test_what_is_stored_needs_no_row(house: House, article: Article):
    url = made(house, article=article)
    assert stored() == []
    found = opened(token=token_in(url), site_id=house.sites[TECHBLOG].pk)
    assert found is not None
    assert (found.article_id, found.tenant_id, found.words) == (article.pk, house.tenant.pk, {})
    assert url.startswith(f"http://preview-{house.sites[TECHBLOG].pk}.sites.test/")


def test_of_an_address_only_a_digest_is_kept_and_it_can_be_told_again(house: House, article: Article):
    url = made(house, article=article, shared=True)
    (preview,) = stored()
    token = token_in(url)
    assert token not in str([getattr(preview, field.attname) for field in preview._meta.fields])
    assert len(preview.token_digest) == 64
    assert address(preview) == url
    # Another key, and it is known to those alone who have it.
    preview.token_digest = "0" * 64
    assert address(preview) == ""


def test_no_two_addresses_are_alike(house: House, article: Article):
    urls = {made(house, article=article, words={"title": "x"}) for _ in range(5)}
    assert len(urls) == 5


@pytest.mark.parametrize("changed", ["site", "article", "end", "signature", "digits"])
def test_a_signed_address_cannot_be_changed(house: House, article: Article, changed: str):
    other = article_on(house, FINANCEBLOG, title="Other")
    token = token_in(made(house, article=article))
    site, key, rest = token.split("-", 2)
    end, signature = rest.split(".")
    forged = {
        "site": f"{house.sites[FINANCEBLOG].pk}-{key}-{end}.{signature}",
        "article": f"{site}-{other.pk}-{end}.{signature}",
        "end": f"{site}-{key}-{int(end) + 1}.{signature}",
        "signature": f"{site}-{key}-{end}.{signature[::-1]}",
        "digits": f"0{site}-{key}-{end}.{signature}",
    }[changed]
    for house_site in house.sites.values():
        assert opened(token=forged, site_id=house_site.pk) is None


REFUSED: dict[str, dict[str, Any]] = {
    "title": {"words": {"title": "x" * 301}},
    "summary": {"words": {"title": "x", "summary": "x" * 10_001}},
    "format": {"words": {"title": "x", "body_format": "svg"}},
    "body": {"words": {"title": "x", "body": "x" * 2_000_001}},
    "unknown word": {"words": {"title": "x", "html": "<script>"}},
    "text of the page": {"words": {"title": "x", "id": 1, "tenant_id": 2}},
    "picture": {"words": {"title": "x", "lead_image": 10**9}},
    "odd picture": {"words": {"title": "x", "lead_image": "1 OR 1"}},
    "topics": {"words": {"title": "x", "topics": [10**9]}},
    "bylines": {"words": {"title": "x", "bylines": ["x"]}},
    "placed title": {"placed": {"title": "x" * 301}},
    "slug": {"placed": {"slug": "No slug!"}},
    "reserved": {"placed": {"slug": "search"}},
    "section": {"placed": {"section": 10**9}},
    "moment": {"placed": {"go_live": "tomorrow"}},
    "no zone": {"placed": {"go_live": "2026-01-01T10:00"}},
    "far": {"placed": {"go_live": "9999-01-01T10:00Z"}},
    "status": {"placed": {"status": "published"}},
    "colour": {"look": {"accent": "red;}"}},
    "language": {"look": {"language": "xx"}},
    "logo": {"look": {"logo": "a" * 64}},
    "column": {"look": {"domain": "evil.test"}},
    "options": {"look": {"options": ["x"]}},
    "menu": {"look": {"menus": {"nowhere": []}}},
    "menus": {"look": {"menus": [1]}},
    "script": {"look": {"menus": {"header": [{"label": "x", "url": "javascript:alert(1)"}]}}},
    "other host": {"look": {"menus": {"header": [{"label": "x", "url": "//evil.test/"}]}}},
    "space": {"look": {"menus": {"header": [{"label": "x", "url": "/a b"}]}}},
    "for ever": {"lifetime": timedelta(days=8)},
    "never": {"lifetime": timedelta(0)},
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_could_not_be_stored_is_refused_with_a_sentence(house: House, article: Article, name: str):
    asked = REFUSED[name]
    with pytest.raises(ValidationError) as refused:
        made(house, article=article, **asked)
    assert all(message.endswith((".", "!")) for message in refused.value.messages), refused.value.messages
    assert stored() == []


@pytest.mark.parametrize("what", ["site", "article", "topic", "picture", "section", "logo", "section of another site"])
def test_nothing_of_another_tenant_can_be_looked_at(house: House, article: Article, what: str):
    other = bolt()
    theirs = article_on(other, LANTERN)
    with across_tenants("of both"):
        topic = Topic.objects.create(tenant=other.tenant, slug="t", name="t")
        picture = Image.objects.create(tenant=other.tenant, digest="b" * 64, name="p", width=1, height=1, widths=[1])
        section = Section.objects.create(tenant=other.tenant, site=other.sites[LANTERN], slug="s", name="s")
        own = Section.objects.create(tenant=house.tenant, site=house.sites[FINANCEBLOG], slug="s", name="s")
    asked: dict[str, dict[str, Any]] = {
        "site": {"site": other.sites[LANTERN]},
        "article": {"article": theirs},
        "topic": {"words": {"title": "x", "topics": [topic.pk]}},
        "picture": {"placed": {"image": picture.pk}},
        "section": {"placed": {"section": section.pk}},
        "logo": {"look": {"logo": "b" * 64}},
        "section of another site": {"placed": {"section": own.pk}},
    }
    with pytest.raises(ValidationError):
        made(house, **({"article": article} | asked[what]))


def test_the_body_is_sanitised_before_it_is_kept(house: House, article: Article):
    made(
        house,
        article=article,
        words={"title": "x", "body": "<script>alert(1)</script><p onclick=x>Good", "body_format": "html"},
    )
    (preview,) = stored()
    assert preview.words["html"] == "<p>Good</p>"
    assert "body" not in preview.words


def test_what_postgresql_refuses_does_not_arrive(house: House, article: Article):
    made(
        house, article=article, words={"title": "a\0b", "summary": "\ud800", "body": "c\0"}, placed={"title": "d\0"},
        look={"tagline": "e\0", "options": {"a\0": "b\0"}, "menus": {"header": [{"label": "f\0", "url": "/\0"}]}},
    )  # fmt: skip
    assert len(stored()) == 1


def test_what_is_expired_leaves_with_the_next_that_is_made(house: House, article: Article):
    other = bolt()
    theirs = article_on(other, LANTERN)
    made(other, site=other.sites[LANTERN], article=theirs, shared=True)
    made(house, article=article, shared=True)
    with across_tenants("time passes"):
        Preview.objects.update(expires_at=timezone.now())
    url = made(house, article=article, words={"title": "x"})
    (left,) = stored()
    assert address(left) == url


def test_of_what_one_person_looked_at_the_latest_are_kept(house: House, article: Article):
    shared = made(house, article=article, shared=True)
    others = made(house, article=article, by=house.people["author"], words={"title": "x"})
    urls = [made(house, article=article, words={"title": f"{number}"}) for number in range(MOST_OF_ONE + 3)]
    site = house.sites[TECHBLOG].pk
    there = [url for url in urls if opened(token=token_in(url), site_id=site)]
    assert there == urls[3:]
    assert opened(token=token_in(shared), site_id=site)
    assert opened(token=token_in(others), site_id=site)


def test_a_site_has_so_many_shared_previews_and_no_more(house: House, article: Article, monkeypatch):
    monkeypatch.setattr(previewing, "MOST_SHARED", 2)
    for _ in range(2):
        made(house, article=article, shared=True)
    with pytest.raises(ValidationError, match=r"2 shared previews already\. Take one back"):
        made(house, article=article, shared=True)
    made(house, article=article, site=house.sites[FINANCEBLOG], shared=True)


def test_one_person_leaves_room_for_what_others_share(house: House, article: Article, monkeypatch):
    monkeypatch.setattr(previewing, "MOST_SHARED_BY_ONE", 2)
    for _ in range(2):
        made(house, article=article, shared=True)
    with pytest.raises(ValidationError, match=r"^\W+2 previews of .* that you shared .* Take one back"):
        made(house, article=article, shared=True)
    made(house, article=article, site=house.sites[FINANCEBLOG], shared=True)
    made(house, article=article, by=house.people["author"], shared=True)
    assert previewing.MOST_SHARED >= 2 * previewing.MOST_SHARED_BY_ONE


def test_what_was_taken_back_is_gone(house: House, article: Article):
    url = made(house, article=article, shared=True, lifetime=timedelta(days=7))
    with tenant_scope(house.tenant):
        (preview,) = shared_of(article)
        revoke(preview=preview)
        assert list(shared_of(article)) == []
    assert opened(token=token_in(url), site_id=house.sites[TECHBLOG].pk) is None
