"""Lists: a page at a time, each article once, for the same few statements whatever their length."""

import re
from collections.abc import Callable
from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from publishing.models import Placement
from reading import asking
from reading.cursors import BrokenCursor, Cursor, cursor_from
from reading.frames import frames
from reading.looks import look_of
from sites_core.directory import BrandEntry, directory
from tenants.scope import tenant_scope
from tests.cast import TECHBLOG, acme, article_on
from tests.reading.visiting import furnished, reader, text_of, titles_in

pytestmark = pytest.mark.django_db


def walked(client: Client, path: str) -> list[list[str]]:
    """The titles on each page of a list, by its own links."""
    pages, address = [], path
    while address:
        html = text_of(client, address)
        pages.append(titles_in(html))
        assert len(pages) < 20
        older = re.search(r'<a rel="next" href="([^"]+)"', html)
        address = older[1] if older else ""
    return pages


@pytest.mark.parametrize("path", ["/", "/topics/databases/", "/bylines/mara/", "/sections/data/", "/archive/2026/05/"])
def test_a_walk_meets_each_of_55_articles_once_and_in_order(path: str) -> None:
    owner = acme()
    furnished(owner, 55)
    with tenant_scope(owner.tenant):
        # Three moments for all: within each, the order is the key's.
        for number, placement in enumerate(Placement.objects.order_by("-go_live")):
            moment = timezone.now().replace(year=2026, month=5, day=20 - number // 20, hour=12)
            placement.go_live = moment.replace(minute=0, second=0, microsecond=123456)
            placement.save()
        expected = [p.article.title for p in Placement.objects.newest_first().select_related("article")]
    pages = walked(reader(), path)
    # A front page is as long as its theme says.
    first = len(pages[0]) if path == "/" else 20
    full, rest = divmod(55 - first, 20)
    assert [len(page) for page in pages] == [first, *([20] * full), rest]
    assert [title for page in pages for title in page] == expected


def test_a_full_last_page_has_no_older_one() -> None:
    owner = acme()
    furnished(owner, 20)
    assert [len(page) for page in walked(reader(), "/topics/databases/")] == [20]
    of_front = look_of(BrandEntry()).theme.front.newest
    with tenant_scope(owner.tenant):
        Placement.objects.exclude(pk__in=Placement.objects.newest_first().values("pk")[:of_front]).delete()
    directory.expire()
    assert len(walked(reader(), "/")) == 1


def test_an_older_page_leads_back_to_the_newest_and_is_canonical_for_itself() -> None:
    furnished(acme(), 21)
    client = reader()
    newest = text_of(client, "/?utm=mail")
    assert '<link rel="canonical" href="http://techblog.test/">' in newest
    (older,) = re.findall(r'rel="next" href="(/\?before=[0-9a-z-]+)"', newest)
    html = text_of(client, older)
    assert '<nav class="pager" aria-label="More of this list">\n<a href="/">Newest</a>' in html
    assert f'<link rel="canonical" href="http://techblog.test{older}">' in html


# Beside one for the frame where the process has none yet of the site's generation.
STATEMENTS = {
    "/": 1,
    "/needle-0/": 1,
    "/topics/databases/": 1,
    "/bylines/mara/": 1,
    "/sections/data/": 1,
    "/archive/": 1,
    "/archive/{month}/": 1,
    "/topics/": 1,
    "/search/?q=needle": 1,
    "/search/": 1,
    "/feeds/rss.xml": 1,
    "/feeds/atom.xml": 1,
    "/feeds/feed.json": 1,
    "/topics/databases/atom.xml": 1,
    "/sitemap.xml": 1,
    "/sitemaps/pages.xml": 1,
    "/sitemaps/news.xml": 1,
    "/sitemaps/{dashed}.xml": 1,
    "/site.webmanifest": 0,
    "/.well-known/security.txt": 0,
    "/robots.txt": 0,
    "/style-0123456789abcdef.css": 0,
    "/icon.svg": 0,
}
WITHOUT_FRAME = {
    "/robots.txt", "/site.webmanifest", "/.well-known/security.txt", "/style-0123456789abcdef.css", "/icon.svg",
}  # fmt: skip


@pytest.mark.parametrize("count", [1, 3, 50])
def test_every_page_costs_at_most_three_statements_for_one_article_and_for_fifty(
    count: int, settled_directory: Callable[[], None], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    furnished(acme(), count)
    settled_directory()
    client = reader()
    for pattern, statements in STATEMENTS.items():
        moment = timezone.now() - timedelta(minutes=1)
        path = pattern.format(month=f"{moment:%Y/%m}", dashed=f"{moment:%Y-%m}")
        frames.forget()
        with django_assert_num_queries(statements + (pattern not in WITHOUT_FRAME), info=path):
            text_of(client, path)
        with django_assert_num_queries(statements, info=path):
            text_of(client, path)


def test_bodies_are_not_loaded_for_lists_and_nothing_is_counted(
    settled_directory: Callable[[], None],
    django_assert_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    furnished(acme(), 3)
    settled_directory()
    text_of(reader(), "/search/")
    rows = Mock(wraps=asking._rows)
    monkeypatch.setattr(asking, "_rows", rows)
    for path in ("/", "/topics/databases/"):
        with django_assert_num_queries(STATEMENTS[path]):
            text_of(reader(), path)
        statement = rows.call_args.args[0]
        assert "article.title" in statement
        for column in ("body", "html", "text"):
            assert f"article.{column}" not in statement
        assert "COUNT(" not in statement.upper()
        # OFFSET 0 is no step over rows.
        assert set(re.findall(r"OFFSET (\d+)", statement)) <= {"0"}


def test_a_cursor_is_written_in_one_way() -> None:
    cursor = Cursor(timezone.now(), 42)
    assert cursor_from(str(cursor)) == cursor
    assert len(str(cursor)) < 20
    text = str(cursor)
    for broken in (
        "", "-", "x", "x-", "-x", f"{text} ", f" {text}", f"0{text}", f"{text}-1", text.upper(), f"+{text}",
        text.replace("-", "--"), f"{text[:-1]}_", "zzzzzzzzzzzzz-1", f"{Cursor(cursor.go_live, 2**63)!s}",
        "é-1", "\0-1", "1--1",
    ):  # fmt: skip
        with pytest.raises(BrokenCursor):
            cursor_from(broken)


def test_a_list_that_begins_after_its_end_is_missing() -> None:
    article_on(acme(), TECHBLOG)
    past = Cursor(timezone.now() - timedelta(days=1), 1)
    text_of(reader(), f"/?before={past}", status=404)
