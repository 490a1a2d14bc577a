"""An article's page in ops: its translations, and its pins on the front pages."""

import re

import pytest
from django.test import Client

from publishing.models import Article
from publishing.translating import join_translations, translations_of
from sites_core.models import SiteState
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, House, acme, article_on, bolt, placement_of
from tests.operations.browsing import as_staff, errors, submitted, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Client:
    return as_staff(is_superuser=True)


@pytest.fixture
def house() -> House:
    return acme()


def page(article: Article) -> str:
    return url("publishing_article_change", article.pk)


def others(house: House, article: Article) -> list[str]:
    with tenant_scope(house.tenant):
        article.refresh_from_db()
        return [one.title for one in translations_of(article)]


def test_an_article_becomes_the_translation_of_another(staff: Client, house: House):
    english = article_on(house, TECHBLOG, title="The queue", language="en")
    german = article_on(house, FINANCEBLOG, title="Die Schlange", language="de")
    before = SiteState.objects.get(site=house.sites[TECHBLOG]).generation
    assert submitted(staff, page(german), translation_of=english.pk).status_code == 302
    assert others(house, english) == ["Die Schlange"]
    assert SiteState.objects.get(site=house.sites[TECHBLOG]).generation > before
    said = staff.get(page(english)).content.decode()
    assert f'<a href="{page(german)}">Die Schlange</a> (de)' in said
    with tenant_scope(house.tenant):
        assert german.revisions.count() == 1, "no word of it changed"


def test_an_article_leaves_its_translations(staff: Client, house: House):
    english, german = article_on(house, TECHBLOG, language="en"), article_on(house, TECHBLOG, language="de")
    with tenant_scope(house.tenant):
        join_translations(article=german, other=english)
    assert submitted(staff, page(german), leave_translations="on").status_code == 302
    assert others(house, english) == others(house, german) == []


def test_words_and_translations_change_at_once(staff: Client, house: House):
    english, german = article_on(house, TECHBLOG, language="en"), article_on(house, TECHBLOG)
    changes = {"title": "Neu", "language": "de", "translation_of": english.pk}
    assert submitted(staff, page(german), **changes).status_code == 302
    assert others(house, english) == ["Neu"]


def test_what_is_no_translation_is_refused_with_a_sentence(staff: Client, house: House):
    english, again = article_on(house, TECHBLOG, language="en"), article_on(house, TECHBLOG, language="en")
    foreign = article_on(bolt(), LANTERN, language="de")
    for changes, sentence in (
        ({"translation_of": foreign.pk}, "belongs to another tenant"),
        ({"translation_of": english.pk}, "no translation of itself"),
        ({"translation_of": again.pk}, "is there in that language already (en)"),
        ({"translation_of": again.pk, "leave_translations": "on"}, "not both"),
        ({"translation_of": 10**9}, "not one of the available choices"),
    ):
        assert sentence in errors(submitted(staff, page(english), **changes)), changes
    assert others(house, english) == []


def test_the_page_is_held_with_all_of_its_translations_from_the_first_deed(staff: Client, house: House, monkeypatch):
    english, german, french = (article_on(house, TECHBLOG, language=one) for one in ("en", "de", "fr"))
    with tenant_scope(house.tenant):
        join_translations(article=german, other=french)
    held: list[set[int]] = []
    monkeypatch.setattr(
        "operations.admin.articles.hold", lambda articles, *, sites: held.append({one.pk for one in articles})
    )
    assert submitted(staff, page(english), title="After", translation_of=german.pk).status_code == 302
    assert held == [{english.pk, german.pk, french.pk}]


def test_a_new_article_has_no_translations_to_choose_yet(staff: Client, house: House):
    assert b"translation_of" not in staff.get(url("publishing_article_add")).content


def test_articles_are_searched_for_and_say_whose_they_are(staff: Client, house: House):
    article_on(house, TECHBLOG, title="The queue"), article_on(bolt(), LANTERN, title="The queue")
    said = staff.get(page(article_on(house, TECHBLOG, title="Other"))).content.decode()
    (field,) = re.findall(r'<select name="translation_of"[^>]*>', said)
    asked = dict(re.findall(r'data-(app-label|model-name|field-name)="([^"]*)"', field))
    query = {"term": "queue"} | {name.replace("-", "_"): value for name, value in asked.items()}
    found = staff.get(url("autocomplete"), query).json()["results"]
    assert sorted(one["text"] for one in found) == ["The queue (Acme)", "The queue (Bolt)"]


# --- Pins ------------------------------------------------------------------------------------------------------------


def test_an_article_is_pinned_to_the_front_page_of_one_site(staff: Client, house: House):
    article = article_on(house, TECHBLOG, FINANCEBLOG)
    first = next(
        form.prefix for form in staff.get(page(article)).context["inline_admin_formsets"][0].formset.forms
        if form.instance.site == house.sites[TECHBLOG]
    )  # fmt: skip
    before = SiteState.objects.get(site=house.sites[TECHBLOG]).generation
    assert submitted(staff, page(article), **{f"{first}-pin": 1}).status_code == 302
    assert placement_of(article, house.sites[TECHBLOG]).pin == 1
    assert placement_of(article, house.sites[FINANCEBLOG]).pin is None
    assert SiteState.objects.get(site=house.sites[TECHBLOG]).generation > before
    assert submitted(staff, page(article), **{f"{first}-pin": ""}).status_code == 302
    assert placement_of(article, house.sites[TECHBLOG]).pin is None


@pytest.mark.parametrize("pin", [0, -1, 100, "lead"])
def test_pins_are_counted_from_one(staff: Client, house: House, pin: object):
    article = article_on(house, TECHBLOG)
    assert "pin" in errors(submitted(staff, page(article), **{"placements-0-pin": pin}))
