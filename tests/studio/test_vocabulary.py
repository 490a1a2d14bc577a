"""Topics and bylines in the studio: who finds what, and what is done to them."""

import re
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from publishing.models import Byline, Image, Topic
from publishing.vocabulary import add_byline, add_topic
from publishing.writing import set_bylines, set_topics
from studio.settings import vocabulary
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, TECHBLOG, House, article_on, bolt, signed_in

pytestmark = pytest.mark.django_db
TOPICS, BYLINES = "/acme/settings/topics/", "/acme/settings/bylines/"


@pytest.fixture
def editor(house: House) -> Client:
    return signed_in(house.people["editor"], "studio")


def page(client: Client, path: str, **asked: str) -> str:
    answer = client.get(path, asked)
    assert answer.status_code == 200, path
    return " ".join(answer.content.decode().split())


def said(client: Client, path: str, data: dict[str, Any]) -> str:
    answer = client.post(path, data)
    assert answer.status_code == 302, answer.context["form"].errors
    return str(list(get_messages(answer.wsgi_request))[-1])


def topic(house: House, name: str, *titles: str) -> Topic:
    with tenant_scope(house.tenant):
        made = add_topic(tenant=house.tenant, name=name)
        for title in titles:
            set_topics(article=article_on(house, TECHBLOG, title=title), topics=[made])
    return made


def byline(house: House, name: str, *titles: str) -> Byline:
    with tenant_scope(house.tenant):
        made = add_byline(tenant=house.tenant, name=name)
        for title in titles:
            set_bylines(article=article_on(house, TECHBLOG, FINANCEBLOG, title=title), bylines=[made])
    return made


def names(html: str) -> list[str]:
    return re.findall(r'<th scope="row">.*?<a [^>]*>([^<]+)</a>', html)


def test_topics_are_listed_with_what_they_have_and_searched(house: House, editor: Client):
    topic(house, "Ships", "One", "Two")
    topic(house, "Übersee")
    other = bolt()
    topic(other, "Theirs")
    html = page(editor, TOPICS)
    assert names(html) == ["Ships", "Übersee"]
    assert re.findall(r'<td class="number">(\d+)', html) == ["2", "0"]
    assert names(page(editor, TOPICS, q="SHIP")) == ["Ships"]
    assert "No topic is called like" in page(editor, TOPICS, q="nothing\0")


def test_a_list_of_any_length_is_walked_page_by_page(house: House, editor: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(vocabulary, "PAGE", 2)
    for letter in "EDCBA":
        byline(house, f"Byline {letter}")
    seen, path = [], BYLINES
    while path:
        html = editor.get(path).content.decode()
        seen += names(" ".join(html.split()))
        more = re.search(r'href="(\?[^"]*)" rel="next"', html)
        path = f"{BYLINES}{more[1]}" if more else ""
    assert seen == [f"Byline {letter}" for letter in "ABCDE"]


def test_more_than_is_counted_is_said_as_more(house: House, editor: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(vocabulary, "MOST_COUNTED", 1)
    topic(house, "Ships", "One", "Two", "Three")
    assert "more than" in page(editor, TOPICS)


def test_a_topic_is_added_renamed_merged_and_deleted(house: House, editor: Client):
    assert said(editor, TOPICS, {"new-name": "Boats"}) == "“Boats” was added."
    ships = topic(house, "Ships", "One")
    assert "old address redirects" in said(editor, f"{TOPICS}{ships.pk}/", {"name": "Vessels", "slug": "vessels"})
    told = said(editor, f"{TOPICS}{ships.pk}/", {"merge": "yes", "merge-into": "boats"})
    assert told == "“Vessels” is “Boats” now. One article went with it; its address redirects."
    empty = topic(house, "Empty")
    assert said(editor, f"{TOPICS}{empty.pk}/", {"delete": "yes"}) == "“Empty” was deleted."
    assert names(page(editor, TOPICS)) == ["Boats"]


def test_a_byline_gets_a_bio_and_a_portrait_of_ones_own(house: House, editor: Client):
    mara, other = byline(house, "Mara", "One"), bolt()
    pictures = []
    for owner, digit in ((house, "a"), (other, "b")):
        with tenant_scope(owner.tenant):
            pictures.append(
                Image.objects.create(tenant=owner.tenant, digest=digit * 64, name="m", width=9, height=9, widths=[9])
            )
    data = {"name": "Mara Lind", "slug": "mara", "bio": "Writes of ships.", "picture": pictures[0].pk}
    said(editor, f"{BYLINES}{mara.pk}/", data)
    with tenant_scope(house.tenant):
        kept = Byline.objects.get(pk=mara.pk)
    assert (kept.name, kept.bio, kept.picture_id) == ("Mara Lind", "Writes of ships.", pictures[0].pk)
    refusals = [
        editor.post(f"{BYLINES}{mara.pk}/", data | {"picture": key}).context["form"].errors
        for key in (pictures[1].pk, 10**9)
    ]
    assert refusals[0] == refusals[1] == {"picture": ["This picture is not in the library: choose another."]}


def test_nothing_merges_into_itself_or_into_another_tenants(house: House, editor: Client):
    ships, other = topic(house, "Ships", "One"), bolt()
    topic(other, "Theirs")
    told = [
        editor.post(f"{TOPICS}{ships.pk}/", {"merge": "yes", "merge-into": into}).context["merging"].errors["into"]
        for into in ("ships", "theirs", "nobodys")
    ]
    assert told[0] == told[1] == told[2]
    with tenant_scope(house.tenant):
        assert Topic.objects.filter(pk=ships.pk).exists()


def test_what_an_article_has_is_not_deleted_and_that_is_said(house: House, editor: Client):
    ships = topic(house, "Ships", "One")
    html = page(editor, f"{TOPICS}{ships.pk}/")
    assert 'name="delete"' not in html
    answer = editor.post(f"{TOPICS}{ships.pk}/", {"delete": "yes"})
    assert answer.status_code == 200
    assert "“Ships” has articles" in answer.content.decode()


def test_a_slug_that_is_taken_is_refused_at_its_field_and_the_page_keeps_its_name(house: House, editor: Client):
    ships, _ = topic(house, "Ships"), topic(house, "Boats")
    answer = editor.post(f"{TOPICS}{ships.pk}/", {"name": "Boats", "slug": "boats"})
    assert list(answer.context["form"].errors) == ["slug"]
    assert "<h1>Ships</h1>" in answer.content.decode()
    assert list(editor.post(TOPICS, {"new-name": "Boats"}).context["form"].errors) == ["slug"]


def test_who_edits_on_some_sites_alone_looks_and_changes_nothing(house: House):
    limited = signed_in(house.people["limited"], "studio")
    ships = topic(house, "Ships", "One")
    html = page(limited, f"{TOPICS}{ships.pk}/")
    assert "Who edits on all of them can change it" in html
    assert 'name="merge-into"' not in html
    for data in ({"name": "X", "slug": "x"}, {"delete": "yes"}, {"merge": "yes", "merge-into": "x"}):
        assert limited.post(f"{TOPICS}{ships.pk}/", data).status_code == 403


def test_words_that_look_like_markup_stay_words(house: House, editor: Client):
    attack = "<script>alert(1)</script>"
    with tenant_scope(house.tenant):
        bad = add_byline(tenant=house.tenant, name=attack, slug="bad", bio=attack)
        other = add_byline(tenant=house.tenant, name="Other")
    limited = signed_in(house.people["limited"], "studio")
    for client, path in (
        (editor, BYLINES), (editor, f"{BYLINES}{bad.pk}/"), (editor, f"{BYLINES}{other.pk}/"),
        (limited, f"{BYLINES}{bad.pk}/"),
    ):  # fmt: skip
        assert "alert(1)</script" not in page(client, path)


def test_a_page_costs_the_same_statements_for_one_row_and_for_three(house: House, editor: Client):
    first = (topic(house, "T 0", "One"), byline(house, "B 0", "Two"))
    paths = (TOPICS, BYLINES, f"{TOPICS}{first[0].pk}/", f"{BYLINES}{first[1].pk}/")

    def costs() -> list[int]:
        found = []
        for path in paths:
            with CaptureQueriesContext(connection) as queries:
                page(editor, path)
            found.append(len(queries))
        return found

    page(editor, TOPICS)
    one = costs()
    for number in (1, 2):
        topic(house, f"T {number}", f"Three {number}")
        byline(house, f"B {number}", f"Four {number}")
    assert costs() == one
    assert max(one) <= 12
