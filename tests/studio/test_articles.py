"""What editors see of their articles."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from publishing.placing import place, recall, unpublish
from publishing.writing import correct, revise, write
from studio import paging
from studio.paging import Position
from tenants.models import Membership, User
from tenants.roles import Role
from tenants.scope import across_tenants, tenant_scope
from tests.cast import FINANCEBLOG, TECHBLOG, House, acme, article_on, bolt, member, placement_of, signed_in

pytestmark = pytest.mark.django_db


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return " ".join(answer.content.decode().split())


@pytest.fixture
def house() -> House:
    return acme()


@pytest.fixture
def editor(house: House) -> Client:
    return signed_in(house.people["editor"], "studio")


def test_home_leads_who_works_in_one_newsroom_straight_there(editor: Client):
    assert editor.get("/")["Location"] == "/acme/articles/"


def test_home_lists_the_newsrooms_of_who_works_in_several(house: House, editor: Client):
    other = bolt()
    with across_tenants("a second membership"):
        Membership.objects.create(user=house.people["editor"], tenant=other.tenant, role="viewer")
    html = page(editor, "/")
    assert html.index("/acme/articles/") < html.index("/bolt/articles/")
    assert "viewer" in html


def test_home_tells_who_works_nowhere_what_to_do():
    nobody = User.objects.create_user("nobody@elsewhere.test")
    assert "nobody@elsewhere.test" in page(signed_in(nobody, "studio"), "/")


def test_the_list_shows_each_site_with_how_the_article_stands_there(house: House, editor: Client):
    article_on(house, TECHBLOG, FINANCEBLOG, title="On both")
    article_on(house, TECHBLOG, title="Next week", ago=timedelta(days=-7))
    article_on(house, title="Nowhere")
    with tenant_scope(house.tenant):
        recall(article=article_on(house, TECHBLOG, title="Taken back"))
        ended = placement_of(article_on(house, TECHBLOG, title="Over"), house.sites[TECHBLOG])
        ended.expires_at = timezone.now() - timedelta(minutes=1)
        ended.save()
        unpublish(placements=[placement_of(article_on(house, TECHBLOG, title="Off"), house.sites[TECHBLOG])])
    rows = dict(_rows(page(editor, "/acme/articles/")))
    assert rows["On both"] == "Financeblog Techblog"
    assert rows["Next week"] == "Techblog scheduled"
    assert rows["Nowhere"] == "not placed"
    assert rows["Taken back"] == "Techblog recalled"
    assert rows["Over"] == "Techblog expired"
    assert rows["Off"] == "Techblog unpublished"


def _rows(html: str):
    import re

    for row in html.split("<tr>")[2:]:
        cells = [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.split("</t[hd]>", row)]
        yield cells[0], cells[1]


def test_a_membership_limited_to_sites_sees_the_placements_on_those_alone(house: House):
    article = article_on(house, TECHBLOG, FINANCEBLOG, title="On both")
    limited = signed_in(house.people["limited"], "studio")
    assert dict(_rows(page(limited, "/acme/articles/"))) == {"On both": "Techblog"}
    html = page(limited, f"/acme/articles/{article.pk}/")
    assert TECHBLOG in html
    assert FINANCEBLOG not in html


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("by_sql", [False, True])
def test_a_limited_membership_whose_last_site_is_deleted_sees_no_site_at_all(by_sql: bool):
    house = acme()
    article = article_on(house, TECHBLOG, FINANCEBLOG, title="On both")
    limited = signed_in(house.people["limited"], "studio")
    assert dict(_rows(page(limited, "/acme/articles/"))) == {"On both": "Techblog"}
    if by_sql:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_site WHERE domain = %s", [TECHBLOG])
    else:
        with across_tenants("a site goes with all that hangs on it"):
            house.sites[TECHBLOG].delete()
    assert dict(_rows(page(limited, "/acme/articles/"))) == {"On both": "not placed"}
    assert FINANCEBLOG not in page(limited, f"/acme/articles/{article.pk}/")
    everywhere = signed_in(house.people["editor"], "studio")
    assert dict(_rows(page(everywhere, "/acme/articles/"))) == {"On both": "Financeblog"}


def test_an_article_shows_its_text_its_placements_and_its_revisions(house: House, editor: Client):
    with tenant_scope(house.tenant):
        article = write(tenant=house.tenant, title="First title", body="Some **bold** words.")
        revise(article=article, by=house.people["editor"], title="Second title", summary="In short")
        correct(article=article, note="It was Tuesday.")
        place(article=article, site=house.sites[TECHBLOG], slug="on-tech", canonical=True, title="Tech’s own title")
        place(article=article, site=house.sites[FINANCEBLOG], go_live=timezone.now() + timedelta(days=1))
    html = page(editor, f"/acme/articles/{article.pk}/")
    for words in (
        "<h1>Second title</h1>", "In short", "<strong>bold</strong>", "It was Tuesday.", "Tech’s own title",
        'href="http://techblog.test/on-tech/"', ">canonical<", "financeblog.test/second-title/",
        "Acme&#x27;s editor", "3 words",
    ):  # fmt: skip
        assert words in html, words
    assert 'href="http://financeblog.test/second-title/"' not in html, "a scheduled page cannot be opened yet"
    assert html.index('"number">2<') < html.index('"number">1<')


def test_words_that_look_like_markup_stay_words(house: House, editor: Client):
    attack = "<script>alert(1)</script>"
    with tenant_scope(house.tenant):
        article = write(tenant=house.tenant, title=attack, summary=attack, body=attack)
        place(article=article, site=house.sites[TECHBLOG], title=attack, summary=attack)
        correct(article=article, note=attack)
    for path in ("/acme/articles/", f"/acme/articles/{article.pk}/"):
        assert "<script" not in page(editor, path)


def test_a_list_of_any_length_is_walked_page_by_page_without_gap_or_repeat(
    house: House, editor: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(paging, "PAGE", 3)
    moment = timezone.now()
    with tenant_scope(house.tenant):
        # Some of one moment, as an import leaves them: the key decides among those.
        articles = [
            write(tenant=house.tenant, title=f"Article {n}", updated_at=moment - timedelta(minutes=n // 4))
            for n in range(8)
        ]
    wanted = [one.title for one in sorted(articles, key=lambda one: (one.updated_at, one.pk), reverse=True)]
    seen, after = [], ""
    for _ in range(3):
        html = page(editor, f"/acme/articles/{after}")
        seen += [title for title, _ in _rows(html)]
        after = html.partition('href="')[2] and html.rpartition('href="?after=')[2].partition('"')[0]
        after = f"?after={after}"
    assert seen == wanted
    assert "Older" not in html


@pytest.mark.parametrize(
    "after", ["x", "1", "1-", "-1", "1-1-1", "１-１", "9" * 17 + "-1", "1-" + "9" * 19, "1-1\n", "'--"]
)
def test_a_position_that_is_none_is_a_page_that_does_not_exist(editor: Client, after: str):
    assert editor.get("/acme/articles/", {"after": after}).status_code == 404


@pytest.mark.parametrize("after", ["0-0", "9999999999999999-999999999999999999"])
def test_the_outermost_positions_are_pages(house: House, editor: Client, after: str):
    article_on(house, title="A headline")
    assert editor.get("/acme/articles/", {"after": after}).status_code == 200


def test_a_position_survives_being_written_and_read():
    position = Position(timezone.now(), 7)
    assert Position.from_text(str(position)) == position


@pytest.mark.parametrize("path", ["/acme/articles/", "/acme/articles/{}/"])
def test_a_page_costs_the_same_queries_for_one_row_and_for_three(house: House, editor: Client, path: str):
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(editor, path.format(article.pk))
        return len(queries)

    article = article_on(house, TECHBLOG)
    page(editor, path.format(article.pk))
    one = cost()
    for number in range(2):
        article_on(house, TECHBLOG, FINANCEBLOG, title=f"More {number}")
    with tenant_scope(house.tenant):
        place(article=article, site=house.sites[FINANCEBLOG])
        for number in range(2):
            revise(article=article, by=member(house.tenant, f"guest{number}", Role.AUTHOR), title=f"Title {number}")
    assert (one, cost()) == {"/acme/articles/": (6, 6)}.get(path, (10, 10))


def test_one_tenants_page_shows_nothing_of_another(house: House, editor: Client):
    other = bolt()
    foreign = article_on(other, "lantern.test", title="Bolt's secret")
    article_on(house, TECHBLOG, title="Acme's own")
    html = page(editor, "/acme/articles/")
    assert "Acme&#x27;s own" in html
    assert "secret" not in html
    assert editor.get(f"/acme/articles/{foreign.pk}/").status_code == 404
    assert editor.get(f"/bolt/articles/{foreign.pk}/").status_code == 404
