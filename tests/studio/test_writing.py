"""An article is begun, written, saved and merged; who may, and what is refused."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from publishing import drafting
from publishing.models import Article, Byline, Draft, Image, Revision, Topic
from publishing.writing import revise, set_topics
from tenants.models import User
from tenants.scope import across_tenants, tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, House, article_on, bolt, signed_in

pytestmark = pytest.mark.django_db

JSON = {"Accept": "application/json"}
MOST_STATEMENTS = 12


def of(house: House, who: str) -> Client:
    return signed_in(house.people[who], "studio")


def path(article: Article, rest: str = "") -> str:
    return f"/acme/articles/{article.pk}/{rest}"


def sent(article: Article, base: int = 1, **changes: Any) -> dict[str, Any]:
    """The form as it is when nothing was touched, and what is changed."""
    fields = ("title", "summary", "body", "body_format", "kind", "language")
    return {"base": base, "version": 0, **{name: getattr(article, name) for name in fields}, **changes}


def stored(article: Article) -> Article:
    with across_tenants("a test looks"):
        return Article.objects.get(pk=article.pk)


def count(model: Any) -> int:
    with across_tenants("a test counts"):
        return int(model.objects.count())


# --- A new one --------------------------------------------------------------------------------------------------------


def test_an_article_is_begun_with_a_title_and_opens_in_the_editor(house: House):
    client = of(house, "author")
    assert client.get("/acme/articles/new/").status_code == 200
    form = {"once": uuid.uuid4(), "title": "New", "kind": "page", "language": "de"}
    first, second = (client.post("/acme/articles/new/", form) for _ in range(2))
    with tenant_scope(house.tenant):
        article = Article.objects.get()
    assert first["Location"] == second["Location"] == path(article)
    assert (article.title, article.kind, article.language) == ("New", "page", "de")
    assert article.written_by == house.people["author"]
    assert b'id="words"' in client.get(path(article)).content


@pytest.mark.parametrize(
    "wrong", [{"title": ""}, {"title": "x" * 301}, {"kind": "book"}, {"language": "<b>"}, {"once": "no"}]
)
def test_what_cannot_be_begun_is_shown_again(house: House, wrong: dict[str, str]):
    form = {"once": uuid.uuid4(), "title": "New", "kind": "article", **wrong}
    answer = of(house, "author").post("/acme/articles/new/", form)
    assert answer.status_code == 200
    assert count(Article) == 0


# --- Who sees what ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "domains", "written_by", "opens"),
    [
        ("owner", [TECHBLOG, FINANCEBLOG], None, True),
        ("editor", [TECHBLOG, FINANCEBLOG], None, True),
        ("limited", [TECHBLOG], None, True),
        ("limited", [TECHBLOG, FINANCEBLOG], None, False),
        ("author", [], "author", True),
        ("author", [TECHBLOG], "author", False),
        ("author", [], "editor", False),
        ("viewer", [], "editor", False),
    ],
)
def test_who_may_write_gets_the_editor_and_who_may_not_gets_the_text_and_the_reason(
    house: House, who: str, domains: list[str], written_by: str | None, opens: bool
):
    by = house.people[written_by] if written_by else None
    article = article_on(house, *domains, body="**Bold** words.", written_by=by)
    client = of(house, who)
    page = client.get(path(article)).content.decode()
    assert ('id="words"' in page) == opens
    assert ("<strong>Bold</strong> words." in page) != opens
    answer = client.post(path(article), sent(article, title="Changed"))
    assert answer.status_code == (302 if opens else 403)
    assert (stored(article).title == "Changed") == opens
    if not opens:
        assert "can change it" in page or "it does not write" in page or "changes it" in page
        for rest in ("draft/", "draft/discard/", "merge/"):
            assert client.post(path(article, rest), sent(article)).status_code == 403


def test_where_it_is_live_is_said_beside_the_buttons(house: House):
    article = article_on(house, TECHBLOG, FINANCEBLOG)
    assert "Live on 2 sites: saving shows it there" in of(house, "editor").get(path(article)).content.decode()
    assert "saving shows it there" not in of(house, "editor").get(path(article_on(house))).content.decode()


def test_what_is_shown_comes_from_the_studio_and_nothing_from_elsewhere(house: House):
    stem = "a" * 32
    film = '<figure class="embed"><a href="https://youtu.be/dQw4w9WgXcQ">F</a></figure>'
    body = f'<p><img src="/media/{stem}-960.webp" alt="x"></p>{film}'
    article = article_on(house, body=body, body_format="html")
    page = of(house, "viewer").get(path(article)).content.decode()
    assert f'src="/acme/media/file/{stem}-960.webp"' in page
    assert "<iframe" not in page
    assert 'class="elsewhere" href="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"' in page


def test_of_a_picture_on_another_host_its_words_are_shown(house: House):
    body = '<p><img src="https://pictures.example/a.jpg" alt="A &lt;boat&gt;"> <img src="b.jpg"></p>'
    page = of(house, "viewer").get(path(article_on(house, body=body, body_format="html"))).content.decode()
    assert '<span class="elsewhere">A &lt;boat&gt;</span>' in page
    assert '<span class="elsewhere">A picture that is not in the library</span>' in page
    assert "<img" not in page


# --- Saving -----------------------------------------------------------------------------------------------------------


BODIES = [
    "One\n\nTwo\n",
    "\nLeading line",
    "Carriage\r\nreturns\r\n",
    "<p>a</p>\n<details><summary>b</summary></details>",
    "é\t\u2028x ",
    "",
]


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_body_that_nobody_touched_stays_to_the_letter(house: House, body: str, ends: str):
    article = article_on(house, body=body, body_format="html")
    # As a browser sends the text area: its own line ends, and without the first of them.
    as_sent = body.replace("\r\n", "\n").removeprefix("\n").replace("\n", ends)
    answer = of(house, "editor").post(path(article), sent(article, title="Only the title", body=as_sent))
    assert answer.status_code == 302
    assert (stored(article).title, stored(article).body) == ("Only the title", body)


def test_saving_twice_saves_once_and_says_so_both_times(house: House):
    article = article_on(house)
    client = of(house, "editor")
    form = sent(article, title="New", new_topics=["Fresh"])
    told = [client.post(path(article), form, headers=JSON).json() for _ in range(2)]
    assert [one["base"] for one in told] == [2, 2]
    assert [[term["name"] for term in one["topics"]] for one in told] == [["Fresh"], ["Fresh"]]
    assert (count(Revision), count(Topic)) == (2, 1)


def test_an_approved_article_is_a_draft_again_when_other_words_are_saved(house: House):
    article = article_on(house)
    with tenant_scope(house.tenant):
        revise(article=article, stage="approved")
    client = of(house, "editor")
    assert client.post(path(article), sent(article), headers=JSON).json()["told"] == []
    told = client.post(path(article), sent(article, title="New"), headers=JSON).json()["told"]
    assert told == ["It was approved before: its words have changed, so it is a draft again."]
    assert stored(article).stage == "draft"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", ""), ("title", "x" * 301), ("body_format", "rtf"), ("kind", "book"), ("language", "x y"),
        ("lead_image", "10" * 9), ("topics", "10" * 9), ("bylines", "nobody"), ("base", ""), ("body", "a\0b"),
        ("base", str(2**31)), ("version", str(2**31)), ("base", "9" * 5000),
    ],
)  # fmt: skip
def test_what_cannot_be_saved_is_said_at_its_field_and_the_words_are_there_still(house: House, name: str, value: str):
    article = article_on(house)
    client = of(house, "editor")
    form = sent(article, summary="Not lost") | {name: value}
    told = client.post(path(article), form, headers=JSON)
    assert (told.status_code, list(told.json()["errors"])) == (422, [name])
    page = client.post(path(article), form)
    assert page.status_code == 422
    assert "Not lost" in page.content.decode()
    assert stored(article).summary == ""


def test_terms_are_kept_in_the_order_in_which_they_were_sent(house: House):
    with tenant_scope(house.tenant):
        a, b = (Topic.objects.create(tenant=house.tenant, slug=slug, name=slug) for slug in "ab")
    article = article_on(house)
    of(house, "editor").post(path(article), sent(article, topics=[b.pk, a.pk, b.pk]))
    with tenant_scope(house.tenant):
        assert drafting.filed_under(article)[0] == [b.pk, a.pk]


def test_a_language_that_a_translation_has_is_refused_in_a_sentence(house: House):
    from publishing.translating import join_translations

    article, other = article_on(house, title="One"), article_on(house, title="Zwei", language="de")
    with tenant_scope(house.tenant):
        join_translations(article=article, other=other)
    told = of(house, "editor").post(path(article), sent(article, language="de"), headers=JSON)
    assert "Zwei" in told.json()["errors"]["language"][0]["message"]


# --- Drafts -----------------------------------------------------------------------------------------------------------


def test_words_are_kept_as_they_are_typed_and_come_back(house: House):
    with tenant_scope(house.tenant):
        topic = Topic.objects.create(tenant=house.tenant, slug="rust", name="Rust")
    article, client = article_on(house), of(house, "editor")
    typed = sent(article, title="", body="a\r\nb\0", topics=[topic.pk, 10**9], new_topics=["Fresh"])
    told = client.post(path(article, "draft/"), typed, headers=JSON).json()
    assert (told["version"], told["isBehind"], told["latest"]) == (1, False, 1)
    back = client.get(path(article, "draft/")).json()
    assert len(back["token"]) == 64
    assert back["kept"]["words"] == {
        "title": "", "summary": "", "body": "a\nb", "body_format": "markdown", "kind": "article", "language": "",
        "topics": [{"id": topic.pk, "name": "Rust"}, {"id": None, "name": "Fresh"}], "bylines": [], "lead_image": None,
    }  # fmt: skip
    assert stored(article).title == "A headline"
    assert "data-kept-at" in client.get(path(article)).content.decode()


def test_a_second_window_that_is_behind_is_told(house: House):
    article, client = article_on(house), of(house, "editor")
    client.post(path(article, "draft/"), sent(article, title="first"), headers=JSON)
    told = client.post(path(article, "draft/"), sent(article, title="second"), headers=JSON).json()
    assert (told["isBehind"], told["version"]) == (True, 1)


def test_what_is_discarded_is_gone(house: House):
    article, client = article_on(house), of(house, "editor")
    client.post(path(article, "draft/"), sent(article, title="x"), headers=JSON)
    assert client.post(path(article, "draft/discard/"), headers=JSON).json() == {"version": 2}
    assert client.get(path(article, "draft/")).json()["kept"] is None
    assert client.post(path(article, "draft/discard/")).status_code == 302


def test_ones_draft_is_nobody_elses(house: House):
    article = article_on(house)
    of(house, "editor").post(path(article, "draft/"), sent(article, title="secret words"), headers=JSON)
    owner = of(house, "owner")
    assert owner.get(path(article, "draft/")).json()["kept"] is None
    assert "secret words" not in owner.get(path(article)).content.decode()


def test_each_is_told_who_else_is_there_and_who_saved(house: House):
    article = article_on(house)
    ada, ben = of(house, "editor"), of(house, "owner")
    assert ada.post(path(article, "draft/"), {"beat": 1, "base": 1}).json()["others"] == []
    told = ben.post(path(article, "draft/"), sent(article, title="x"), headers=JSON).json()
    assert told["others"] == [{"name": "Acme's editor", "wrote": None}]
    told = ada.post(path(article, "draft/"), {"beat": 1, "base": 1}).json()
    assert [one["name"] for one in told["others"]] == ["Acme's owner"]
    assert told["others"][0]["wrote"] is not None
    ben.post(path(article), sent(article, title="Saved"))
    told = ada.post(path(article, "draft/"), {"beat": 1, "base": 1}).json()
    assert (told["latest"], told["latestBy"], told["latestIsMine"]) == (2, "Acme's owner", False)
    assert "Acme&#x27;s owner" in ada.get(path(article)).content.decode()


def test_without_scripts_a_draft_is_kept_and_leads_back(house: House):
    article, client = article_on(house), of(house, "editor")
    assert client.post(path(article, "draft/"), sent(article, title="x"))["Location"] == path(article)
    with tenant_scope(house.tenant):
        assert Draft.objects.values_list("words__title", flat=True).get() == "x"


@pytest.mark.parametrize("field", ["body", "summary"])
def test_more_than_can_be_kept_is_refused_in_a_sentence(house: House, field: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("studio.writing.words.MAX_SOURCE", 10)
    monkeypatch.setattr("studio.writing.forms.MAX_SOURCE", 10)
    article, client = article_on(house, title="x"), of(house, "editor")
    answer = client.post(path(article, "draft/"), sent(article) | {field: "x" * 11}, headers=JSON)
    assert (answer.status_code, "10" in answer.json()["error"]) == (422, True)


# --- Merging ----------------------------------------------------------------------------------------------------------


PARAGRAPHS = "One.\n\nTwo.\n\nThree."


def two_versions(house: House, **mine: Any) -> tuple[Article, Client]:
    """Saved by the owner after the editor had begun, whose words are then refused."""
    article = article_on(house, body=PARAGRAPHS)
    of(house, "owner").post(path(article), sent(article, body="ONE.\n\nTwo.\n\nThree.", summary="Theirs"))
    client = of(house, "editor")
    told = client.post(path(article), sent(article, **mine), headers=JSON)
    assert (told.status_code, told.json()) == (409, {"merge": path(article, "merge/")})
    return article, client


def test_what_two_changed_in_two_places_is_merged_by_itself_and_saved_on_top(house: House):
    article, client = two_versions(house, title="Mine", body="One.\n\nTwo.\n\nThree, and four.")
    page = client.get(path(article, "merge/")).content.decode()
    assert "both changed it" not in page
    assert client.post(path(article, "merge/"), {"theirs": 2})["Location"] == path(article)
    merged = stored(article)
    assert (merged.title, merged.summary, merged.body) == ("Mine", "Theirs", "ONE.\n\nTwo.\n\nThree, and four.")
    with tenant_scope(house.tenant):
        assert Revision.objects.count() == 3
        assert Draft.objects.get(user=house.people["editor"]).words is None


@pytest.mark.parametrize(
    ("take", "first"),
    [
        ({"piece-0": "theirs"}, "ONE."),
        ({"piece-0": "mine"}, "1."),
        ({"piece-0": "both"}, "ONE.\n\n1."),
        ({"piece-0": "edit", "edit-0": "Uno.\r\n"}, "Uno."),
    ],
)
def test_where_both_changed_the_same_somebody_decides(house: House, take: dict[str, str], first: str):
    article, client = two_versions(house, body="1.\n\nTwo.\n\nThree.")
    assert "both changed it" in client.get(path(article, "merge/")).content.decode()
    undecided = client.post(path(article, "merge/"), {"theirs": 2})
    assert (undecided.status_code, stored(article).body) == (422, "ONE.\n\nTwo.\n\nThree.")
    assert client.post(path(article, "merge/"), {"theirs": 2, **take}).status_code == 302
    assert stored(article).body == f"{first}\n\nTwo.\n\nThree."


@pytest.mark.parametrize(
    ("take", "title"),
    [({"take-title": "theirs"}, "A headline"), ({}, "Mine"), ({"take-title": "edit", "edit-title": "Both"}, "Both")],
)
def test_a_field_is_taken_from_either_or_written_anew(house: House, take: dict[str, str], title: str):
    article, client = two_versions(house, title="Mine", body=PARAGRAPHS)
    client.post(path(article, "merge/"), {"theirs": 2, **take})
    assert stored(article).title == title


def test_what_has_moved_on_again_is_looked_at_again(house: House):
    article, client = two_versions(house, title="Mine", body=PARAGRAPHS)
    of(house, "owner").post(path(article), sent(stored(article), base=2, summary="Again"))
    assert client.post(path(article, "merge/"), {"theirs": 2})["Location"] == path(article, "merge/")
    assert stored(article).title == "A headline"
    client.post(path(article, "merge/"), {"theirs": 3})
    assert (stored(article).title, stored(article).summary) == ("Mine", "Again")


def test_markdown_and_html_are_not_mixed(house: House):
    article, client = two_versions(house, body="<p>Mine</p>", body_format="html")
    assert client.post(path(article, "merge/"), {"theirs": 2}).status_code == 422
    client.post(path(article, "merge/"), {"theirs": 2, "piece-0": "theirs"})
    assert (stored(article).body_format, stored(article).body) == ("markdown", "ONE.\n\nTwo.\n\nThree.")


def test_topics_of_both_are_there_and_what_either_took_out_is_not(house: House):
    with tenant_scope(house.tenant):
        a, b, c = (Topic.objects.create(tenant=house.tenant, slug=slug, name=f"Topic {slug}") for slug in "abc")
    article = article_on(house, topics=[a, b])
    of(house, "owner").post(path(article), sent(article, topics=[b.pk, c.pk]))
    client = of(house, "editor")
    client.post(path(article), sent(article, topics=[a.pk, b.pk], new_topics=["Fresh"]))
    client.post(path(article, "merge/"), {"theirs": 2})
    with tenant_scope(house.tenant):
        assert set(article.topics.values_list("name", flat=True)) == {"Topic b", "Topic c", "Fresh"}


def test_hostile_words_of_somebody_else_are_shown_and_do_nothing(house: House):
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    article, client = two_versions(house, title=hostile, summary=hostile, body=hostile)
    page = client.get(path(article, "merge/")).content.decode()
    assert "<script>alert" not in page
    assert "onerror=alert(1)>" not in page.replace("onerror=alert(1)&gt;", "")


def test_what_is_merged_is_shown_with_the_studios_pictures_and_nothing_from_elsewhere(house: House):
    film = '<figure class="embed"><a href="https://youtu.be/dQw4w9WgXcQ">F</a></figure>'
    body = f"![x](/media/{'a' * 32}-960.webp)\n\n{film}"
    article, client = two_versions(house, body=f"Mine.\n\n{body}\n\nEnd.")
    page = client.get(path(article, "merge/")).content.decode()
    assert f'src="/acme/media/file/{"a" * 32}-960.webp"' in page
    assert 'src="/media/' not in page
    assert "<iframe" not in page
    assert 'href="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"' in page


def test_without_unsaved_words_there_is_nothing_to_merge(house: House):
    article, client = article_on(house), of(house, "editor")
    assert client.get(path(article, "merge/"))["Location"] == path(article)
    assert client.post(path(article, "merge/"), {"theirs": 1})["Location"] == path(article)


# --- What is asked meanwhile ------------------------------------------------------------------------------------------


def test_markdown_is_shown_as_readers_see_it_and_turned_into_a_source(house: House):
    client = of(house, "author")
    shown = client.post("/acme/articles/rendering/", {"body": "**a**<script>x</script>", "body_format": "markdown"})
    assert shown.json() == {"html": "<p><strong>a</strong></p>\n", "words": 1}
    source = client.post("/acme/articles/rendering/", {"body": "```python\nx\n```", "source": 1}).json()["html"]
    assert source == '<pre><code class="language-python">x\n</code></pre>\n'
    cells = "|a" * 400 + "|\n" + "|-" * 400 + "|\n" + "|x|\n" * 200
    assert "cells" in client.post("/acme/articles/rendering/", {"body": cells}).json()["error"]


def test_markdown_is_shown_with_the_studios_pictures_and_nothing_from_elsewhere(house: House):
    client, film = of(house, "author"), '<figure class="embed"><a href="https://youtu.be/dQw4w9WgXcQ">F</a></figure>'
    body = f"![x](/media/{'a' * 32}-960.webp)\n\n{film}"
    html = client.post("/acme/articles/rendering/", {"body": body, "body_format": "markdown"}).json()["html"]
    assert f'src="/acme/media/file/{"a" * 32}-960.webp"' in html
    assert '<a class="elsewhere" href="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"' in html
    assert "<iframe" not in html
    source = client.post("/acme/articles/rendering/", {"body": body, "source": "1"}).json()["html"]
    assert f'src="/media/{"a" * 32}-960.webp"' in source


@pytest.mark.parametrize(("name", "model"), [("topics", Topic), ("bylines", Byline)])
def test_terms_are_found_by_name_in_one_tenant_alone(house: House, name: str, model: Any):
    other = bolt()
    for owner, names in ((house, ["Rust", "Trust", "Go"]), (other, ["Rust of Bolt"])):
        with tenant_scope(owner.tenant):
            for one in names:
                model.objects.create(tenant=owner.tenant, slug=one.lower().replace(" ", "-"), name=one)
    client = of(house, "author")

    def found(query: str) -> list[str]:
        return [one["name"] for one in client.get(f"/acme/articles/{name}/", {"q": query}).json()["choices"]]

    assert found("rus") == ["Rust", "Trust"]
    assert found("") == ["Go", "Rust", "Trust"]
    assert found("%") == found("\0x") == found("x" * 500) == []


# --- What it costs ----------------------------------------------------------------------------------------------------


def crowded(house: House, count: int) -> tuple[Article, User]:
    """An article with so much of everything that its pages show."""
    with tenant_scope(house.tenant):
        topics = [Topic.objects.create(tenant=house.tenant, slug=f"t{n}", name=f"t{n}") for n in range(count)]
        images = [
            Image.objects.create(tenant=house.tenant, digest=f"{n}" * 64, name="i", width=1, height=1, widths=[1])
            for n in range(count)
        ]
    body = "\n\n".join(f"![x](/media/{image.stem}-1.webp)" for image in images)
    article = article_on(house, TECHBLOG, FINANCEBLOG, body=body, lead_image=images[0])
    with tenant_scope(house.tenant):
        set_topics(article=article, topics=topics[:1])
        for role in ("owner", "limited", "author")[:count]:
            drafting.keep(article=article, by=house.people[role], base=1, words={"title": "x"}, version=0)
        base = drafting.latest_of(article)
        revise(article=article, by=house.people["owner"], body=f"{body}\n\nMore", lead_image=images[-1])
    editor = house.people["editor"]
    typed = sent(article, base=base, topics=[topic.pk for topic in topics], lead_image=images[0].pk, title="Mine")
    signed_in(editor, "studio").post(path(article, "draft/"), typed)
    return article, editor


@pytest.mark.parametrize("rest", ["", "draft/", "merge/"])
def test_a_page_asks_a_bounded_number_of_statements_whatever_is_there(house: House, rest: str):
    asked = []
    for number in (1, 3):
        with across_tenants("the next crowd"):
            Draft.objects.all().delete()
            Article.objects.all().delete()
            Topic.objects.all().delete()
            Image.objects.all().delete()
        article, editor = crowded(house, number)
        client = signed_in(editor, "studio")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(path(article, rest)).status_code == 200
        asked.append(len(queries))
    assert max(asked) <= MOST_STATEMENTS, asked


def test_a_page_for_reading_asks_a_bounded_number_of_statements(house: House):
    article, _ = crowded(house, 3)
    client = of(house, "viewer")
    with CaptureQueriesContext(connection) as queries:
        client.get(path(article))
    assert len(queries) <= MOST_STATEMENTS


def test_what_is_another_tenants_is_missing_at_every_address(house: House):
    other = bolt()
    theirs = article_on(other, LANTERN)
    client = of(house, "owner")
    for rest in ("", "draft/", "draft/discard/", "merge/"):
        for method in (client.get, client.post):
            assert method(path(theirs, rest)).status_code in (404, 405)
        assert client.post(path(theirs, rest), sent(theirs)).status_code == 404
