"""WordPress exports and feeds become posts."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from publishing.bodies import render
from publishing.importing import detect, feed, wordpress
from publishing.importing.post import Post, Refusal, Settings
from publishing.importing.wordpress_html import Attachment, paragraphs, to_html

FIXTURES = Path(__file__).parent / "import_fixtures"
BERLIN = Settings(ZoneInfo("Europe/Berlin"), "blog")


def exported(folder: Path = FIXTURES) -> dict[str, Post]:
    return {post.title: post for post in wordpress.read(folder / "export.xml", BERLIN) if isinstance(post, Post)}


def html(source: str, **attachments: Attachment) -> str:
    return render(to_html(source, post_id="1", attachments=attachments), "html").html


def test_posts_and_pages_arrive_and_nothing_else():
    assert list(exported()) == ["Classic & plain", "Blocks", "Secret", "Private"]


def test_a_post_arrives_with_all_that_it_says():
    post = exported()["Classic & plain"]
    assert post.source_id == "wordpress:https://old.example:1"
    assert post.slug == "classic"
    assert post.published_at == datetime(2020, 1, 2, 2, 4, 5, tzinfo=UTC)
    assert post.bylines == ("Ada Lovelace",)
    assert post.topics == ("News", "Tag")
    assert post.permalinks == ("/2020/01/classic/",)
    assert post.summary == "Short"
    assert post.language == "en"


def test_posts_that_share_a_guid_stay_two():
    assert len({post.source_id for post in exported().values()}) == 4


def test_what_was_not_public_is_a_draft():
    posts = exported()
    assert {title: post.status for title, post in posts.items()} == {
        "Classic & plain": "published", "Blocks": "published", "Secret": "draft", "Private": "draft",
    }  # fmt: skip
    assert posts["Secret"].warnings == ("It was protected by a password, so it is a draft here.",)


def test_a_date_without_zone_is_the_sites():
    assert exported()["Blocks"].published_at == datetime(2020, 2, 2, 3, 4, 5, tzinfo=ZoneInfo("Europe/Berlin"))
    assert exported()["Blocks"].kind == "page"


def test_classic_paragraphs_captions_and_galleries_are_html():
    shown = render(exported()["Classic & plain"].body, "html").html
    assert "<p>First line<br>second line</p>" in shown
    assert (
        '<figure class="align-right"><img src="https://old.example/wp-content/uploads/2020/01/pic-40x20.png" alt="Pic"'
        in shown
    )
    assert "<figcaption>A caption</figcaption>\n</figure>" in shown
    assert 'uploads/2020/01/nine.png" alt="Picture nine"' in shown
    assert "After." in shown
    assert "[" not in shown


def test_blocks_keep_their_words_and_players_become_links():
    shown = render(exported()["Blocks"].body, "html").html
    assert shown.count("Centred.") == 1
    assert '<a href="https://videos.example/1" rel="noopener noreferrer">https://videos.example/1</a>' in shown
    assert "wp:" not in shown


def test_pictures_come_along_where_the_uploads_lie_beside_the_export(tmp_path: Path):
    (tmp_path / "export.xml").write_bytes((FIXTURES / "export.xml").read_bytes())
    assert {image.path for image in exported(tmp_path)["Classic & plain"].images} == {None}
    picture = tmp_path / "wp-content/uploads/2020/01/pic.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"x")
    paths = {image.path for image in exported(tmp_path)["Classic & plain"].images}
    assert paths == {picture, None}


def test_preformatted_text_keeps_its_lines():
    assert '<pre tabindex="0">a\n\nb &lt;i&gt;</pre>' in html("x\n\n[code]a\n\nb <i>[/code]\n\ny")
    assert paragraphs("<pre>a\n\nb</pre>") == "<pre>a\n\nb</pre>"


def test_blocks_of_html_get_no_paragraph():
    assert paragraphs("<ul>\n<li>a</li>\n</ul>\ntext\nmore").count("<p>") == 1


def test_a_lone_address_and_an_embed_become_links():
    assert html("https://videos.example/1").count('<a href="https://videos.example/1"') == 1
    assert html("[embed]https://videos.example/2[/embed]").count('<a href="https://videos.example/2"') == 1
    assert "javascript" not in html("[embed]javascript:alert(1)[/embed] <iframe src='javascript:alert(1)'></iframe>")


def test_a_feed_item_arrives_with_all_that_it_says():
    post, empty = feed.read(FIXTURES / "feed.rss", BERLIN)
    assert isinstance(post, Post)
    assert post.source_id == "feed:tag:1"
    assert post.title == "Erster Beitrag"
    assert post.slug == "erster"
    assert post.published_at == datetime(2021, 1, 5, 9, tzinfo=UTC)
    assert post.language == "de"
    assert post.bylines == ("Ada",)
    assert post.topics == ("Technik",)
    assert post.permalinks == ("/2021/erster.html",)
    assert post.summary == "Kurz"
    assert render(post.body, post.body_format).html.strip() == "<p>Lang </p>"
    assert isinstance(empty, Refusal)


def test_atom_as_well():
    (post,) = feed.read(FIXTURES / "feed.atom", BERLIN)
    assert isinstance(post, Post)
    assert (post.title, post.slug, post.bylines, post.topics) == ("Atomic", "a", ("Grace Hopper",), ("tools",))
    assert post.published_at == datetime(2022, 2, 3, 4, 5, 6, tzinfo=UTC)


def test_the_kind_of_a_source_is_seen():
    assert detect.format_of(FIXTURES / "jekyll") == "markdown"
    assert detect.format_of(FIXTURES / "latin-1.md") == "markdown"
    assert detect.format_of(FIXTURES / "export.xml") == "wordpress"
    assert detect.format_of(FIXTURES / "feed.rss") == "feed"
    assert detect.format_of(FIXTURES / "feed.atom") == "feed"


def fed(tmp_path: Path, text: str, name: str = "feed.xml", origin: str = "blog") -> list[Post]:
    (tmp_path / name).write_text(text)
    found = list(feed.read(tmp_path / name, Settings(ZoneInfo("UTC"), origin)))
    posts = [post for post in found if isinstance(post, Post)]
    assert len(posts) == len(found)
    return posts


def test_two_feeds_that_number_their_items_alike_stay_two(tmp_path: Path):
    item = "<item><guid isPermaLink='false'>1</guid><title>x</title></item>"
    ids = [
        fed(tmp_path, f"<rss><channel>{link}{item}</channel></rss>", origin=origin)[0].source_id
        for link, origin in (("<link>https://a.test/</link>", "x"), ("<link>https://b.test/</link>", "x"), ("", "y"))
    ]
    assert ids == ["feed:https://a.test/:1", "feed:https://b.test/:1", "feed:y:1"]


def test_a_guid_that_is_an_address_is_its_own_identity(tmp_path: Path):
    channel = "<rss><channel><link>https://a.test/</link><item><guid>{0}</guid><title>x</title></item></channel></rss>"
    for guid in ("https://b.test/1", "tag:b.test,2020:1", "urn:uuid:1"):
        assert fed(tmp_path, channel.format(guid))[0].source_id == f"feed:{guid}"


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de" xml:base="https://a.test/blog/">
<title>x</title><link href="/" rel="alternate"/><author><name>Grace Hopper</name></author>
<entry><id>urn:1</id><title>One</title><link href="posts/one"/><published>2022-02-03T04:05:06Z</published>
<content type="html">&lt;a href="two"&gt;x&lt;/a&gt; &lt;img src="/p.png"&gt;</content></entry>
<entry xml:lang="fr"><id>urn:2</id><title>Two</title><author><name>Ada</name></author></entry></feed>"""


def test_entries_have_what_their_feed_says_for_all(tmp_path: Path):
    one, two = fed(tmp_path, ATOM)
    assert (one.bylines, one.language, one.permalinks) == (("Grace Hopper",), "de", ("/blog/posts/one",))
    assert 'href="https://a.test/blog/two"' in one.body
    assert [image.ref for image in one.images] == ["https://a.test/p.png"]
    assert (two.bylines, two.language) == (("Ada",), "fr")


def test_relative_addresses_of_rss_are_its_sites(tmp_path: Path):
    (post,) = fed(
        tmp_path,
        "<rss><channel><link>https://a.test/</link><managingEditor>m@a.test (Ada)</managingEditor>"
        "<item><title>x</title><description>&lt;p&gt;&lt;img src='p.png'&gt;&lt;/p&gt;</description></item>"
        "</channel></rss>",
    )
    assert [image.ref for image in post.images] == ["https://a.test/p.png"]
    assert post.bylines == ("Ada",)


@pytest.mark.parametrize("date", ["yesterday", "Mon, 01 Jan 1601 00:00:00 GMT"])
def test_a_date_that_cannot_be_read_is_told(tmp_path: Path, date: str):
    (post,) = fed(tmp_path, f"<rss><channel><item><title>x</title><pubDate>{date}</pubDate></item></channel></rss>")
    assert post.published_at is None
    assert date in post.warnings[0]


def test_alignment_is_changed_in_classes_alone():
    shown = html('<p class="alignleft x">Write class="alignright" or alignleft.</p>')
    assert shown == '<p class="align-left">Write class="alignright" or alignleft.</p>'
