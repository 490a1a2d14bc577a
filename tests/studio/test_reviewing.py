"""The page on which an article is read, commented and approved."""

import random
import re
import time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from publishing.commenting import comment, resolve
from publishing.models import Article, Comment, Review
from publishing.reviewing import ask_review
from publishing.writing import revise, write
from studio.reviewing.marking import Marked, Reading
from studio.reviewing.passages import Span, Text
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.cast import House, member, signed_in

pytestmark = pytest.mark.django_db

BODY = (
    "It began on a *cold Tuesday* in March.\n\nThe harbour was frozen, and nobody had seen that for forty years.\n\n"
    "- One boat lay there\n- Two had left\n\nIn the end the harbour was frozen no more."
)


@pytest.fixture
def article(house: House) -> Article:
    with tenant_scope(house.tenant):
        return write(tenant=house.tenant, by=house.people["author"], title="Ice", summary="A harbour.", body=BODY)


def client(house: House, role: str) -> Client:
    return signed_in(house.people[role], "studio")


def page(browser: Client, article: Article) -> str:
    answer = browser.get(f"/acme/articles/{article.pk}/review/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def post(browser: Client, article: Article, path: str, **sent: Any):
    return browser.post(f"/acme/articles/{article.pk}/{path}", sent)


def marked(html: str) -> list[str]:
    return re.findall(r'<mark class="passage" data-threads="[\d ]+">(.*?)</mark>', html)


# --- Requests ---------------------------------------------------------------------------------------------------------


def test_an_author_asks_and_an_editor_approves(house: House, article: Article):
    author, editor = client(house, "author"), client(house, "editor")
    assert "Ask for a review" in page(author, article)
    assert "No review has been asked for" in page(client(house, "viewer"), article)
    answer = post(author, article, "review/ask/", of=house.people["editor"].pk, note="Is the year right?")
    assert answer.status_code == 302
    html = page(editor, article)
    assert "Acme&#x27;s author asked <strong>Acme&#x27;s editor</strong>" in html
    assert "Is the year right?" in html
    with tenant_scope(house.tenant):
        review = Review.objects.get()
    answer = post(editor, article, f"review/{review.pk}/answer/", deed="approve", seen=1, answer="It is.")
    assert answer.status_code == 302
    html = page(author, article)
    assert '<span class="chip good">approved</span>' in html
    assert "It is." in html
    assert "Ask for a review" not in html


def test_who_may_answer_is_offered_and_nobody_else(house: House, article: Article):
    html = page(client(house, "author"), article)
    offered = re.findall(r'<option value="(\d+)">', html.partition('name="of"')[2].partition("</select>")[0])
    able = {house.people[role].pk for role in ("owner", "editor", "limited")}
    assert set(map(int, offered)) == able


def test_what_changed_since_a_review_was_asked_is_said_and_can_be_seen(house: House, article: Article):
    with tenant_scope(house.tenant):
        review = ask_review(article=article, by=house.people["author"])
        revise(article=article, title="Ice again")
    editor = client(house, "editor")
    html = page(editor, article)
    assert "Changed since it was asked (revision 1 → 2)" in html
    assert f"/acme/articles/{article.pk}/history/compare/?old=1&amp;new=2" in html
    for seen in ("1", "", "x"):
        answer = post(editor, article, f"review/{review.pk}/answer/", deed="approve", seen=seen, answer="Good.")
        assert answer.status_code == 422
        assert "changed while you were reading" in answer.content.decode()
        assert ">Good.</textarea>" in answer.content.decode(), "what was typed is still there"
    assert post(editor, article, f"review/{review.pk}/answer/", deed="approve", seen="2").status_code == 302


def test_who_asked_is_not_offered_to_approve_but_an_owner_is(house: House, article: Article):
    with tenant_scope(house.tenant):
        review = ask_review(article=article, by=house.people["editor"])
    assert 'value="approve"' not in page(client(house, "editor"), article)
    assert 'value="approve"' in page(client(house, "owner"), article)
    answer = post(client(house, "editor"), article, f"review/{review.pk}/answer/", deed="approve", seen=1)
    assert "yourself" in answer.content.decode()
    with tenant_scope(house.tenant):
        assert Review.objects.get().state == "open"


def test_changes_without_a_reason_are_refused_on_the_page(house: House, article: Article):
    with tenant_scope(house.tenant):
        review = ask_review(article=article, by=house.people["author"])
    answer = post(client(house, "editor"), article, f"review/{review.pk}/answer/", deed="changes", answer=" ")
    assert answer.status_code == 422
    assert "Say what should be changed" in answer.content.decode()


def test_an_author_asks_for_their_own_alone(house: House, article: Article):
    colleague = member(house.tenant, "colleague", Role.AUTHOR)
    answer = post(signed_in(colleague, "studio"), article, "review/ask/")
    assert answer.status_code == 403


# --- Comments ---------------------------------------------------------------------------------------------------------


def test_a_comment_on_a_passage_is_marked_in_the_text(house: House, article: Article):
    editor = client(house, "editor")
    answer = post(
        editor, article, "comments/",
        text="Which one?", quote="cold Tuesday in March", before="It began on a ", after=".",
    )  # fmt: skip
    assert answer.status_code == 302
    assert re.search(r"#comment-\d+$", answer["Location"])
    html = page(editor, article)
    assert marked(html) == ["cold Tuesday", " in March"], "across emphasis, in two pieces"
    assert html.count('id="passage-') == 1
    assert "Which one?" in html


def test_of_two_passages_with_the_same_words_the_one_is_marked_that_was_meant(house: House, article: Article):
    with tenant_scope(house.tenant):
        comment(
            article=article, by=house.people["editor"], text="Sure?",
            quote="the harbour was frozen", before="Two had left In the end", after="no more.",
        )  # fmt: skip
    html = page(client(house, "editor"), article)
    before, _, after = html.partition('<mark class="passage"')
    assert "forty years" in before
    assert "no more." in after.partition("</p>")[0]


def test_a_passage_is_found_again_after_edits_and_what_is_gone_is_listed_below(house: House, article: Article):
    with tenant_scope(house.tenant):
        comment(
            article=article, by=house.people["editor"], text="Slightly", quote="nobody had seen that for forty years"
        )
        comment(article=article, by=house.people["editor"], text="Wholly", quote="One boat lay there")
        revise(
            article=article,
            body=BODY.replace("nobody had seen that for", "nobody alive had ever seen that in").replace(
                "- One boat lay there\n", ""
            ),
        )
    html = page(client(house, "editor"), article)
    assert marked(html) == ["nobody alive had ever seen that in forty years"]
    here, _, gone = html.partition("The passage is gone")
    assert "Slightly" in here
    assert "Wholly" in gone
    assert "One boat lay there" in gone


def test_without_a_pointer_a_paragraph_or_the_whole_is_chosen(house: House, article: Article):
    html = page(client(house, "author"), article)
    openings = re.findall(r'<option value="([^"]*)">', html.partition('id="about"')[2].partition("</select>")[0])
    assert openings == [
        "", "Ice", "A harbour.", "It began on a cold Tuesday in March.",
        "The harbour was frozen, and nobody had seen that for forty years.", "One boat lay there", "Two had left",
        "In the end the harbour was frozen no more.",
    ]  # fmt: skip
    for quote in ("", "Two had left", "Ice"):
        assert post(client(house, "author"), article, "comments/", text=f"On {quote}", quote=quote).status_code == 302
    assert marked(page(client(house, "author"), article)) == ["Ice", "Two had left"]


def test_a_viewer_reads_comments_and_is_offered_no_form(house: House, article: Article):
    with tenant_scope(house.tenant):
        said = comment(article=article, by=house.people["editor"], text="Which one?", quote="Tuesday")
    html = page(client(house, "viewer"), article)
    assert "Which one?" in html
    assert "<textarea" not in html
    assert "<form" not in html.partition('<div class="review"')[2]
    for path in ("comments/", f"comments/{said.pk}/answer/", f"comments/{said.pk}/resolve/"):
        assert post(client(house, "viewer"), article, path, text="x").status_code == 403


def test_threads_are_answered_resolved_and_opened_again(house: House, article: Article):
    with tenant_scope(house.tenant):
        said = comment(article=article, by=house.people["editor"], text="Which one?", quote="Tuesday")
    author = client(house, "author")
    assert post(author, article, f"comments/{said.pk}/answer/", text="The second.").status_code == 302
    assert post(author, article, f"comments/{said.pk}/resolve/").status_code == 302
    html = page(author, article)
    assert "1 resolved" in html
    assert "Resolved by Acme&#x27;s author" in html
    assert marked(html) == []
    assert post(author, article, f"comments/{said.pk}/resolve/", again="yes").status_code == 302
    assert marked(page(author, article)) == ["Tuesday"]


def test_one_changes_and_deletes_ones_own_and_others_are_told_no(house: House, article: Article):
    with tenant_scope(house.tenant):
        said = comment(article=article, by=house.people["author"], text="Which one?")
    editor, author = client(house, "editor"), client(house, "author")
    assert post(editor, article, f"comments/{said.pk}/edit/", text="Mine now").status_code == 422
    post(editor, article, f"comments/{said.pk}/delete/")
    assert (
        "You can delete your own comments only." in editor.get(f"/acme/articles/{article.pk}/review/").content.decode()
    )
    assert post(author, article, f"comments/{said.pk}/edit/", text="Which two?").status_code == 302
    assert "Which two?" in page(author, article)
    assert post(author, article, f"comments/{said.pk}/delete/").status_code == 302
    with tenant_scope(house.tenant):
        assert not Comment.objects.exists()


def test_what_cannot_be_said_stands_there_again_with_the_reason(house: House, article: Article):
    long = "x" * 5001
    answer = post(client(house, "author"), article, "comments/", text=long, quote="Two had left")
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f">{long}</textarea>" in html
    assert '<option value="Two had left" selected>' in html
    assert "at most 5,000" in html


def test_words_that_look_like_markup_stay_words(house: House, article: Article):
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    with tenant_scope(house.tenant):
        revise(article=article, title=attack, summary=attack, body="Plain &lt;b&gt; & bold words <script>x</script>")
        comment(article=article, by=house.people["editor"], text=attack, quote="&lt;b&gt; & bold words", before=attack)
        comment(article=article, by=house.people["editor"], text="On the title", quote="alert(1)")
        comment(article=article, by=house.people["editor"], text=attack, quote=attack + " gone for good elsewhere")
        ask_review(article=article, by=house.people["author"], note=attack)
    html = page(client(house, "editor"), article)
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "&amp;lt;b" not in marked(html)[0]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_queries_however_much_was_said(house: House, article: Article, count: int):
    with tenant_scope(house.tenant):
        for number in range(count):
            someone = member(house.tenant, f"guest{number}", Role.AUTHOR)
            said = comment(article=article, by=someone, text="Here", quote="Tuesday")
            comment(article=article, by=house.people["editor"], text="There", parent=said)
            if number:
                resolve(comment=said, by=someone)
    browser = client(house, "editor")
    page(browser, article)
    with CaptureQueriesContext(connection) as queries:
        page(browser, article)
    assert len(queries) == 11


# --- Where a passage stands -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "quote", "found"),
    [
        ("One two three.", "two", "two"),
        ("One  two\nthree.", "One two", "One  two"),
        ("“One,” two", '"one" TWO', "One,” two"),
        ("One two three.", "four", None),
        ("One two three.", "", None),
        ("a — b", "—", "—"),
        ("", "one", None),
        ("今日は雨です", "雨", "雨"),
        (
            "The old harbour was quite frozen then.",
            "the harbour was frozen then",
            "The old harbour was quite frozen then",
        ),
        ("Nothing of it is left in this sentence.", "the harbour was frozen then", None),
    ],
)
def test_a_passage_is_found_by_its_words(text: str, quote: str, found: str | None):
    span = Text(text).find(quote)
    assert (span and text[span.start : span.end]) == found


def test_a_word_that_was_put_otherwise_is_found_by_what_stands_around_it():
    span = Text("It began on a cold Wednesday in March and ended soon.").find(
        "Tuesday", "It began on a cold", "in March and ended"
    )
    assert span == Span(19, 28)


def test_a_long_text_is_searched_within_a_bound():
    random.seed(1)
    text = Text(" ".join(random.choices(["ab", "ba", "aa"], k=150_000)))
    started = time.process_time()
    for _ in range(20):
        text.find(" ".join(random.choices(["ab", "ba", "aa", "cc"], k=200)), "ab ba aa", "ba ba ba")
    assert time.process_time() - started < 20


def test_what_is_read_comes_from_the_studio_and_nothing_from_elsewhere(house: House):
    film = '<figure class="embed"><a href="https://youtu.be/dQw4w9WgXcQ">A film</a></figure>'
    body = f'<p><img src="/media/{"a" * 32}-960.webp" alt="x"></p>{film}'
    with tenant_scope(house.tenant):
        article = write(tenant=house.tenant, title="x", body=body, body_format="html")
        comment(article=article, by=house.people["editor"], text="Which?", quote="A film")
    html = page(client(house, "editor"), article)
    assert f'src="/acme/media/file/{"a" * 32}-960.webp"' in html
    assert '"/media/' not in html
    assert "<iframe" not in html
    assert 'class="elsewhere" href="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"' in html
    assert marked(html) == ["A film"]


def test_marks_never_change_the_text_and_may_overlap(house: House):
    with tenant_scope(house.tenant):
        article = write(tenant=house.tenant, title="A & B", body="One *two <b>three</b>* four &amp; five.")
    plain = Reading(article, article.html).marked([])
    whole = Reading(article, article.html)
    spans = [Marked(1, Span(0, 12)), Marked(2, Span(6, 20)), Marked(3, Span(0, len(whole.text.text)))]
    html = whole.marked(spans)
    assert re.sub(r'</?mark[^>]*>|<span id="passage-\d+">|</span>', "", html) == plain
    assert html.count('id="passage-') == 3
    assert 'data-threads="1 2 3"' in html
