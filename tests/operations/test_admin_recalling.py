"""Recalling articles in ops: everywhere at once, after a page that names the sites, and in no other way."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import OperationalError
from django.test import Client

from publishing.models import Placement
from publishing.placing import hold, place
from publishing.recalling import recall_everywhere as recall
from tenants.models import User
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, TECHBLOG, House, acme, article_on, placement_of
from tests.operations.browsing import as_staff, errors, submitted, url

pytestmark = pytest.mark.django_db

LIST = url("publishing_article_changelist")


@pytest.fixture
def staff() -> Client:
    return as_staff(is_superuser=True)


@pytest.fixture
def house() -> House:
    return acme()


def chosen(client: Client, *articles, **fields: str):
    these = {"action": "recall_everywhere", "_selected_action": [one.pk for one in articles]}
    return client.post(LIST, these | fields)


def statuses(house: House, article) -> list[str]:
    with tenant_scope(house.tenant):
        return list(article.placements.order_by("site__domain").values_list("status", flat=True))


def status_choices(client: Client, article) -> list[str]:
    page = client.get(url("publishing_article_change", article.pk))
    form = page.context["inline_admin_formsets"][0].formset.forms[0]
    return [value for value, _ in form.fields["status"].choices if not form.fields["status"].disabled]


def test_the_page_before_it_names_the_sites_and_changes_nothing(staff: Client, house: House):
    article = article_on(house, TECHBLOG, FINANCEBLOG, title="On both")
    other = article_on(house, title="Nowhere")
    said = chosen(staff, article, other).content.decode()
    for words in ("techblog.test/on-both/", "financeblog.test/on-both/", "Published on no site", "410 Gone"):
        assert words in said
    assert statuses(house, article) == ["published", "published"]


def test_the_page_says_where_an_article_has_not_been_shown_yet(staff: Client, house: House):
    article = article_on(house, TECHBLOG, title="Soon", ago=timedelta(days=-1))
    assert "(not yet shown)" in chosen(staff, article).content.decode()


def test_confirmed_it_recalls_the_articles_from_every_site_and_is_kept_in_the_history(staff: Client, house: House):
    article, other = article_on(house, TECHBLOG, FINANCEBLOG, title="On both"), article_on(house, TECHBLOG, title="B")
    spared = article_on(house, TECHBLOG, title="Spared")
    answer = chosen(staff, article, other, confirmed="yes")
    assert (answer.status_code, answer["Location"]) == (302, LIST)
    assert statuses(house, article) == ["recalled", "recalled"]
    assert statuses(house, other) == ["recalled"]
    assert statuses(house, spared) == ["published"]
    said = staff.get(LIST).content.decode()
    assert "“On both” was recalled from financeblog.test, techblog.test." in said
    assert LogEntry.objects.get(object_id=article.pk).change_message == "Recalled from financeblog.test, techblog.test."
    assert staff.get(f"/publishing/article/{article.pk}/history/").status_code == 200
    reader = Client(headers={"host": TECHBLOG})
    assert reader.get("/on-both/").status_code == 410
    assert reader.get("/spared/").status_code == 200


def test_what_is_published_nowhere_is_said_to_be(staff: Client, house: House):
    chosen(staff, article_on(house, title="Nowhere"), confirmed="yes")
    assert "“Nowhere” is published nowhere" in staff.get(LIST).content.decode()
    assert not LogEntry.objects.exists()


def test_of_several_all_are_recalled_or_none(staff: Client, house: House, monkeypatch: pytest.MonkeyPatch):
    first, second = article_on(house, TECHBLOG, title="A"), article_on(house, TECHBLOG, title="B")

    def recall_one(*, article, by):
        if recalled:
            raise OperationalError("the second fails")
        recalled.append(article)
        return recall(article=article, by=by)

    recalled: list[object] = []
    monkeypatch.setattr("operations.admin.recalling.recall", recall_one)
    chosen(staff, first, second, confirmed="yes")
    assert len(recalled) == 1
    assert (statuses(house, first), statuses(house, second)) == (["published"], ["published"])
    said = staff.get(LIST).content.decode()
    assert "the second fails" in said
    assert "was recalled" not in said


def test_more_articles_than_a_person_reads_are_not_recalled_at_once(
    staff: Client, house: House, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("operations.admin.recalling.AT_ONCE", 1)
    article, other = article_on(house, TECHBLOG, title="A"), article_on(house, TECHBLOG, title="B")
    chosen(staff, article, other, confirmed="yes", select_across="1")
    assert statuses(house, article) == ["published"]
    assert "choose at most 1" in staff.get(LIST).content.decode()


def test_who_may_only_look_cannot_recall(house: House):
    client = as_staff()
    me = User.objects.get(email="staff@platform.test")
    me.user_permissions.add(Permission.objects.get(codename="view_article"))
    article = article_on(house, TECHBLOG)
    assert client.get(LIST).status_code == 200
    chosen(client, article, confirmed="yes")
    assert statuses(house, article) == ["published"]


def test_one_placement_alone_is_not_recalled(staff: Client, house: House):
    article = article_on(house, TECHBLOG, FINANCEBLOG)
    assert status_choices(staff, article) == ["draft", "published", "unpublished"]
    change = url("publishing_article_change", article.pk)
    assert "not one of the available choices" in errors(submitted(staff, change, **{"placements-0-status": "recalled"}))
    assert statuses(house, article) == ["published", "published"]


def test_a_recalled_placement_stays_recalled_whatever_is_submitted(staff: Client, house: House):
    article = article_on(house, TECHBLOG, FINANCEBLOG)
    with tenant_scope(house.tenant):
        recall(article=article)
    assert status_choices(staff, article) == []
    change = url("publishing_article_change", article.pk)
    answer = submitted(staff, change, **{"placements-0-status": "published", "placements-0-title": "Other"})
    assert answer.status_code == 302
    assert statuses(house, article) == ["recalled", "recalled"]
    with tenant_scope(house.tenant):
        assert article.placements.filter(title="Other").count() == 1
    answer = submitted(staff, change, **{"placements-0-DELETE": "on"})
    assert "A recalled placement stays" in str(answer.context["inline_admin_formsets"][0].formset.non_form_errors())
    assert statuses(house, article) == ["recalled", "recalled"]


def test_what_is_recalled_while_somebody_edits_it_is_not_brought_back(
    staff: Client, house: House, monkeypatch: pytest.MonkeyPatch
):
    article = article_on(house, TECHBLOG)

    def recalled_meanwhile(articles, **fields):
        recall(article=article)
        hold(articles, **fields)

    monkeypatch.setattr("operations.admin.articles.hold", recalled_meanwhile)
    change = url("publishing_article_change", article.pk)
    changes = {"placements-0-title": "Other", "placements-0-slug": "other", "placements-0-canonical": "on"}
    assert submitted(staff, change, **changes).status_code == 302
    after = placement_of(article, house.sites[TECHBLOG])
    assert (after.status, after.title, after.slug) == ("recalled", "Other", "other")
    assert not after.is_canonical


def test_placing_the_article_again_is_how_it_comes_back(staff: Client, house: House):
    article = article_on(house, TECHBLOG)
    with tenant_scope(house.tenant):
        recall(article=article)
        place(article=article, site=house.sites[TECHBLOG])
    assert statuses(house, article) == [Placement.Status.PUBLISHED]
    assert status_choices(staff, article) == ["draft", "published", "unpublished"]
