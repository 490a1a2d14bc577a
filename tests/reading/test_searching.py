"""Search within one site."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from publishing.models import Article, Placement, Topic
from publishing.writing import set_topics
from reading.frames import frames
from reading.searching import results
from reading.searching.passages import LONGEST_PASSAGE, WINDOW, passage_of
from reading.searching.questions import Question, Unanswerable, question_from
from reading.searching.statement import BOUNDS, Bounds, statement
from sites_core.models import Brand
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, House, acme, article_on, bolt
from tests.reading.visiting import links_in, reader, text_of

pytestmark = pytest.mark.django_db


def page_of(words: str, domain: str = TECHBLOG, **narrowed: str | int) -> str:
    response = reader(domain).get("/search/", {"q": words, **narrowed})
    assert response.status_code == 200
    return response.content.decode()


def titles_in(html: str) -> list[str]:
    """The titles of what was found, in their order, without their marks."""
    found = re.findall(r"<h2><a [^>]*><bdi>(.*?)</bdi></a></h2>", html)
    return [unescape(re.sub(r"</?mark>", "", title)) for title in found]


def passages_in(html: str) -> list[str]:
    return re.findall(r'<p class="passage" dir="auto">(.*?)</p>', html)


def told_in(html: str) -> str:
    """What the page says of the search, as words."""
    (told,) = re.findall(r'<p class="told" role="status">(.*?)</p>', html, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", "", told)).split())


def narrowings_in(html: str) -> dict[str, str]:
    """What the page offers to narrow the search by, with how many articles each has, if it says."""
    (nav,) = re.findall(r'<nav class="narrowing".*?</nav>', html, re.DOTALL) or [""]
    links = re.findall(r"<li><a [^>]*><bdi>(.*?)</bdi>(.*?)</a></li>", nav)
    return {name: " ".join(re.sub(r"<[^>]*>", "", count).split()) for name, count in links}


def found(words: str, domain: str = TECHBLOG, **narrowed: str | int) -> list[str]:
    return titles_in(page_of(words, domain, **narrowed))


def test_a_word_of_the_title_weighs_more_than_one_of_the_body() -> None:
    owner = acme()
    article_on(owner, TECHBLOG, title="Queues", ago=timedelta(days=9))
    article_on(owner, TECHBLOG, title="Other", body="A queue.", ago=timedelta(days=1))
    article_on(owner, TECHBLOG, title="Unrelated", body="Nothing.")
    assert found("queue") == ["Queues", "Other"]


def test_search_stays_within_the_site() -> None:
    ours, theirs = acme(), bolt()
    article_on(ours, FINANCEBLOG, title="Needle of a sister")
    article_on(theirs, LANTERN, title="Needle of a stranger")
    article_on(ours, TECHBLOG, title="Needle of ours")
    assert found("needle") == ["Needle of ours"]
    for trick in ("@1", "'@1'", f"@{theirs.sites[LANTERN].pk}", "needle or stranger", f"-x needle @{1}"):
        assert "Needle of a stranger" not in found(trick)


def test_words_are_those_of_the_sites_language() -> None:
    owner = acme()
    Brand.objects.filter(site=owner.sites[TECHBLOG]).update(language="de")
    article_on(owner, TECHBLOG, title="Die Häuser am Hafen")
    assert found("haus") == ["Die Häuser am Hafen"]


def test_phrases_alternatives_and_exclusions() -> None:
    owner = acme()
    article_on(owner, TECHBLOG, title="Red apple", ago=timedelta(days=2))
    article_on(owner, TECHBLOG, title="Apple pie", ago=timedelta(days=1))
    assert found('"red apple"') == ["Red apple"]
    assert found("apple -pie") == ["Red apple"]
    assert sorted(found("pie or red")) == ["Apple pie", "Red apple"]


@pytest.mark.parametrize(
    "nonsense",
    [
        "the",
        "the and of",
        "'",
        '"',
        "%",
        "\\",
        ":*",
        "!",
        "&",
        "() | ! <->",
        "a" * 8000,
        "\ud7ff",
        "é" * 300,
        "- -",
        "*",
    ],
)
def test_nonsense_finds_nothing_and_helps(nonsense: str) -> None:
    article_on(acme(), TECHBLOG, title="Here", body="The words and of all.")
    html = page_of(nonsense)
    assert titles_in(html) == []
    assert told_in(html).startswith(("Nothing here matches", f"“{' '.join(nonsense.split())[:200]}” is in nearly"))
    assert "Fewer words find more" in html


def test_words_that_every_text_has_are_said_to_be_such() -> None:
    article_on(acme(), TECHBLOG, title="Here", body="The words and of all.")
    assert told_in(page_of("the and of")) == (
        "“the and of” is in nearly every text, or is no word: there is nothing to look for."
    )
    assert told_in(page_of("the absent")) == "Nothing here matches “the absent”."


@pytest.mark.parametrize("path", ["/search/", "/search/?q=", "/search/?q=+%20%09", "/search/?topic=databases&page=3"])
def test_an_empty_query_shows_the_form_and_what_there_is(path: str) -> None:
    filed_on(acme(), TECHBLOG, "Newest", "databases")
    html = text_of(reader(), path)
    assert titles_in(html) == []
    assert "Write a word or two" in html
    assert {"/topics/databases/", "/newest/"} <= set(links_in(html))
    assert 'role="status"' not in html


def test_a_site_without_an_article_can_be_searched() -> None:
    acme()
    for path in ("/search/", "/search/?q=word"):
        assert "The newest articles" not in text_of(reader(), path)


def test_a_long_query_is_cut() -> None:
    article_on(acme(), TECHBLOG, title="Needle")
    html = reader().get("/search/", {"q": "needle " * 1200}).content.decode()
    assert titles_in(html) == ["Needle"]
    assert "needle " * 40 not in html


def test_what_was_typed_comes_back_as_text() -> None:
    acme()
    html = reader().get("/search/", {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script" not in html
    assert 'value="&#34;&gt;&lt;script&gt;' in html


def look_through(
    monkeypatch: pytest.MonkeyPatch, *, recent: int, taken: int = 1000, walked: int = 0, enough: int, shown: int = 40
) -> None:
    bounds = Bounds(recent=recent, taken=taken, walked=walked, weighed=1000, enough=enough, shown=shown)
    for of_topic, of_year in results._FOUND:
        text = statement(bounds, of_topic=of_topic, of_year=of_year)
        monkeypatch.setitem(results._FOUND, (of_topic, of_year), text)
    monkeypatch.setattr(results, "BOUNDS", bounds)


def filed_on(owner: House, domain: str, title: str, *topics: str, **fields: object) -> Article:
    """An article under these topics, each of which is named as its slug is."""
    article = article_on(owner, domain, title=title, **fields)  # type: ignore[arg-type]  # as article_on takes them
    with tenant_scope(owner.tenant):
        filed = [Topic.objects.get_or_create(tenant=owner.tenant, slug=slug, name=slug)[0] for slug in topics]
        set_topics(article=article, topics=filed)
    return article


def spread(owner: House) -> None:
    """Thirty articles, the newest first; every second has the common word, the oldest the rare one too."""
    for number in range(30):
        words = ("common " if number % 2 else "") + ("rare" if number == 29 else "")
        article_on(owner, TECHBLOG, title=f"Nr {number}", body=words, ago=timedelta(hours=number + 1))


@pytest.mark.parametrize("recent", [5, 29, 30, 31, 400])
def test_a_match_is_found_however_far_back_it_lies(monkeypatch: pytest.MonkeyPatch, recent: int) -> None:
    look_through(monkeypatch, recent=recent, enough=5, shown=5)
    spread(acme())
    assert found("rare") == ["Nr 29"]
    assert found("common rare") == ["Nr 29"]
    assert found("common -rare") == [f"Nr {number}" for number in (1, 3, 5, 7, 9)]
    assert found("absent") == []


def test_what_is_not_shown_is_not_found_by_either_way(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = acme()
    spread(owner)
    with tenant_scope(owner.tenant):
        Placement.objects.filter(slug="nr-1").update(status="unpublished")
        Placement.objects.filter(slug="nr-29").update(expires_at=timezone.now() - timedelta(seconds=1))
    for recent in (2, 400):
        look_through(monkeypatch, recent=recent, enough=40)
        assert found("common") == [f"Nr {number}" for number in range(3, 29, 2)]


@pytest.mark.parametrize("walked", [1, 10, 25])
def test_what_the_newest_lack_and_many_older_ones_have_is_found(monkeypatch: pytest.MonkeyPatch, walked: int) -> None:
    owner = acme()
    for number in range(30):
        words = "" if number < 11 else "A zebra fox." if number % 2 else "A fox and a zebra."
        article_on(owner, TECHBLOG, title=f"Nr {number}", body=words, ago=timedelta(hours=number + 1))
    look_through(monkeypatch, recent=10, taken=12, walked=walked, enough=3, shown=3)
    every = {f"Nr {number}" for number in range(11, 30)}
    together, apart = ({f"Nr {number}" for number in range(first, 30, 2)} for first in (11, 12))
    for typed, wanted in {
        "zebra": every, "zebra fox -kiwi": every, "kiwi or zebra": every, '"zebra fox"': together,
        'zebra -"zebra fox"': apart,
    }.items():  # fmt: skip
        titles = found(typed)
        assert len(set(titles)) == len(titles) == 3
        assert set(titles) <= wanted
    assert found('"fox zebra"') == []


def test_an_excluded_phrase_excludes_no_article_that_has_its_words_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = acme()
    spread(owner)
    article_on(owner, TECHBLOG, title="Apart", body="Red is the apple.", ago=timedelta(days=8))
    article_on(owner, TECHBLOG, title="Together", body="The red apple is the apple.", ago=timedelta(days=9))
    look_through(monkeypatch, recent=5, enough=40)
    assert found('apple -"red apple"') == ["Apart"]
    assert found('"red apple"') == ["Together"]
    assert len(found('-"red apple"')) == 31


def test_more_than_a_page_holds_is_on_further_pages(settled_directory: Callable[[], None]) -> None:
    owner = acme()
    for number in range(2 * BOUNDS.shown + 1):
        article_on(owner, TECHBLOG, title=f"Needle {number}", ago=timedelta(hours=number + 1))
    settled_directory()
    seen, path, pages = [], "/search/?q=needle", 0
    while path:
        html = text_of(reader(), path)
        assert told_in(html) == "41 articles for “needle”"
        seen += titles_in(html)
        pages += 1
        assert f"Page {pages} of 3" in html
        path = "".join(unescape(link) for link in re.findall(r'rel="next" href="([^"]*)"', html))
    assert seen == [f"Needle {number}" for number in range(41)]
    assert [unescape(link) for link in re.findall(r'rel="prev" href="([^"]*)"', html)] == ["/search/?q=needle&page=2"]
    assert 'start="41"' in html
    for page in ("4", "9999"):
        text_of(reader(), f"/search/?q=needle&page={page}", status=404)


def test_where_not_all_was_looked_at_the_count_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = acme()
    for number in range(12):
        filed_on(owner, TECHBLOG, f"Needle {number}", "common", ago=timedelta(hours=number + 1))
    look_through(monkeypatch, recent=5, enough=5)
    html = page_of("needle")
    assert told_in(html) == "At least 5 articles for “needle”"
    assert narrowings_in(html)["common"] == "at least 5+"
    assert "The newest articles were looked at first." in html
    look_through(monkeypatch, recent=12, taken=1, enough=12)
    assert told_in(page_of("needle")) == "At least 12 articles for “needle”"
    look_through(monkeypatch, recent=13, enough=12)
    assert told_in(page_of("needle")) == "12 articles for “needle”"
    # Too few were among the newest, and the index gave all there are.
    look_through(monkeypatch, recent=5, enough=6)
    assert told_in(page_of("needle")) == "12 articles for “needle”"


# --- Marks ------------------------------------------------------------------------------------------------------------


def test_the_words_that_match_are_marked_in_title_and_text() -> None:
    article_on(acme(), TECHBLOG, title="Queues & <b>queries</b>", body="A queue of one. " + "Filler text. " * 40)
    html = page_of("queue or query")
    assert "<bdi><mark>Queues</mark> &amp; &lt;b&gt;<mark>queries</mark>&lt;/b&gt;</bdi>" in html
    (passage,) = passages_in(html)
    assert passage.startswith("A <mark>queue</mark> of one. Filler text.")
    assert passage.endswith("…")


def test_the_passage_is_where_the_words_are() -> None:
    owner, filler = acme(), "Nothing of the kind is said here. " * 300
    article_on(owner, TECHBLOG, title="Deep", body=f"{filler} At last a Zebra crossing appears. {filler}")
    (passage,) = passages_in(page_of("zebras"))
    assert passage.startswith("At last a <mark>Zebra</mark> crossing appears. Nothing of")
    assert len(passage) < LONGEST_PASSAGE + 20


def test_words_of_the_summary_alone_are_shown_in_it() -> None:
    article_on(acme(), TECHBLOG, title="Plain", summary="All about the okapi.", body="Words.")
    assert passages_in(page_of("okapi")) == ["All about the <mark>okapi</mark>."]


@pytest.mark.parametrize("words", ["über", "Über", "ÜBER"])
def test_words_that_begin_with_another_letter_than_ascii_are_marked_as_well(words: str) -> None:
    owner = acme()
    Brand.objects.filter(site=owner.sites[TECHBLOG]).update(language="xx")
    article_on(owner, TECHBLOG, title="Ohne", body="Satz um Satz. " * 60 + "Über alles und noch mehr.")
    (passage,) = passages_in(page_of(words))
    assert passage.startswith("<mark>Über</mark> alles")


def test_what_looks_like_a_mark_or_a_tag_stays_text() -> None:
    hostile = "\ue000<script>alert(1)</script>\ue001 needle </mark> \ue002 &amp; \u202egnp.exe"
    article_on(acme(), TECHBLOG, title=f"T {hostile}", body="x", summary=hostile)
    Article._base_manager.update(text=hostile)
    html = page_of("needle")
    assert "<script" not in html
    assert "\ue000" not in html
    assert "\ue002" not in html
    assert html.count("<mark>") == html.count("</mark>") == 2
    # Whatever turns the direction of writing ends with its own line.
    assert re.search(r"<bdi>T &lt;script&gt;[^<]*<mark>needle</mark>[^<]*\u202egnp\.exe</bdi>", html)


def test_a_query_that_only_excludes_marks_nothing() -> None:
    article_on(acme(), TECHBLOG, title="Apple", body="Pie.")
    html = page_of("-banana")
    assert titles_in(html) == ["Apple"]
    assert "<mark>" not in html


@pytest.mark.parametrize(
    ("window", "is_opening", "passage"),
    [
        ("", True, ""),
        ("Short.", True, "Short."),
        ("hort. The \ue000end\ue001.", False, "The \ue000end\ue001."),
        ("hort of the \ue000end\ue001.", False, "…of the \ue000end\ue001."),
        ("長" * 400, True, "長" * LONGEST_PASSAGE + "…"),
        ("\ue000" + "長" * 400 + "\ue001", True, "長" * LONGEST_PASSAGE + "…"),
        ("a" * 30 + " \ue000b\ue001 " + "c " * 200, False, "…\ue000b\ue001 " + "c " * 118 + "c…"),
    ],
)
def test_a_passage_is_cut_between_words_where_there_are_such(window: str, is_opening: bool, passage: str) -> None:
    assert passage_of(window, is_opening=is_opening) == passage


def test_a_passage_is_where_most_marks_are() -> None:
    window = "\ue000one\ue001 " + "x" * 100 + " " + "y" * 140 + " \ue000one\ue001 and \ue000two\ue001" + " z" * 80
    assert len(window) > WINDOW
    assert passage_of(window, is_opening=True).count("\ue000") == 2


# --- Narrowing --------------------------------------------------------------------------------------------------------


def test_a_topic_narrows_a_search_and_says_how_many_there_are() -> None:
    owner = acme()
    filed_on(owner, TECHBLOG, "Needle one", "databases", "python", ago=timedelta(hours=1))
    filed_on(owner, TECHBLOG, "Needle two", "databases", ago=timedelta(hours=2))
    filed_on(owner, TECHBLOG, "Needle three", ago=timedelta(hours=3))
    filed_on(owner, TECHBLOG, "Other", "python", ago=timedelta(hours=4))
    html = page_of("needle")
    assert narrowings_in(html) == {"databases": "2", "python": "1"}
    assert "/search/?q=needle&topic=databases" in links_in(html)
    narrowed = page_of("needle", topic="databases")
    assert titles_in(narrowed) == ["Needle one", "Needle two"]
    assert told_in(narrowed) == "2 articles for “needle”"
    assert '<li><a href="/search/?q=needle"><bdi>databases</bdi>' in narrowed


def test_a_year_is_one_of_the_sites_own_calendar() -> None:
    owner = acme()
    Brand.objects.filter(site=owner.sites[TECHBLOG]).update(time_zone="Pacific/Auckland")
    for title, moment in {
        "Needle of the last evening": datetime(2023, 12, 31, 10, tzinfo=UTC),
        "Needle of the first morning": datetime(2023, 12, 31, 12, tzinfo=UTC),
        "Needle of the year after": datetime(2024, 12, 31, 11, tzinfo=UTC),
    }.items():
        article_on(owner, TECHBLOG, title=title, ago=timezone.now() - moment)
    assert narrowings_in(page_of("needle")) == {"2025": "1", "2024": "1", "2023": "1"}
    assert found("needle", year=2023) == ["Needle of the last evening"]
    assert found("needle", year=2024) == ["Needle of the first morning"]
    assert found("needle", year=2025) == ["Needle of the year after"]


def test_topic_and_year_narrow_together_and_each_can_be_taken_away() -> None:
    owner = acme()
    for title, topic, year in (("Needle a", "one", 2020), ("Needle b", "one", 2021), ("Needle c", "two", 2021)):
        filed_on(owner, TECHBLOG, title, topic, ago=timezone.now() - datetime(year, 6, 1, tzinfo=UTC))
    assert narrowings_in(page_of("needle", topic="one")) == {"2021": "1", "2020": "1"}
    assert narrowings_in(page_of("needle", year=2021)) == {"one": "1", "two": "1"}
    html = page_of("needle", topic="one", year=2021)
    assert titles_in(html) == ["Needle b"]
    assert {"/search/?q=needle&topic=one", "/search/?q=needle&year=2021"} <= set(links_in(html))
    assert found("absent", topic="one", year=2021) == []


@pytest.mark.parametrize("narrowed", [{"topic": "rare"}, {"year": 2001}, {"topic": "rare", "year": 2001}])
@pytest.mark.parametrize("recent", [2, 100])
def test_what_narrows_a_search_narrows_it_from_the_first_article_on(
    monkeypatch: pytest.MonkeyPatch, narrowed: dict[str, Any], recent: int
) -> None:
    """Among many that match, the old ones of the topic or year are found whatever the newest are."""
    owner = acme()
    for number in range(20):
        filed_on(owner, TECHBLOG, f"Needle {number}", "common", ago=timedelta(hours=number + 1))
    for number in range(3):
        ago = timezone.now() - datetime(2001, 6, 20 - number, tzinfo=UTC)
        filed_on(owner, TECHBLOG, f"Old needle {number}", "rare", ago=ago)
    look_through(monkeypatch, recent=recent, taken=4, walked=2, enough=2)
    assert found("needle", TECHBLOG, **narrowed) == ["Old needle 0", "Old needle 1", "Old needle 2"][:recent]
    look_through(monkeypatch, recent=recent, taken=50, enough=9)
    assert found("needle", TECHBLOG, **narrowed) == ["Old needle 0", "Old needle 1", "Old needle 2"]
    # Those that were not weighed are offered without a number.
    look_through(monkeypatch, recent=2, enough=2)
    assert narrowings_in(page_of("needle"))["2001"] == ""


def test_topics_of_others_and_unknown_ones_are_missing() -> None:
    ours, theirs = acme(), bolt()
    filed_on(ours, FINANCEBLOG, "Needle of a sister", "sisters")
    filed_on(theirs, LANTERN, "Needle of a stranger", "strangers")
    filed_on(ours, TECHBLOG, "Needle of ours", "ours")
    scheduled = filed_on(ours, TECHBLOG, "Needle to come", "coming")
    with tenant_scope(ours.tenant):
        Placement.objects.filter(article=scheduled).update(go_live=timezone.now() + timedelta(days=1))
    for slug in ("sisters", "strangers", "unknown", "coming"):
        text_of(reader(), f"/search/?q=needle&topic={slug}", status=404)
    assert narrowings_in(page_of("needle")) == {}
    assert found("needle", topic="ours") == ["Needle of ours"]
    # A topic that the site has, and nothing of it that matches, is a page.
    assert "Search without filters" in page_of("absent", topic="ours")


@pytest.mark.parametrize(
    "query",
    [
        {"page": "0"}, {"page": "-1"}, {"page": "01"}, {"page": "½"}, {"page": "²"}, {"page": "1e3"}, {"page": "10000"},
        {"page": str(10**9)}, {"page": ""}, {"page": "٣"}, {"year": "1800"}, {"year": "2500"}, {"year": "20.5"},
        {"year": ""}, {"topic": ""}, {"topic": "a b"}, {"topic": "a\0"}, {"topic": "é"}, {"topic": "a" * 101},
    ],
)  # fmt: skip
def test_an_address_that_nothing_links_to_is_no_page(query: dict[str, str]) -> None:
    with pytest.raises(Unanswerable):
        question_from({"q": "needle", **query})


def test_a_question_is_written_as_it_is_read() -> None:
    for question in (Question("a & b"), Question("ä", "x-1", 2025, 3), Question("100%", year=1900)):
        query = dict(pair.split("=") for pair in question.path.partition("?")[2].split("&"))
        from urllib.parse import unquote_plus

        assert question_from({name: unquote_plus(value) for name, value in query.items()}) == question


# --- Where there is nothing -------------------------------------------------------------------------------------------


def test_where_no_article_has_a_word_those_with_one_that_begins_so_are_shown() -> None:
    owner = acme()
    article_on(owner, TECHBLOG, title="Kubernetes", body="Of containers.")
    html = page_of("kuber")
    assert titles_in(html) == ["Kubernetes"]
    assert "<mark>Kubernetes</mark>" in html
    assert told_in(html) == (
        "Nothing here matches “kuber” as it is written. These have words that begin so: 1 article."
    )
    assert found("kuber -contain") == []
    assert found("ku") == []
    article_on(owner, TECHBLOG, title="Kuber")
    assert found("kuber") == ["Kuber"]


def test_nothing_found_offers_what_there_is() -> None:
    owner = acme()
    filed_on(owner, TECHBLOG, "Newest", "databases")
    filed_on(owner, FINANCEBLOG, "Of a sister", "money")
    html = page_of('absent "word', year=2020)
    assert told_in(html) == 'Nothing here matches “absent "word”.'
    assert {"/topics/databases/", "/newest/", "/search/?q=absent+%22word"} <= set(links_in(html))
    assert "/topics/money/" not in links_in(html)
    assert "Titles, summaries and texts of Techblog were searched" in html


@pytest.mark.parametrize(("words", "statements"), {"needle": 1, "needl": 1, "absent": 2}.items())
def test_a_search_is_one_statement_and_another_where_it_found_nothing(
    words: str,
    statements: int,
    settled_directory: Callable[[], None],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    filed_on(acme(), TECHBLOG, "Needles", "databases")
    settled_directory()
    frames.forget()
    text_of(reader(), "/topics/")
    for narrowed in ("", "&topic=databases", "&year=2020", "&topic=databases&year=2020"):
        expected = 2 if "2020" in narrowed else statements
        with django_assert_num_queries(expected):
            text_of(reader(), f"/search/?q={words}{narrowed}")
