"""An article's revisions, and where it was placed."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from publishing.models import Article, Byline, Image, Revision, Topic
from publishing.placing import move, place, recall, unpublish
from publishing.writing import revise, write
from studio.history import revisions
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, TECHBLOG, House, article_on, member, placement_of, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(house: House) -> Client:
    return signed_in(house.people["editor"], "studio")


def page(browser: Client, article: Article, path: str = "", **query: Any) -> str:
    answer = browser.get(f"/acme/articles/{article.pk}/history/{path}", query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_each_revision_says_who_when_and_what(house: House, editor: Client):
    with tenant_scope(house.tenant):
        article = write(tenant=house.tenant, by=house.people["author"], title="First", body="One two three.")
        revise(article=article, by=house.people["editor"], body="One two four five six.")
        revise(article=article, title="Second", topics=[Topic.objects.create(tenant=house.tenant, slug="t", name="T")])
        revise(article=article, title="First", language="de")
    html = plain(page(editor, article))
    fourth, third, second, first = re.split(r"Revision \d Acme|Revision \d the platform", html)[1:]
    assert "title language" in fourth
    assert "says again what revision 2 said" in fourth
    assert "title topics" in third
    assert "text +3 words added −1 words removed" in second
    assert "&#x27;s editor" in second
    assert "&#x27;s author" in first
    assert "first" in first


def test_a_long_list_of_revisions_is_walked_page_by_page(house: House, editor: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(revisions, "PAGE", 2)
    with tenant_scope(house.tenant):
        article = write(tenant=house.tenant, title="0", body="Words.")
        for number in range(1, 5):
            revise(article=article, title=str(number))
    seen: list[str] = []
    path = ""
    for _ in range(3):
        html = page(editor, article, **({"below": path} if path else {}))
        seen += re.findall(r'class="number"[^>]*>Revision (\d)<', html)
        path = html.partition("?below=")[2].partition('"')[0]
    assert seen == ["5", "4", "3", "2", "1"]
    assert path == ""


@pytest.mark.parametrize("below", ["x", "-1", "1" * 10, "１"])
def test_a_number_that_is_none_is_a_page_that_does_not_exist(house: House, editor: Client, below: str):
    article = article_on(house)
    assert editor.get(f"/acme/articles/{article.pk}/history/", {"below": below}).status_code == 404
    assert editor.get(f"/acme/articles/{article.pk}/history/", {"placed": below}).status_code == 404
    compare = f"/acme/articles/{article.pk}/history/compare/"
    assert editor.get(compare, {"old": below, "new": "1"}).status_code == 404


def test_a_body_that_is_long_is_said_to_have_changed_and_not_counted(house: House, editor: Client):
    with tenant_scope(house.tenant):
        article = write(tenant=house.tenant, title="Long", body="word " * 20_000)
        revise(article=article, body="Word " + "word " * 19_999)
        revise(article=article, title="Longer")
    html = plain(page(editor, article))
    assert html.count("text") == html.count("the text") + 1
    assert "words added" not in html


def test_two_revisions_are_compared_with_what_went_and_what_came(house: House, editor: Client):
    with tenant_scope(house.tenant):
        topic = Topic.objects.create(tenant=house.tenant, slug="ice", name="Ice")
        article = write(
            tenant=house.tenant, title="Old title", body="Same.\n\nIt was a Tuesday in March.", topics=[topic]
        )
        revise(
            article=article, title="New title", body="Same.\n\nIt was a Wednesday in March.", topics=[], language="de"
        )
    html = page(editor, article, "compare/", old=1, new=2)
    assert "<del>Old</del><ins>New</ins> title" in html
    assert "It was a <del>Tuesday</del><ins>Wednesday</ins> in March." in html
    assert "<dt>Topics</dt><dd><del>Ice</del> <ins>none</ins></dd>" in html
    assert "<dt>Language</dt><dd><del>that of the site</del> <ins>de</ins></dd>" in html
    assert "Revision 1 → 2" in page(editor, article, "compare/"), "the last two, if nobody says which"
    # In whichever order they are named.
    assert "Revision 1 → 2" in page(editor, article, "compare/", old=2, new=1)
    assert "These two say the same" in page(editor, article, "compare/", old=2, new=2)


def test_a_revision_that_the_article_has_not_is_missing(house: House, editor: Client):
    article, other = article_on(house), article_on(house, title="Other")
    assert editor.get(f"/acme/articles/{article.pk}/history/compare/", {"old": 1, "new": 9}).status_code == 404
    with tenant_scope(house.tenant):
        theirs = Revision.objects.get(article=other)
    assert editor.get(f"/acme/articles/{article.pk}/history/{theirs.pk}/").status_code == 404
    assert editor.post(f"/acme/articles/{article.pk}/history/{theirs.pk}/restore/").status_code == 404


def test_what_was_deleted_since_is_named_where_that_is_known(house: House, editor: Client):
    with tenant_scope(house.tenant):
        picture = Image.objects.create(
            tenant=house.tenant, digest="0" * 64, name="harbour.jpg", width=1, height=1, widths=[1]
        )
        byline = Byline.objects.create(tenant=house.tenant, slug="ada", name="Ada")
        article = write(tenant=house.tenant, title="First", body="One", lead_image=picture, bylines=[byline])
        first = Revision.objects.get(article=article)
        revise(article=article, lead_image=None, bylines=[])
        byline.delete()
        picture.delete()
    html = page(editor, article, f"{first.pk}/")
    assert "harbour.jpg (deleted since)" in html
    assert "Ada (deleted since)" in html


def test_a_revision_is_shown_sanitised(house: House, editor: Client):
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    with tenant_scope(house.tenant):
        article = write(
            tenant=house.tenant, title=attack, summary=attack, body=attack + "<p>fine</p>", body_format="html"
        )
        revise(article=article, body=attack + "<p>finer</p>", title="x")
        first = Revision.objects.get(article=article, number=1)
    for path in ("", f"{first.pk}/", "compare/"):
        html = page(editor, article, path)
        assert "<script>alert" not in html
        assert "onerror" not in html.replace("onerror=alert(1)&gt;", "")


def test_a_revisions_pictures_come_from_the_studio_and_what_is_elsewhere_is_a_link(house: House, editor: Client):
    with tenant_scope(house.tenant):
        image = Image.objects.create(tenant=house.tenant, digest="a" * 64, name="x", width=9, height=9, widths=[9])
        body = f'<p><img src="{image.url_for(9)}" alt="x"></p><p>https://www.youtube.com/watch?v=dQw4w9WgXcQ</p>'
        article = write(tenant=house.tenant, title="x", body=body, body_format="html")
        one = Revision.objects.get(article=article)
    html = page(editor, article, f"{one.pk}/")
    assert f'src="/acme/media/file/{"a" * 32}-9.webp"' in html
    assert '"/media/' not in html
    assert "<iframe" not in html


def test_two_revisions_are_compared_without_what_leads_back_from_a_note(house: House, editor: Client):
    note = """<p>It froze.<sup class="footnote-ref"><a href="#fn-1" id="r">1</a></sup></p>
        <section class="footnotes"><ol><li id="fn-1"><p>{} <a class="footnote-backref" href="#r">↩</a></p></li></ol>"""
    with tenant_scope(house.tenant):
        article = write(tenant=house.tenant, title="x", body=note.format("One."), body_format="html")
        revise(article=article, body=note.format("Two."))
    html = plain(page(editor, article, "compare/"))
    assert "Two." in html
    assert "It froze.[1]" in html
    assert "↩" not in html


def test_who_may_write_restores_and_sees_what_came_of_it(house: House, editor: Client):
    with tenant_scope(house.tenant):
        article = write(tenant=house.tenant, by=house.people["author"], title="First", body="One.")
        revise(article=article, title="Second", body="Two.")
        first = Revision.objects.get(article=article, number=1)
    path = f"/acme/articles/{article.pk}/history/{first.pk}/restore/"
    answer = editor.post(path, follow=True)
    assert "Revision 1 is restored, as revision 3." in answer.content.decode()
    assert "Nothing was changed" in editor.post(path, follow=True).content.decode()
    article.refresh_from_db()
    assert (article.title, article.body) == ("First", "One.")
    with tenant_scope(house.tenant):
        place(article=article, site=house.sites[TECHBLOG])
    author = signed_in(house.people["author"], "studio")
    assert author.post(path).status_code == 403, "it is published"
    assert "Restore" not in page(author, article, f"{first.pk}/")
    assert editor.get(path).status_code == 405


def test_where_it_was_placed_is_told_with_what_changed(house: House, editor: Client):
    article = article_on(house, title="Ice")
    with tenant_scope(house.tenant):
        placement = place(article=article, site=house.sites[TECHBLOG], slug="ice")
        move(placement=placement, slug="cold-ice")
        place(article=article, site=house.sites[TECHBLOG], go_live=timezone.now() + timedelta(days=3))
        unpublish(placements=[placement])
        place(article=article, site=house.sites[FINANCEBLOG])
        recall(article=article)
    html = plain(page(editor, article))
    for sentence in (
        "it on Techblog to /cold-ice/", "slug ice → became cold-ice", "it off Techblog", "placed it on Financeblog",
        "recalled it from Financeblog", "The platform",
    ):  # fmt: skip
        assert sentence in html, sentence


def test_a_limited_member_sees_the_placements_on_their_sites_alone(house: House):
    article = article_on(house, TECHBLOG, FINANCEBLOG, title="Ice")
    html = page(signed_in(house.people["limited"], "studio"), article)
    assert "Techblog" in html
    assert "Financeblog" not in html


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("path", "cost"), [("", 10), ("compare/", 10), ("{}/", 10)])
def test_a_page_costs_the_same_queries_for_one_and_for_three(house: House, count: int, path: str, cost: int):
    article = article_on(house, TECHBLOG, title="Ice")
    with tenant_scope(house.tenant):
        topic = Topic.objects.create(tenant=house.tenant, slug="t", name="T")
        byline = Byline.objects.create(tenant=house.tenant, slug="b", name="B")
        picture = Image.objects.create(tenant=house.tenant, digest="0" * 64, name="p", width=1, height=1, widths=[1])
        revise(article=article, topics=[topic], bylines=[byline], lead_image=picture)
        for number in range(count):
            revise(article=article, by=member(house.tenant, f"guest{number}", Role.AUTHOR), title=f"Ice {number}")
            move(placement=placement_of(article, house.sites[TECHBLOG]), slug=f"ice-{number}")
        path = path.format(Revision.objects.filter(article=article).latest("number").pk)
    browser = signed_in(house.people["editor"], "studio")
    page(browser, article, path)
    with CaptureQueriesContext(connection) as queries:
        page(browser, article, path)
    assert len(queries) == cost
