"""Something done to many articles at once."""

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from publishing import readiness
from publishing.arranging import arrange_all
from publishing.models import Article, Placement, Revision, Topic
from publishing.placing import place, prepare, recall
from publishing.writing import write
from sites_core.models import Brand
from studio.listing import bulk, choosing
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, House, article_on, bolt, signed_in

pytestmark = pytest.mark.django_db
BULK = "/acme/articles/bulk/"


@pytest.fixture
def editor(house: House) -> Client:
    return signed_in(house.people["editor"], "studio")


def written(house: House, *titles: str, **fields: Any) -> list[Article]:
    with tenant_scope(house.tenant):
        return [write(tenant=house.tenant, title=title, body="Words.", **fields) for title in titles]


def sent(client: Client, articles: list[Article], deed: str, step: str = "do", **fields: Any) -> str:
    """The page that is met then: what is only asked for is asked by its address, and what is done ends on one."""
    body: dict[str, Any] = {"articles": ".".join(str(one.pk) for one in articles), "deed": deed, "step": step, **fields}
    body = {name: value for name, value in body.items() if value != ""}
    answer = client.post(BULK, body, follow=True) if step == "do" else client.get(BULK, body)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def results(html: str) -> dict[tuple[str, str], str]:
    """What became of each, by the article's title and the site's name."""
    found = {}
    for row in html.partition("<tbody>")[2].split("<tr>")[1:]:
        cells = [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.split(r"</t[hd]>", row)]
        found[cells[0], cells[1].split()[0]] = cells[2]
    return found


def standings(house: House) -> dict[tuple[str, str], str]:
    with tenant_scope(house.tenant):
        return {(str(one.article), one.site.domain): one.status for one in Placement.objects.all()}


def keys(house: House, *domains: str) -> list[int]:
    return [house.sites[domain].pk for domain in domains]


def test_articles_are_placed_on_sites_after_it_was_said_what_will_happen(house: House, editor: Client):
    articles = written(house, "One", "Two")
    both: dict[str, Any] = {"sites": keys(house, TECHBLOG, FINANCEBLOG), "when": "now"}
    assert "Techblog" in sent(editor, articles, "place", step="")
    assert "Publish 2 articles on 2 sites: 4 placements." in sent(editor, articles, "place", step="confirm", **both)
    assert standings(house) == {}, "nothing is done before that is confirmed"
    told = results(sent(editor, articles, "place", **both))
    assert set(told.values()) == {"done"}
    assert len(told) == 4
    assert set(standings(house).values()) == {"published"}


def test_what_was_done_is_told_at_an_address_and_no_reload_does_it_again(house: House, editor: Client):
    (article,) = written(house, "One")
    asked: dict[str, Any] = {"article": article.pk, "deed": "place"}
    choosing_page = editor.post(BULK, asked)
    assert choosing_page.status_code == 302
    assert "/bulk/?deed=place" in choosing_page["Location"]
    chosen = {**asked, "step": "do", "when": "now", "sites": keys(house, TECHBLOG)}
    assert editor.get(BULK, chosen).status_code == 200
    assert standings(house) == {}, "only what is sent does anything"
    page = editor.post(BULK, chosen)
    assert page.status_code == 302
    with tenant_scope(house.tenant):
        Placement.objects.all().delete()
    for _ in range(2):
        told = editor.get(page["Location"]).content.decode()
        assert results(" ".join(told.split())) == {("One", "Techblog"): "done"}
    assert standings(house) == {}
    another = signed_in(house.people["owner"], "studio").get(page["Location"], follow=True)
    assert "not kept any more" in another.content.decode()
    with tenant_scope(house.tenant):
        Article.objects.all().delete()
    assert editor.get(page["Location"]).status_code == 200


def test_what_is_kept_to_be_told_has_a_bound(house: House, editor: Client, monkeypatch: pytest.MonkeyPatch):
    reasons = [f"{number} {'x' * 1000}" for number in range(50)]
    monkeypatch.setattr(readiness, "problems", lambda article: reasons)
    for title in ("One", "Two"):
        html = sent(editor, written(house, title), "place", sites=keys(house, TECHBLOG, FINANCEBLOG), when="now")
        assert "And 47 more." in html
    assert len(str(dict(editor.session))) < 3000


def test_an_article_is_arranged_on_all_of_its_sites_at_once(house: House, editor: Client):
    """A lock on the article, and one question whether it is ready, whatever the number of sites."""

    def cost(title: str, *domains: str) -> int:
        articles = written(house, title)
        with CaptureQueriesContext(connection) as queries:
            sent(editor, articles, "place", sites=keys(house, *domains), when="now")
        return sum("FOR NO KEY UPDATE" in query["sql"] for query in queries)

    assert cost("One", TECHBLOG) == cost("Two", TECHBLOG, FINANCEBLOG)


def test_what_somebody_changed_since_it_was_looked_at_is_refused(
    house: House, editor: Client, monkeypatch: pytest.MonkeyPatch
):
    articles = written(house, "One")

    def late(**deed: Any) -> list[Any]:
        prepare(article=deed["article"], site=house.sites[TECHBLOG], title="Theirs")
        return arrange_all(**deed)

    monkeypatch.setattr(bulk, "arrange_all", late)
    told = results(sent(editor, articles, "place", sites=keys(house, TECHBLOG, FINANCEBLOG), when="now"))
    assert "Somebody changed it there meanwhile" in told["One", "Techblog"]
    assert told["One", "Financeblog"] == "done"
    assert standings(house) == {("One", TECHBLOG): "draft", ("One", FINANCEBLOG): "published"}


def test_sent_twice_it_is_done_once(house: House, editor: Client):
    articles = written(house, "One")
    for asked in (
        {"when": "now"}, {"when": "draft"},
        {"when": "at", "go_live": f"{timezone.now() + timedelta(days=9):%Y-%m-%dT08:00}"},
    ):  # fmt: skip
        with tenant_scope(house.tenant):
            Placement.objects.all().delete()
        body: dict[str, Any] = {"sites": keys(house, TECHBLOG), **asked}
        assert results(sent(editor, articles, "place", **body)) == {("One", "Techblog"): "done"}
        with tenant_scope(house.tenant):
            before = Placement.objects.values().get()
        assert results(sent(editor, articles, "place", **body)) == {("One", "Techblog"): "already so"}
        with tenant_scope(house.tenant):
            assert Placement.objects.values().get() == before


def test_one_time_is_that_of_each_sites_clock(house: House, editor: Client):
    Brand.objects.filter(site=house.sites[FINANCEBLOG]).update(time_zone="America/New_York")
    day = (timezone.now() + timedelta(days=20)).date()
    body: dict[str, Any] = {"sites": keys(house, TECHBLOG, FINANCEBLOG), "when": "at", "go_live": f"{day}T08:00"}
    confirmed = sent(editor, written(house, "One"), "place", step="confirm", **body)
    assert "08:00 (America/New_York)" in confirmed
    assert "08:00 (UTC)" in confirmed
    with tenant_scope(house.tenant):
        sent(editor, list(Article.objects.all()), "place", **body)
        moments = dict(Placement.objects.values_list("site__domain", "go_live"))
    assert moments[TECHBLOG] == datetime(day.year, day.month, day.day, 8, tzinfo=ZoneInfo("UTC"))
    assert moments[FINANCEBLOG] == datetime(day.year, day.month, day.day, 8, tzinfo=ZoneInfo("America/New_York"))


def test_what_is_refused_says_why_and_stops_none_of_the_others(house: House, editor: Client):
    Tenant.objects.filter(pk=house.tenant.pk).update(needs_approval=True)
    ready, unready = written(house, "Ready", stage="approved"), written(house, "Not approved")
    back = article_on(house, TECHBLOG, title="Taken back", stage="approved")
    with tenant_scope(house.tenant):
        recall(article=back)
    told = results(sent(editor, [*unready, *ready, back], "place", sites=keys(house, TECHBLOG), when="now"))
    assert told["Ready", "Techblog"] == "done"
    assert told["Not approved", "Techblog"].startswith("refused")
    assert "has not been approved" in told["Not approved", "Techblog"]
    assert "recalled" in told["Taken back", "Techblog"]
    assert standings(house) == {("Ready", TECHBLOG): "published", ("Taken back", TECHBLOG): "recalled"}


def test_an_hour_that_the_clock_leaves_out_is_refused_on_that_site_alone(house: House, editor: Client):
    Brand.objects.filter(site=house.sites[FINANCEBLOG]).update(time_zone="Europe/Berlin")
    body: dict[str, Any] = {"sites": keys(house, TECHBLOG, FINANCEBLOG), "when": "at", "go_live": "2100-03-28T02:30"}
    told = results(sent(editor, written(house, "One"), "place", **body))
    assert told["One", "Techblog"] == "done"
    assert "does not exist" in told["One", "Financeblog"]


def test_what_is_live_is_not_hidden_by_a_date_to_come(house: House, editor: Client):
    article = article_on(house, TECHBLOG, title="Live")
    body: dict[str, Any] = {
        "sites": keys(house, TECHBLOG),
        "when": "at",
        "go_live": f"{timezone.now() + timedelta(days=9):%Y-%m-%dT08:00}",
    }
    assert results(sent(editor, [article], "place", **body)) == {("Live", "Techblog"): "already so"}
    with tenant_scope(house.tenant):
        assert Placement.objects.live(timezone.now()).count() == 1


def test_articles_are_taken_off_the_sites_where_they_are(house: House, editor: Client):
    live, elsewhere = (
        article_on(house, TECHBLOG, FINANCEBLOG, title="Live"),
        article_on(house, FINANCEBLOG, title="There"),
    )
    asked = sent(editor, [live, elsewhere], "unpublish", step="")
    assert "Financeblog" in asked
    body: dict[str, Any] = {"sites": keys(house, TECHBLOG)}
    assert "Take 2 articles from 1 site." in sent(editor, [live, elsewhere], "unpublish", step="confirm", **body)
    told = results(sent(editor, [live, elsewhere], "unpublish", **body))
    assert told == {("Live", "Techblog"): "done", ("There", "Techblog"): "already so"}
    assert standings(house)["Live", FINANCEBLOG] == "published"
    assert standings(house)["Live", TECHBLOG] == "unpublished"


def test_a_topic_is_added_and_taken_off_with_a_revision(house: House, editor: Client):
    (article,) = written(house, "One")
    with tenant_scope(house.tenant):
        topic = Topic.objects.create(tenant=house.tenant, slug="t", name="Trade")
    for way, names in (("add", ["Trade"]), ("add", ["Trade"]), ("remove", [])):
        sent(editor, [article], "topic", topic=topic.pk, way=way)
        with tenant_scope(house.tenant):
            assert [one.name for one in article.topics.all()] == names
    with tenant_scope(house.tenant):
        assert Revision.objects.filter(article=article).count() == 3
        assert Revision.objects.filter(article=article, made_by=house.people["editor"]).count() == 2


def test_an_author_files_their_own_articles_alone(house: House):
    (mine,), (other,) = written(house, "Mine", by=house.people["author"]), written(house, "Other")
    with tenant_scope(house.tenant):
        topic = Topic.objects.create(tenant=house.tenant, slug="t", name="Trade")
    author = signed_in(house.people["author"], "studio")
    html = sent(author, [mine, other], "topic", topic=topic.pk, way="add")
    assert "1 done" in html
    assert "cannot change this article" in html
    with tenant_scope(house.tenant):
        assert [one.title for one in topic.articles.all()] == ["Mine"]


@pytest.mark.parametrize("deed", ["place", "unpublish", "delete", "", "__class__"])
def test_what_a_role_may_not_do_is_not_done(house: House, deed: str):
    author = signed_in(house.people["author"], "studio")
    article = article_on(house, TECHBLOG, title="Live")
    answer = author.post(BULK, {"article": article.pk, "deed": deed, "step": "do", "sites": keys(house, FINANCEBLOG)})
    assert answer.status_code == 302
    assert standings(house) == {("Live", TECHBLOG): "published"}


def test_a_member_of_some_sites_places_on_those_alone(house: House):
    limited = signed_in(house.people["limited"], "studio")
    articles = written(house, "One")
    assert "Financeblog" not in sent(limited, articles, "place", step="")
    html = sent(limited, articles, "place", sites=keys(house, FINANCEBLOG), when="now")
    assert standings(house) == {}
    assert "errorlist" in html


def test_beside_ones_own_another_tenants_article_is_like_one_that_does_not_exist(house: House, editor: Client):
    other = bolt()
    foreign = article_on(other, LANTERN, title="Bolt's own")
    (mine,) = written(house, "One")
    for key in (foreign.pk, 10**9):
        body: dict[str, Any] = {
            "article": [key, mine.pk],
            "deed": "place",
            "step": "do",
            "sites": keys(house, TECHBLOG),
            "when": "now",
        }
        html = editor.post(BULK, body, follow=True).content.decode()
        assert "1 of the articles you chose is not here any more" in html
        assert "Bolt" not in html
    assert standings(other) == {("Bolt's own", LANTERN): "published"}


def test_at_most_so_many_at_once(house: House, editor: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(choosing, "MOST_ARTICLES", 2)
    monkeypatch.setattr(bulk, "MOST_PAIRS", 3)
    three = written(house, "One", "Two", "Three")
    body: dict[str, Any] = {"sites": keys(house, TECHBLOG, FINANCEBLOG), "when": "now", "deed": "place", "step": "do"}
    assert editor.post(BULK, {"article": [one.pk for one in three], **body}).status_code == 302
    assert "more than 3 at once" in sent(editor, three[:2], "place", sites=body["sites"], when="now")
    assert standings(house) == {}


@pytest.mark.parametrize("article", ["", "x", "-1", "１", "1e3", "9" * 40, "1 OR 1=1", "\x00"])
def test_what_is_no_article_is_none(house: House, editor: Client, article: str):
    answer = editor.post(BULK, {"article": article, "deed": "place"}, follow=True)
    assert "Choose articles first" in answer.content.decode()


def test_what_is_missing_in_the_form_is_asked_for_again(house: House, editor: Client):
    articles = written(house, "One")
    for body, said in (
        ({"when": "now"}, "Choose at least one site."),
        ({"sites": keys(house, TECHBLOG), "when": "at"}, "Say from which day"),
        ({"sites": keys(house, TECHBLOG), "when": "at", "go_live": "never"}, "valid date"),
        ({"sites": keys(house, TECHBLOG), "when": "ever"}, "errorlist"),
        ({"sites": ["x", "9" * 40], "when": "now"}, "errorlist"),
    ):
        assert said in sent(editor, articles, "place", **body)
    assert standings(house) == {}


def test_a_date_that_has_passed_is_refused(house: House, editor: Client):
    told = results(
        sent(editor, written(house, "One"), "place", sites=keys(house, TECHBLOG), when="at", go_live="2020-01-01T08:00")
    )
    assert "has passed" in told["One", "Techblog"]
    assert standings(house) == {}


def test_asking_costs_the_same_for_one_article_and_for_three(house: House, editor: Client):
    def cost(articles: list[Article], step: str, deed: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            sent(editor, articles, deed, step=step, sites=keys(house, TECHBLOG) if step else "", when="now")
        return len(queries)

    articles = written(house, "One", "Two", "Three")
    with tenant_scope(house.tenant):
        for article in articles:
            place(article=article, site=house.sites[TECHBLOG])
    sent(editor, articles, "place", step="")
    for step, deed in (("", "place"), ("confirm", "place"), ("", "unpublish"), ("confirm", "unpublish"), ("", "topic")):
        one, three = cost(articles[:1], step, deed), cost(articles, step, deed)
        assert one == three
        assert one <= 12


@pytest.mark.parametrize("needed", [True, False])
def test_that_a_topic_ends_an_approval_is_said_where_it_is_needed(house: House, editor: Client, needed: bool):
    articles = written(house, "One", "Two")
    Tenant.objects.filter(pk=house.tenant.pk).update(needs_approval=needed)
    with tenant_scope(house.tenant):
        Article.objects.filter(pk=articles[0].pk).update(stage="approved")
        topic = Topic.objects.create(tenant=house.tenant, slug="t", name="Trade")
    html = sent(editor, articles, "topic", step="confirm", topic=topic.pk, way="add")
    assert ("Of these articles 1 is approved: what changes is a draft again" in html) == needed
