"""Two real blogs, where they lie beside the repository: every post arrives, and nothing of it is lost on the way."""

import re
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from publishing.bodies import render
from publishing.importing import markdown_folder, wordpress
from publishing.importing.post import Post, Settings

DATA = Path(__file__).parents[3] / "shared" / "data"
UTC = Settings(ZoneInfo("UTC"), "blog")

needs_optech = pytest.mark.skipif(not (DATA / "optech").is_dir(), reason="the blog is not beside the repository")
needs_wordpress = pytest.mark.skipif(
    not (DATA / "wordpress.xml").is_file(), reason="the export is not beside the repository"
)


@pytest.fixture(scope="module")
def newsletters() -> list[Post]:
    return [post for post in markdown_folder.read(DATA / "optech", UTC) if isinstance(post, Post)]


@needs_optech
def test_every_newsletter_arrives_with_its_date_slug_and_address(newsletters: list[Post]):
    assert len(newsletters) == 655
    assert len({post.slug for post in newsletters}) == 655
    assert all(post.published_at and post.permalinks and post.title and post.language == "en" for post in newsletters)


@needs_optech
def test_no_newsletter_shows_its_notation(newsletters: list[Post]):
    for post in newsletters:
        text = render(post.body, post.body_format).text
        prose = re.sub(r"<code>.*?</code>", "", render(post.body, post.body_format).html, flags=re.DOTALL)
        assert not re.search(r"\{%|\{\{|\{:[.#]", prose), post.source
        assert not re.search(r"\w\]\[\w", prose), post.source
        assert "markdown=" not in text, post.source


@needs_optech
def test_no_newsletter_loses_words(newsletters: list[Post]):
    word = re.compile(r"[A-Za-z]{4,}")
    for post in newsletters:
        source = re.sub(
            r"<!--.*?-->|<style>.*?</style>|^ *\[[^\]]+\]:.*$|\]\([^)]*\)|\]\[[^\]]*\]|<[^>]*>|&nbsp;",
            " ",
            post.body,
            flags=re.DOTALL | re.MULTILINE,
        )
        lost = Counter(word.findall(source)) - Counter(word.findall(render(post.body, post.body_format).text))
        assert lost.total() <= 12, (post.source, lost)


@needs_wordpress
def test_every_post_and_page_of_the_export_arrives():
    posts = [post for post in wordpress.read(DATA / "wordpress.xml", UTC) if isinstance(post, Post)]
    assert Counter(post.kind for post in posts) == {"article": 51, "page": 21}
    assert len({post.source_id for post in posts}) == 72
    assert {post.slug for post in posts if post.status == "draft"} == {"draft", "template-password-protected"}
    assert all(post.title and post.bylines for post in posts)
    for post in posts:
        html = render(post.body, post.body_format).html
        assert not re.search(r"\[/?(?:caption|gallery|embed)\b|<!--", html), post.source
