"""The front page: what editors pinned, then the newest, then sections; each article once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.models import Article, Placement, Section
from reading.shelves import Front, front
from sites_core import themes
from sites_core.directory import directory
from sites_core.models import MenuItem
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, TECHBLOG, House, acme, article_on
from tests.reading.visiting import furnished, reader, text_of

pytestmark = pytest.mark.django_db


def pinned(owner: House, article: Article, pin: int | None, **fields: object) -> None:
    with tenant_scope(owner.tenant):
        Placement.objects.filter(article=article).update(pin=pin, **fields)


def shown(owner: House, **shape: int) -> Front:
    return front(owner.sites[TECHBLOG].pk, timezone.now(), themes.Front(**shape))


def titles(cards: list) -> list[str]:  # type: ignore[type-arg]
    return [card.title for card in cards]


def test_an_empty_site_has_a_front_without_a_lead() -> None:
    owner = acme()
    assert shown(owner) == Front(None, [], (), None)
    assert "Nothing has been published here yet" in text_of(reader(), "/")


def test_pins_come_first_in_their_order_and_are_not_shown_twice() -> None:
    owner = acme()
    articles = furnished(owner, 6)
    pinned(owner, articles[4], 2)
    pinned(owner, articles[5], 1)
    found = shown(owner, newest=3)
    assert found.lead
    assert found.lead.title == "Needle 5"
    assert titles(found.cards) == ["Needle 4", "Needle 0", "Needle 1", "Needle 2"]
    assert found.older == found.cards[-1].cursor


def test_a_pin_on_one_site_is_none_on_another() -> None:
    owner = acme()
    old = article_on(owner, TECHBLOG, FINANCEBLOG, title="Old", ago=timedelta(days=9))
    article_on(owner, TECHBLOG, FINANCEBLOG, title="New")
    with tenant_scope(owner.tenant):
        Placement.objects.filter(article=old, site=owner.sites[FINANCEBLOG]).update(pin=1)
    assert [card.title for card in (shown(owner).lead,) if card] == ["New"]


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": "draft"},
        {"status": "unpublished"},
        {"go_live": timezone.now() + timedelta(days=1)},
        {"expires_at": timezone.now() - timedelta(minutes=1)},
    ],
)
def test_what_readers_may_not_see_is_not_pinned_into_their_sight(hidden: dict[str, object]) -> None:
    owner = acme()
    article_on(owner, TECHBLOG, title="Seen")
    pinned(owner, article_on(owner, TECHBLOG, title="Unseen", ago=timedelta(days=1)), 1, **hidden)
    assert "Unseen" not in text_of(reader(), "/")


def test_sections_show_what_stands_not_above_in_their_own_order() -> None:
    owner = acme()
    furnished(owner, 5)
    with tenant_scope(owner.tenant):
        first = Section.objects.create(tenant=owner.tenant, site=owner.sites[TECHBLOG], slug="a", name="A", position=0)
        Section.objects.filter(slug="data").update(position=1)
        Placement.objects.filter(article__title__in=["Needle 3", "Needle 4"]).update(section=first)
    found = shown(owner, newest=1, sections=2, per_section=2)
    assert [(link.name, titles(cards)) for link, cards in found.sections] == [
        ("A", ["Needle 3", "Needle 4"]),
        ("Data", ["Needle 1", "Needle 2"]),
    ]
    assert shown(owner, newest=1, sections=0, per_section=2).sections == ()


def test_a_site_s_own_menus_take_the_place_of_its_sections() -> None:
    owner = acme()
    furnished(owner, 1)
    site = owner.sites[TECHBLOG]
    assert 'href="/sections/data/"' in text_of(reader(), "/topics/").partition("<main")[0]
    MenuItem.objects.create(site=site, menu="header", position=2, label="Second", url="/topics/")
    MenuItem.objects.create(site=site, menu="header", position=1, label="First & last", url="https://shop.example/")
    MenuItem.objects.create(site=site, menu="social", label="Elsewhere", url="https://social.example/@us")
    directory.expire()
    html = text_of(reader(), "/archive/")
    head, _, foot = html.partition("<main")
    assert "/sections/data/" not in head
    assert head.index("First &amp; last") < head.index("Second")
    assert 'rel="me" href="https://social.example/@us"' in foot
    assert "Elsewhere" not in text_of(reader(FINANCEBLOG), "/archive/")
