"""Search within one site."""

from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.models import Article, Placement
from reading import searching
from sites_core.models import Brand
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, House, acme, article_on, bolt
from tests.reading.visiting import reader, text_of, titles_in

pytestmark = pytest.mark.django_db


def found(words: str, domain: str = TECHBLOG) -> list[str]:
    response = reader(domain).get("/search/", {"q": words})
    assert response.status_code == 200
    return titles_in(response.content.decode())


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
    html = reader().get("/search/", {"q": nonsense}).content.decode()
    assert titles_in(html) == []
    assert "Nothing here matches" in html


def test_an_empty_query_shows_the_form_alone() -> None:
    article_on(acme(), TECHBLOG)
    for path in ("/search/", "/search/?q=", "/search/?q=+%20%09"):
        html = text_of(reader(), path)
        assert titles_in(html) == []
        assert "Write a word or two" in html


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
    monkeypatch: pytest.MonkeyPatch, *, recent: int, taken: int = 1000, walked: int = 0, cards: int
) -> None:
    text = searching.statement(recent=recent, taken=taken, walked=walked, weighed=1000, cards=cards)
    monkeypatch.setattr(searching, "_FOUND", text)


def spread(owner: House) -> None:
    """Thirty articles, the newest first; every second has the common word, the oldest the rare one too."""
    for number in range(30):
        words = ("common " if number % 2 else "") + ("rare" if number == 29 else "")
        article_on(owner, TECHBLOG, title=f"Nr {number}", body=words, ago=timedelta(hours=number + 1))


@pytest.mark.parametrize("recent", [5, 29, 30, 31, 400])
def test_a_match_is_found_however_far_back_it_lies(monkeypatch: pytest.MonkeyPatch, recent: int) -> None:
    look_through(monkeypatch, recent=recent, cards=5)
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
        look_through(monkeypatch, recent=recent, cards=40)
        assert found("common") == [f"Nr {number}" for number in range(3, 29, 2)]


@pytest.mark.parametrize("walked", [1, 10, 25])
def test_what_the_newest_lack_and_many_older_ones_have_is_found(monkeypatch: pytest.MonkeyPatch, walked: int) -> None:
    owner = acme()
    for number in range(30):
        words = "" if number < 11 else "A zebra fox." if number % 2 else "A fox and a zebra."
        article_on(owner, TECHBLOG, title=f"Nr {number}", body=words, ago=timedelta(hours=number + 1))
    look_through(monkeypatch, recent=10, taken=12, walked=walked, cards=3)
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
    look_through(monkeypatch, recent=5, cards=40)
    assert found('apple -"red apple"') == ["Apart"]
    assert found('"red apple"') == ["Together"]
    assert len(found('-"red apple"')) == 31


def test_too_many_matches_are_cut_and_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = acme()
    for number in range(searching.CARDS + 1):
        article_on(owner, TECHBLOG, title=f"Needle {number}", ago=timedelta(hours=number + 1))
    html = text_of(reader(), "/search/?q=needle")
    assert len(titles_in(html)) == searching.CARDS
    assert "The best matches" in html
    assert Article._base_manager.count() == searching.CARDS + 1
