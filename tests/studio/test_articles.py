"""What editors see of their articles: the list, what narrows it, its order and its pages."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from publishing.models import Byline, Comment, Placement, Review, Topic
from publishing.placing import place, recall, unpublish
from publishing.writing import revise, write
from studio import paging
from studio.listing import filters, finding
from studio.listing.forms import ListForm
from studio.listing.marks import SHOWN
from studio.listing.pages import page_of
from studio.listing.vocabulary import vocabulary_of
from tenants.models import Membership, User
from tenants.roles import Role
from tenants.scope import across_tenants, tenant_scope
from tests.cast import FINANCEBLOG, TECHBLOG, House, acme, article_on, bolt, house, member, placement_of, signed_in

pytestmark = pytest.mark.django_db
LIST = "/acme/articles/"


def page(client: Client, path: str, **asked: Any) -> str:
    answer = client.get(path, asked)
    assert answer.status_code == 200, path
    return " ".join(answer.content.decode().split())


@pytest.fixture(name="house")
def a_house() -> House:
    return acme()


@pytest.fixture
def editor(house: House) -> Client:
    return signed_in(house.people["editor"], "studio")


def rows(html: str) -> Iterator[tuple[str, str]]:
    """Of each row the title and where it is placed."""
    for row in html.partition("<tbody>")[2].split("<tr>")[1:]:
        title = re.search(r'<th scope="row"> <a [^>]*>(.*?)</a>', row)
        marks = re.search(r'<td class="marks">(.*?)</td>', row)
        assert title
        assert marks
        yield title[1], " ".join(re.sub(r"<[^>]+>", " ", marks[1]).split())


def titles(html: str) -> list[str]:
    return [title for title, _ in rows(html)]


def link(html: str, words: str) -> str:
    """Where the link of these words leads; empty where there is none."""
    found = re.search(rf'<a href="([^"]*)"[^>]*>{words}</a>', html)
    return found[1].replace("&amp;", "&") if found else ""


def test_home_leads_who_works_in_one_newsroom_straight_there(editor: Client):
    assert editor.get("/")["Location"] == "/acme/"


def test_home_lists_the_newsrooms_of_who_works_in_several(house: House, editor: Client):
    other = bolt()
    with across_tenants("a second membership"):
        Membership.objects.create(user=house.people["editor"], tenant=other.tenant, role="viewer")
    html = page(editor, "/")
    assert html.index('"/acme/"') < html.index('"/bolt/"')
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
    shown = dict(rows(page(editor, LIST)))
    assert shown["On both"] == "Financeblog Techblog"
    assert shown["Next week"] == "Techblog scheduled"
    assert shown["Nowhere"] == "not placed"
    assert shown["Taken back"] == "Techblog recalled"
    assert shown["Over"] == "Techblog expired"
    assert shown["Off"] == "Techblog unpublished"


def test_a_membership_limited_to_sites_sees_the_placements_on_those_alone(house: House):
    article_on(house, TECHBLOG, FINANCEBLOG, title="On both")
    limited = signed_in(house.people["limited"], "studio")
    html = page(limited, LIST)
    assert dict(rows(html)) == {"On both": "Techblog"}
    assert "Financeblog" not in html


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("by_sql", [False, True])
def test_a_limited_membership_whose_last_site_is_deleted_sees_no_site_at_all(by_sql: bool):
    house = acme()
    article_on(house, TECHBLOG, FINANCEBLOG, title="On both")
    limited = signed_in(house.people["limited"], "studio")
    assert dict(rows(page(limited, LIST))) == {"On both": "Techblog"}
    if by_sql:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_site WHERE domain = %s", [TECHBLOG])
    else:
        with across_tenants("a site goes with all that hangs on it"):
            house.sites[TECHBLOG].delete()
    assert dict(rows(page(limited, LIST))) == {"On both": "not placed"}
    everywhere = signed_in(house.people["editor"], "studio")
    assert dict(rows(page(everywhere, LIST))) == {"On both": "Financeblog"}


def test_words_that_look_like_markup_stay_words(house: House, editor: Client):
    attack = "<script>alert(1)</script>"
    with tenant_scope(house.tenant):
        article = write(tenant=house.tenant, title=attack, summary=attack, body=attack)
        place(article=article, site=house.sites[TECHBLOG], title=attack, summary=attack)
    for asked in ({}, {"q": attack}, {"site": attack}, {"sort": "title", "after": f"1-{attack}"}):
        assert attack not in page(editor, LIST, **asked)


def test_a_row_tells_who_wrote_how_much_and_what_is_open(house: House, editor: Client):
    with tenant_scope(house.tenant):
        byline = Byline.objects.create(tenant=house.tenant, slug="ada", name="Ada Lind")
        article = write(tenant=house.tenant, title="Told", body="Three short words.", bylines=[byline])
        revise(article=article, by=house.people["editor"], summary="In short")
        for resolved in (None, None, timezone.now()):
            Comment.objects.create(tenant=house.tenant, article=article, text="Sure?", resolved_at=resolved)
        Review.objects.create(tenant=house.tenant, article=article, revision=1)
    html = page(editor, LIST)
    for words in ("Ada Lind", "3 words", "2 comments", "review asked for", "Acme&#x27;s editor"):
        assert words in html, words


def test_of_many_sites_the_first_are_shown_and_the_others_counted(editor: Client, house: House):
    domains = [f"site{n}.test" for n in range(SHOWN + 3)]
    other = a_large_house("many", domains)
    article_on(other, *domains, title="Everywhere")
    owner = signed_in(other.people["owner"], "studio")
    ((title, marks),) = rows(page(owner, "/many/articles/"))
    assert title == "Everywhere"
    assert marks.endswith("+3")
    assert len(marks.split()) == SHOWN + 1
    last = other.sites[domains[-1]]
    ((_, marks),) = rows(page(owner, "/many/articles/", site=last.pk))
    assert last.name in marks, "the one that was asked for is among them"


def a_large_house(slug: str, domains: list[str]) -> House:
    return house(slug, slug.title(), *domains)


# --- Search ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("harbour", ["A Harbour in Winter"]), ("HARB", ["A Harbour in Winter"]),
        ("winter harbour", ["A Harbour in Winter"]),
        ("ice on the", ["A Harbour in Winter"]), ("über", ["Über allen Gipfeln"]),
        ("ÜBER gipf", ["Über allen Gipfeln"]),
        ("東京", ["東京タワー"]), ("o'reilly", ["O'Reilly & Sons"]), ("well-kn", ["A well-known name"]),
        ("harbour gipfeln", []),
        ("h", []), ("!!!", []), ("'", []),
    ],
)  # fmt: skip
def test_words_of_title_and_summary_are_found_the_last_one_by_its_beginning(
    house: House, editor: Client, typed: str, found: list[str]
):
    article_on(house, title="A Harbour in Winter", summary="Ice on the quay.")
    for title in ("Über allen Gipfeln", "東京タワー", "O'Reilly & Sons", "A well-known name"):
        article_on(house, title=title)
    html = page(editor, LIST, q=typed)
    assert [title.replace("&#x27;", "'").replace("&amp;", "&") for title in titles(html)] == found
    assert bool(found) == ("No article has all of that" not in html)


@pytest.mark.parametrize(
    "typed",
    [
        "' & | ! ( ) <-> :*", "\\", "'\\''", "a:*b", "@1", "'@1' | 'x'", "%(tenant)s", "%s", "' OR 1=1 --", "a" * 200,
        "\u202e\u0000", "\ud83d\ude00", "𝕳𝖆𝖗𝖇", "&#x27;", ":*:*", "word:ABCD", "!harbour", "x" * 5000, "1 2 3 " * 30,
    ],
)  # fmt: skip
@pytest.mark.parametrize("sort", ["changed", "title", "live"])
def test_whatever_is_typed_is_only_words(house: House, editor: Client, typed: str, sort: str):
    article_on(house, TECHBLOG, title="A Harbour in Winter")
    asked: dict[str, Any] = {"q": typed.encode("utf-8", "surrogatepass"), "sort": sort}
    assert editor.get(LIST, asked).status_code == 200


def test_a_search_finds_nothing_of_another_tenants(house: House, editor: Client):
    article_on(bolt(), title="Harbour of Bolt")
    article_on(house, title="Harbour of Acme")
    assert titles(page(editor, LIST, q="harbour")) == ["Harbour of Acme"]


# --- Filters ---------------------------------------------------------------------------------------------------------

STAGES = ("draft", "review", "approved")


@pytest.fixture
def shelf(house: House) -> list[dict[str, Any]]:
    """Articles of every kind that filters tell apart, with what is so of each, latest changed first."""
    now = timezone.now().replace(microsecond=0)
    told = []
    with tenant_scope(house.tenant):
        topics = [Topic.objects.create(tenant=house.tenant, slug=f"t{n}", name=f"T{n}") for n in range(2)]
        bylines = [Byline.objects.create(tenant=house.tenant, slug=f"b{n}", name=f"B{n}") for n in range(2)]
        for n in range(36):
            changed = now - timedelta(hours=n // 2)
            fields: dict[str, Any] = {
                "title": f"{'Zebra' if n % 3 else 'apple'} {n:02}", "stage": STAGES[n % 3 if n % 5 else 0],
                "kind": "page" if n % 11 == 10 else "article", "updated_at": changed,
                "by": house.people["editor"] if n % 4 == 1 else None,
            }  # fmt: skip
            topic, byline = n % 2, (n // 3) % 2
            article = write(tenant=house.tenant, topics=[topics[topic]], bylines=[bylines[byline]], **fields)
            standings = _put(house, article, n, now)
            told.append(
                {
                    **fields,
                    "topic": topic,
                    "byline": byline,
                    "pk": article.pk,
                    "standings": standings,
                    "mine": n % 4 == 1,
                }
            )
    return sorted(told, key=lambda one: (one["updated_at"], one["pk"]), reverse=True)


def _put(house: House, article: Any, n: int, now: datetime) -> dict[str, tuple[str, datetime]]:
    """On no, one or two sites, in some state; returns it by domain, with the date."""
    put = {}
    for domain in [[], [TECHBLOG], [FINANCEBLOG], [TECHBLOG, FINANCEBLOG]][n % 4]:
        later = timedelta(days=2) if domain == FINANCEBLOG else timedelta()
        states = ("live", "scheduled", "expired", "draft", "unpublished", "recalled", "live")
        state = states[(n + bool(later)) % 7]
        date = now - timedelta(days=20 + n) + later if state != "scheduled" else now + timedelta(days=n + 1) + later
        status = state if state in {"draft", "unpublished", "recalled"} else "published"
        Placement.objects.create(
            tenant=house.tenant, article=article, site=house.sites[domain], slug=f"s{n}", go_live=date,
            status=status, expires_at=date + timedelta(hours=1) if state == "expired" else None,
        )  # fmt: skip
        put[domain] = state, date
    return put


def _matches(one: dict[str, Any], asked: dict[str, str], domain: str | None) -> bool:
    standings = {site: state for site, (state, _) in one["standings"].items() if domain in {None, site}}
    wanted = asked.get("standing")
    if wanted == "none":
        placed = not standings
    else:
        placed = wanted in standings.values() if wanted else bool(standings) or domain is None
    return (
        placed
        and asked.get("stage") in {None, one["stage"]}
        and asked.get("kind") in {None, one["kind"]}
        and asked.get("topic") in {None, str(one["topic"])}
        and (asked.get("author") != "me" or one["mine"])
        and (asked.get("author") in {None, "me"} or asked["author"] == str(one["byline"]))
        and asked.get("q", "").lower() in one["title"].lower()
    )


QUESTIONS = [
    dict(pairs)
    for pairs in [
        {}, {"stage": "review"}, {"kind": "page"}, {"author": "me"}, {"author": "1"}, {"topic": "0"}, {"q": "zebra"},
        {"q": "app", "topic": "1"}, {"site": TECHBLOG}, {"standing": "none"}, {"standing": "live"},
        {"standing": "scheduled", "author": "0"}, {"standing": "expired"}, {"standing": "recalled", "topic": "1"},
        {"site": FINANCEBLOG, "standing": "draft"}, {"site": TECHBLOG, "standing": "none", "stage": "draft"},
        {"site": TECHBLOG, "topic": "1", "author": "0", "stage": "approved", "q": "zebra"},
        {"stage": "approved", "kind": "page"}, {"author": "me", "topic": "1", "kind": "article"},
    ]
]  # fmt: skip


@pytest.fixture(params=["at once", "far", "one by one", "with nothing at hand"])
def reach(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every way of looking, at numbers that a test can have."""
    monkeypatch.setattr(paging, "PAGE", 4)
    if request.param == "at once":
        return
    monkeypatch.setattr(finding, "NEAR", 5)
    monkeypatch.setattr(finding, "MORE", 6)
    monkeypatch.setattr(finding, "STEPS", 2)
    monkeypatch.setattr(finding, "FEW", 1000 if request.param == "one by one" else 0)
    monkeypatch.setattr(finding, "ORDERS", {name: replace(one, far=7) for name, one in finding.ORDERS.items()})
    monkeypatch.setattr("studio.listing.forms.ORDERS", finding.ORDERS)
    monkeypatch.setattr("studio.listing.pages.ORDERS", finding.ORDERS)
    if request.param == "with nothing at hand":
        for name in ("words", "own", "term", "placed", "changed"):
            made = getattr(filters, name)
            monkeypatch.setattr(filters, name, lambda *a, _made=made, **k: replace(_made(*a, **k), members=""))


def _walked(client: Client, asked: dict[str, Any], way: str) -> tuple[list[str], str]:
    """All titles from page to page, and the address of the last page."""
    address = ""
    seen: list[str] = []
    for _ in range(60):
        html = page(client, f"{LIST}{address}", **({} if address else asked))
        found = titles(html)
        seen = found + seen if way == "Previous" else seen + found
        following = link(html, way) or link(html, "Look further")
        if not following:
            return seen, address
        address = following
    raise AssertionError("it has no end")


Ask = dict[str, Any]


def _asking(house: House, asked: Ask) -> Any:
    """What the list's view makes of an address, without what stands around it."""
    membership = Membership.objects.get(user=house.people["editor"])
    return SimpleNamespace(
        GET=_query(asked), tenant=house.tenant, sites=None, user=house.people["editor"], membership=membership
    )


def _query(asked: Ask) -> QueryDict:
    query = QueryDict(mutable=True)
    query.update({name: str(value) for name, value in asked.items()})
    return query


def _through(house: House, asked: Ask) -> list[str]:
    """The titles from page to page, each a request of its own; who asks, and for which names, is asked once."""
    seen: list[str] = []
    request = _asking(house, asked)
    vocabulary = vocabulary_of(request)
    for _ in range(60):
        shown = page_of(request, ListForm(request, vocabulary))
        seen += [row.article.title for row in shown.rows]
        following = shown.older or shown.further
        if not following:
            return seen
        following_query = _query(dict(parse_qsl(following.removeprefix("?"), keep_blank_values=True)))
        request = SimpleNamespace(**vars(request) | {"GET": following_query})
    raise AssertionError("it has no end")


def _sent(house: House, asked: dict[str, str]) -> Ask:
    keys = _keys(house)
    return {name: keys.get((name, value), value) for name, value in asked.items()}


@pytest.mark.usefixtures("reach")
def test_a_list_is_walked_through_without_gap_or_repeat_whatever_narrows_it(house: House, shelf: list[dict[str, Any]]):
    with tenant_scope(house.tenant):
        for asked in QUESTIONS:
            wanted = [one for one in shelf if _matches(one, asked, asked.get("site"))]
            orders = {
                "changed": wanted,
                "stale": wanted[::-1],
                "title": sorted(wanted, key=lambda one: (one["title"].lower(), one["pk"])),
            }
            sent = _sent(house, asked)
            for sort, expected in orders.items():
                seen = _through(house, {**sent, "sort": sort})
                assert seen == [one["title"] for one in expected], (asked, sort)


@pytest.mark.usefixtures("reach")
def test_by_date_an_article_stands_once_at_its_outermost_placement(house: House, shelf: list[dict[str, Any]]):
    with tenant_scope(house.tenant):
        for asked, (sort, outermost) in product(QUESTIONS, {"live": max, "first": min}.items()):
            if asked.get("standing") in {"none", "draft", "unpublished", "recalled"} or "kind" in asked:
                continue
            known = _dated(shelf, asked, outermost)
            seen = _through(house, {**_sent(house, asked), "sort": sort})
            assert sorted(seen) == sorted(known), (asked, sort)
            moments = [known[title] for title in seen]
            assert moments == sorted(moments, reverse=sort == "live"), (asked, sort)


def _dated(shelf: list[dict[str, Any]], asked: dict[str, str], outermost: Any) -> dict[str, datetime]:
    """The dates by which articles are sorted, by title."""
    known = {}
    for one in shelf:
        dates = [
            date
            for domain, (state, date) in one["standings"].items()
            if asked.get("site") in {None, domain}
            and (asked["standing"] == state if "standing" in asked else state in {"live", "scheduled", "expired"})
        ]
        if dates and one["kind"] == "article" and _matches(one, asked, asked.get("site")):
            known[one["title"]] = outermost(dates)
    return known


def _keys(house: House) -> dict[tuple[str, str], int]:
    with tenant_scope(house.tenant):
        topics = {("topic", slug[1:]): key for key, slug in Topic.objects.values_list("pk", "slug")}
        bylines = {("author", slug[1:]): key for key, slug in Byline.objects.values_list("pk", "slug")}
    return {**topics, **bylines, **{("site", domain): site.pk for domain, site in house.sites.items()}}


@pytest.mark.parametrize("sort", ["changed", "stale", "title", "live", "first"])
def test_the_way_back_leads_through_the_same_pages(
    house: House, editor: Client, shelf: list[dict[str, Any]], sort: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(paging, "PAGE", 4)
    asked = {"sort": sort, "topic": str(_keys(house)["topic", "1"])}
    forth, last = _walked(editor, asked, "Next")
    assert len(forth) > 4
    rest = titles(page(editor, f"{LIST}{last}"))
    before = link(page(editor, f"{LIST}{last}"), "Previous")
    assert "topic=" in before, "the filters go along"
    back: list[str] = []
    while before:
        html = page(editor, f"{LIST}{before}")
        back = titles(html) + back
        before = link(html, "Previous")
    assert back + rest == forth


def test_days_narrow_by_what_the_list_is_sorted_by(house: House, editor: Client):
    day = datetime(2026, 3, 10, tzinfo=UTC)
    with tenant_scope(house.tenant):
        for n, title in ((-1, "Before"), (0, "At midnight"), (23, "Late"), (24, "After")):
            article = write(tenant=house.tenant, title=title, updated_at=day + timedelta(hours=n))
            place(article=article, site=house.sites[TECHBLOG], go_live=day + timedelta(hours=n, days=10))
    of_day = {"since": "2026-03-10", "until": "2026-03-10"}
    assert titles(page(editor, LIST, **of_day)) == ["Late", "At midnight"]
    assert titles(page(editor, LIST, sort="title", **of_day)) == ["At midnight", "Late"]
    of_day = {"since": "2026-03-20", "until": "2026-03-20", "sort": "live"}
    assert titles(page(editor, LIST, **of_day)) == ["Late", "At midnight"]
    # By the site's own clock where there is one.
    brand = house.sites[TECHBLOG].brand
    brand.time_zone = "Europe/Berlin"
    brand.save()
    assert titles(page(editor, LIST, **of_day, site=house.sites[TECHBLOG].pk)) == ["At midnight", "Before"]


def test_a_member_of_some_sites_finds_by_how_it_stands_there_alone(house: House):
    article_on(house, FINANCEBLOG, title="Elsewhere")
    article_on(house, TECHBLOG, FINANCEBLOG, title="On both")
    limited = signed_in(house.people["limited"], "studio")
    assert titles(page(limited, LIST)) == ["On both", "Elsewhere"]
    assert titles(page(limited, LIST, standing="live")) == ["On both"]
    assert titles(page(limited, LIST, standing="none")) == ["Elsewhere"]
    assert titles(page(limited, LIST, sort="live")) == ["On both"]


def test_a_member_of_some_sites_is_offered_those_alone(house: House):
    html = page(signed_in(house.people["limited"], "studio"), LIST)
    assert ">Techblog</option>" in html
    assert "Financeblog" not in html


def test_a_part_of_the_page_is_the_table_alone_and_tells_its_address(house: House, editor: Client):
    article_on(house, TECHBLOG, title="Ours")
    asked = {"q": "our", "site": "", "sort": "title"}
    answer = editor.get(LIST, asked, headers={"HX-Request": "true", "HX-Target": "articles"})
    html = answer.content.decode()
    assert html.lstrip().startswith("<section")
    assert "Ours" in html
    assert answer["HX-Push-Url"] == f"{LIST}?q=our&sort=title"
    restored = {"HX-Request": "true", "HX-Target": "articles", "HX-History-Restore-Request": "true"}
    assert "<html" in editor.get(LIST, asked, headers=restored).content.decode()


# --- Positions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "after", ["x", "1", "1-", "-1", "1-1-1", "１-１", "9" * 17 + "-1", "1-" + "9" * 19, "1-1\n", "'--"]
)
@pytest.mark.parametrize("name", ["after", "before"])
def test_a_position_that_is_none_is_a_page_that_does_not_exist(editor: Client, name: str, after: str):
    for sort in ("changed", "live"):
        assert editor.get(LIST, {name: after, "sort": sort}).status_code == 404


@pytest.mark.parametrize(("after", "sort"), [
    ("0-0", "changed"), ("9999999999999999-999999999999999999", "changed"), ("0-0", "live"),
    ("9999999999999999-999999999999999999", "first"), ("1-", "title"), ("999999999999999999-\U0010ffff", "title"),
])  # fmt: skip
def test_the_outermost_positions_are_pages(house: House, editor: Client, after: str, sort: str):
    article_on(house, TECHBLOG, title="A headline")
    for name in ("after", "before"):
        assert editor.get(LIST, {name: after, "sort": sort, "standing": "live"}).status_code == 200


# --- What it costs, and whose it is ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked", [{}, {"q": "more", "standing": "live", "sort": "live"}, {"topic": "", "stage": "draft"}]
)
def test_a_page_costs_the_same_queries_for_one_row_and_for_three(house: House, editor: Client, asked: dict[str, str]):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert titles(page(editor, LIST, **asked))
        return len(queries)

    article = article_on(house, TECHBLOG, title="More")
    page(editor, LIST)
    one = cost()
    for number in range(2):
        article_on(house, TECHBLOG, FINANCEBLOG, title=f"More {number}")
    with tenant_scope(house.tenant):
        place(article=article, site=house.sites[FINANCEBLOG])
        for number in range(2):
            revise(article=article, by=member(house.tenant, f"guest{number}", Role.AUTHOR), title=f"More {number}")
    assert one == cost()
    assert one <= 9


@pytest.mark.usefixtures("reach")
def test_no_page_costs_more_than_twelve_statements(house: House, editor: Client, shelf: list[dict[str, Any]]):
    for asked in QUESTIONS[-6:]:
        with tenant_scope(house.tenant):
            sent = _sent(house, asked)
        with CaptureQueriesContext(connection) as queries:
            page(editor, LIST, **sent)
        assert len(queries) <= 12, asked


def test_one_tenants_page_shows_nothing_of_another(house: House, editor: Client):
    other = bolt()
    foreign = article_on(other, "lantern.test", title="Bolt's secret")
    article_on(house, TECHBLOG, title="Acme's own")
    html = page(editor, LIST)
    assert "Acme&#x27;s own" in html
    assert "secret" not in html
    assert editor.get(f"/acme/articles/{foreign.pk}/").status_code == 404
    assert editor.get(f"/bolt/articles/{foreign.pk}/").status_code == 404
