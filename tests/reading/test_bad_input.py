"""Whatever is sent: a page or a clean refusal, never a 500, and nothing of it echoed where it could do harm."""

import pytest
from django.test import Client
from django.urls import get_resolver

from reading import errors
from tests.cast import TECHBLOG, acme, article_on
from tests.reading.visiting import reader

pytestmark = pytest.mark.django_db

PATHS = [
    "/%00", "/%00/", "/a%00b/", "/topics/%00/", "/bylines/%00/", "/sections/%00/", "/archive/%00/", "/media/%00",
    "/%ff", "/%ff/", "/%c3%28/", "/%ed%a0%80/", "/%f0%9f%92%a9/", "/caf%C3%A9/", "/%/", "/%zz/",
    "/%2e%2e/%2e%2e/etc/passwd", "/../../etc/passwd", "/a'b/", '/a"b/', "/a%27%20or%201=1--/", "/a%3Cscript%3E/",
    "/a;b/", "/a\\b/", "/ /", "/%20/", "/%0d%0aSet-Cookie:x=1/", "/a%0a/", "/topics/a%0a", "//", "///", "//a//",
    "/" + "a" * 8000, "/" + "a" * 8000 + "/", "/" + "a/" * 4000, "/" + "%c3%a9" * 2000, "/archive/0000/01/",
    "/archive/2026/00/", "/archive/2026/13/", "/archive/9999/12/", "/archive/1000/01/", "/archive/2026/1/",
    "/archive/20260/01/", "/archive/%D9%A2%D9%A0%D9%A2%D9%A6/01/", "/archive/2026/11/%0a", "/feeds/", "/feeds/x.xml",
    "/sitemap.xml/", "/robots.txt/", "/style-0123456789abcdef.css/",
    "/static/", "/static/../settings/base.py", "/static/nothing.css",
    "/favicon.ico", "/wp-login.php", "/.git/config", "/.well-known/x", "/-/", "/_/", "/A-Headline/",
]  # fmt: skip

QUERIES = [
    "page=1000000000", "page=-1", "before=", "before=x", "before=0-0", "before=-1",
    "before=zzzzzzzzzzzzz-zzzzzzzzzzzzz", "before=%00", "before=%ff", "before=%27", "before=" + "9" * 8000,
    "before=1-1&before=2-2", "before[]=1", "before=%F0%9F%92%A9", "q=%00", "q=a%00b", "q=%ff%fe", "q=%27", "q=%22",
    "q=%25", "q=%5C", "q=" + "a" * 8192, "q=" + "%22" * 2000, "q=" + "(" * 4000, "q=" + "a+or+" * 1500,
    "q=" + "-a+" * 1500, "q=%ED%A0%80", "q=%E2%80%AE", "q=a&q=b", "q[]=a", "q=%0d%0a", "=", "&&&&", "%", "%zz=%zz",
    "a=" * 10, "&".join(f"a{n}=1" for n in range(2000)), "v=%22%3E%3C", "q=@1", "q=%27%401%27", "q=a%3A%2A+%26+b",
    "q=%3C-%3E", "q=a&page=1000000000", "q=a&page=-1", "q=a&page=%C2%BD", "q=a&page=0", "q=a&page=9999", "q=a&page=",
    "q=a&page=1&page=2", "q=a&page[]=1", "q=a&page=%00", "q=a&page=%D9%A3", "q=a&year=99999", "q=a&year=0000",
    "q=a&year=1899", "q=a&year=2200", "q=a&year=-1", "q=a&year=%00", "q=a&year=2026%27", "q=a&topic=%00",
    "q=a&topic=%27%20or%201=1--", "q=a&topic=" + "a" * 8000, "q=a&topic=%E2%80%AE", "q=a&topic=",
    "q=a&topic=x&year=2026",
    "q=a&topic=x&year=2026&page=2", "topic=x", "year=2026&page=2", "q=the", "q=-a", "q=-%22a+b%22", "q=%22a+b",
    "q=%EE%80%80a%EE%80%81", "q=a%27%27b", "q=%5C%27", "q=abc%27%5C%5C%27def", "q=abc%3A%2A", "q=http://a.b/c%27d?e%5C",
]  # fmt: skip

PAGES = [
    "/", "/a-headline/", "/topics/", "/topics/x/", "/sections/x/", "/bylines/x/", "/archive/", "/archive/2026/01/",
    "/search/", "/feeds/rss.xml", "/feeds/feed.json", "/topics/x/rss.xml", "/sitemap.xml", "/sitemaps/2026-01.xml",
    "/sitemaps/news.xml", "/site.webmanifest", "/.well-known/security.txt", "/style-0123456789abcdef.css", "/nothing/",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_any_path_has_a_clean_answer(path: str) -> None:
    article_on(acme(), TECHBLOG)
    response = reader().get(path)
    assert response.status_code in (200, 301, 404), path
    if response.status_code == 301:
        assert response["Location"].startswith("/")
        assert not response["Location"].startswith(("//", "/\\"))
    assert "x=1" not in str(response.headers)


@pytest.mark.parametrize("query", QUERIES)
def test_any_query_has_a_clean_answer(query: str) -> None:
    article_on(acme(), TECHBLOG)
    client = reader()
    for page in PAGES:
        response = client.get(f"{page}?{query}")
        assert response.status_code in (200, 400, 404), f"{page}?{query}"


def test_a_refusal_of_nonsense_is_a_page_without_cookie_and_under_policy() -> None:
    acme()
    response = reader().get("/search/?q=%00")
    assert response.status_code == 400
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "no-cache"


def test_what_breaks_is_a_page_that_needs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError("the database is on fire")

    acme()
    monkeypatch.setattr("reading.shelves.newest", broken)
    monkeypatch.setattr("reading.pages.frame_of", broken)
    response = Client(headers={"host": TECHBLOG}, raise_request_exception=False).get("/")
    html = response.content.decode()
    assert response.status_code == 500
    assert "Something is broken" in html
    assert "fire" not in html
    assert response["Cache-Control"] == "no-store"


def test_the_front_has_its_own_answer_for_each_refusal() -> None:
    handlers = [get_resolver("reading.urls").resolve_error_handler(status) for status in (400, 403, 404, 500)]
    assert handlers == [errors.bad_request, errors.forbidden, errors.not_found, errors.server_error]
