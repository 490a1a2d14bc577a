"""A preview is the reader's page, of what is not stored, on a host of its own."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from publishing.models import Article, Byline, Image, Placement, Preview, Section, Topic
from publishing.placing import place, recall, unpublish
from publishing.previewing import make
from publishing.writing import correct, revise, set_bylines, set_topics, write
from reading.frames import frames
from sites_core.directory import directory
from sites_core.models import Brand, MenuItem
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, House, acme, article_on, bolt, placement_of
from tests.reading.visiting import furnished, links_in, reader

pytestmark = pytest.mark.django_db

STUDIO = "http://studio.platform.test"


@pytest.fixture
def house() -> House:
    return acme()


@pytest.fixture
def article(house: House) -> Article:
    """With everything that a page shows, live on both sites since an hour."""
    furnished(house, 3)
    article = article_on(house, TECHBLOG, FINANCEBLOG, title="Stored", body="# One\n\nWords.\n\n# Two\n\nMore.")
    with tenant_scope(house.tenant):
        topic, byline = Topic.objects.get(slug="databases"), Byline.objects.get(slug="mara")
        set_topics(article=article, topics=[topic])
        set_bylines(article=article, bylines=[byline])
        correct(article=article, note="It was Tuesday.")
        Placement.objects.filter(article=article, site=house.sites[TECHBLOG]).update(section=Section.objects.get())
    return article


def address(owner: House, domain: str = TECHBLOG, **asked: Any) -> str:
    with tenant_scope(owner.tenant):
        return make(tenant=owner.tenant, site=owner.sites[domain], by=owner.people["editor"], **asked)


def get(url: str, **headers: str) -> Any:
    host, _, path = url.removeprefix("http://").partition("/")
    return Client().get(f"/{path}", headers={"host": host, **headers})


def page(url: str) -> str:
    response = get(url)
    assert response.status_code == 200, url
    return str(response.content.decode())


def told(owner: House, domain: str = TECHBLOG, **asked: Any) -> str:
    return page(address(owner, domain, **asked))


def as_read(html: str) -> str:
    """A reader's page as its preview has it: no search engine shall find it."""
    return html.replace('content="max-image-preview:large"', 'content="noindex"')


# --- The same page ---------------------------------------------------------------------------------------------------


def test_of_what_is_stored_and_live_it_is_the_readers_page_byte_for_byte(house: House, article: Article):
    for domain in (TECHBLOG, FINANCEBLOG):
        theirs = reader(domain).get("/stored/").content.decode()
        assert "It was Tuesday." in theirs
        assert told(house, domain, article=article) == as_read(theirs)


@pytest.mark.parametrize("theme", ["journal", "daily", "magazine"])
def test_unsaved_words_look_as_they_will_once_they_are_saved(house: House, article: Article, theme: str):
    site = house.sites[TECHBLOG]
    Brand.objects.filter(site=site).update(theme=theme, language="de", time_zone="Asia/Tokyo", date_style="weekday")
    with tenant_scope(house.tenant):
        other = Topic.objects.create(tenant=house.tenant, slug="other", name="Other")
        picture = Image.objects.create(
            tenant=house.tenant, digest="a" * 64, name="p", alt="A view", width=900, height=600, widths=[480, 900]
        )
        topics, bylines = [other, Topic.objects.get(slug="databases")], list[Byline]()
    words: dict[str, Any] = {
        "title": "Other <words>", "summary": "In short.", "body": "<p>New <em>text</em>.</p>", "body_format": "html",
        "lead_image": picture.pk, "topics": [topic.pk for topic in topics], "bylines": [],
    }  # fmt: skip
    directory.expire()
    before = told(house, article=article, words=words)
    with tenant_scope(house.tenant):
        revise(
            article=article, topics=topics, bylines=bylines, lead_image=picture,
            **{name: words[name] for name in ("title", "summary", "body", "body_format")},
        )  # fmt: skip
    directory.expire()
    after = as_read(reader(TECHBLOG).get("/stored/").content.decode())
    # The moment of saving is another than that of looking.
    moments = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+\d\d:\d\d")
    assert moments.sub("", before) == moments.sub("", after)
    assert "Other &lt;words&gt;" in before
    assert "<em>text</em>" in before


def test_an_article_that_is_on_no_site_is_seen_as_it_will_be_there(house: House, article: Article):
    with tenant_scope(house.tenant):
        new = write(tenant=house.tenant, title="On no site", body="Words.", topics=[Topic.objects.get()])
        section = Section.objects.get()
    placed = {"title": "Here otherwise", "summary": "Own.", "section": section.pk, "slug": "here", "image": None}
    before = told(house, article=new, placed=placed)
    with tenant_scope(house.tenant):
        assert not new.placements.exists()
        place(
            article=new, site=house.sites[TECHBLOG], title="Here otherwise", summary="Own.", section=section,
            slug="here",
        )  # fmt: skip
    directory.expire()
    after = as_read(reader(TECHBLOG).get("/here/").content.decode())
    moments = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+\d\d:\d\d")
    assert moments.sub("", before) == moments.sub("", after)
    assert '<link rel="canonical" href="http://techblog.test/here/">' in before


def test_what_is_scheduled_is_seen_at_its_moment(house: House, article: Article):
    """With its date, and with what will have appeared until then beside it."""
    now = timezone.now()
    with tenant_scope(house.tenant):
        for title, days in (("Before it", 2), ("Later", 3), ("After it", 4)):
            new = write(tenant=house.tenant, title=title, body="Words.")
            place(article=new, site=house.sites[TECHBLOG], go_live=now + timedelta(days=days))
        later = Article.objects.get(title="Later")
    html = told(house, article=later)
    assert "Before it" in html
    assert "After it" not in html
    assert f'datetime="{now + timedelta(days=3):%Y-%m-%d}' in html
    moved = told(house, article=later, placed={"go_live": (now + timedelta(days=9)).isoformat()})
    assert "After it" in moved
    # Frames of the future are kept from those who read today.
    assert len(frames) == 0 or all(held[1] <= timezone.now() for held in frames._held.values())


@pytest.mark.parametrize("ended", ["unpublished", "recalled", "expired"])
def test_what_was_taken_off_is_seen_as_if_it_came_back(house: House, article: Article, ended: str):
    placement = placement_of(article, house.sites[TECHBLOG])
    with tenant_scope(house.tenant):
        if ended == "unpublished":
            unpublish(placements=[placement])
        elif ended == "recalled":
            recall(article=article)
        else:
            began = timezone.now() - timedelta(2)
            place(article=article, site=house.sites[TECHBLOG], go_live=began, expires_at=timezone.now())
    assert reader(TECHBLOG).get("/stored/").status_code in {404, 410}
    assert "<h1>Stored</h1>" in told(house, article=article)


def test_a_static_page_stands_in_its_own_footer(house: House):
    with tenant_scope(house.tenant):
        about = write(tenant=house.tenant, kind=Article.Kind.PAGE, title="About us", body="We write.")
    html = told(house, article=about)
    assert '<a href="/about-us/" aria-current="page">About us</a>' in html
    assert "About us" not in reader(TECHBLOG).get("/").content.decode()


def test_an_article_that_is_not_stored_at_all_is_seen(house: House, article: Article):
    with tenant_scope(house.tenant):
        topic = Topic.objects.get()
    html = told(house, words={"title": "Just begun", "body": "First *words*.", "topics": [topic.pk]})
    assert "<h1>Just begun</h1>" in html
    assert "First <em>words</em>." in html
    assert "Databases" in html
    assert "Related" in html


def test_topics_and_bylines_that_are_not_there_yet_are_seen(house: House, article: Article):
    words = {
        "title": "x", "topics": [], "new_topics": ["Brand <new>", "databases"], "bylines": [], "new_bylines": ["Ada"],
    }  # fmt: skip
    html = told(house, article=article, words=words)
    assert '<a rel="tag" href="/topics/brand-new/">Brand &lt;new&gt;</a>' in html
    assert '<a rel="tag" href="/topics/databases/">Databases</a>' in html
    assert html.index("Brand &lt;new&gt;</a>") < html.index('">Databases</a>')
    assert '<a rel="author" href="/bylines/ada/">Ada</a>' in html
    with tenant_scope(house.tenant):
        assert Topic.objects.count() == 1


def test_a_page_that_becomes_an_article_is_seen_as_one(house: House):
    with tenant_scope(house.tenant):
        about = write(tenant=house.tenant, kind=Article.Kind.PAGE, title="About us", body="We write.")
    assert "min read" in told(house, article=about, words={"title": "About us", "kind": "article"})
    assert "min read" not in told(house, article=about)


def test_it_is_stored_nowhere_that_readers_meet(house: House, article: Article):
    generation = house.sites[TECHBLOG].state.generation
    told(house, article=article, words={"title": "Secret title", "body": "Secret words."}, placed={"slug": "secret"})
    for path in ("/", "/stored/", "/feeds/rss.xml", "/search/?q=title", "/sitemap.xml", "/topics/databases/"):
        assert b"ecret" not in reader(TECHBLOG).get(path).content, path
    assert reader(TECHBLOG).get("/secret/").status_code == 404
    house.sites[TECHBLOG].state.refresh_from_db()
    assert house.sites[TECHBLOG].state.generation == generation
    with tenant_scope(house.tenant):
        assert Article.objects.get(pk=article.pk).title == "Stored"


# --- Unsaved brands --------------------------------------------------------------------------------------------------


LOOK = {
    "theme": "magazine", "accent": "#aa1100", "tagline": "Unsaved <tagline>", "language": "fr", "fonts": "",
    "options": {}, "date_style": "iso",
    "menus": {"header": [{"label": "Elsewhere", "url": "https://else.test/"}]},
}  # fmt: skip


def test_an_unsaved_brand_is_seen_on_the_front_page(house: House, article: Article):
    url = address(house, look=LOOK)
    html = page(url)
    assert "theme-magazine" in html
    assert "Unsaved &lt;tagline&gt;" in html
    assert '<html lang="fr"' in html
    assert '<a href="https://else.test/">Elsewhere</a>' in html
    style = re.search(r'<link rel="stylesheet" href="([^"]+)">', html)
    assert style
    assert style[1].startswith(f"/{url.rstrip('/').rpartition('/')[2]}/style-")
    sheet = get(f"{url[: url.index('/', 8)]}{style[1]}")
    assert sheet["Content-Type"] == "text/css; charset=utf-8"
    assert b"#aa1100" in sheet.content
    assert b"#aa1100" not in reader(TECHBLOG).get("/").content


def test_it_is_the_front_page_once_it_is_saved(house: House, article: Article):
    before = told(house, look=LOOK)
    site = house.sites[TECHBLOG]
    Brand.objects.filter(site=site).update(**{name: value for name, value in LOOK.items() if name != "menus"})
    MenuItem.objects.create(site=site, label="Elsewhere", url="https://else.test/")
    directory.expire()
    after = as_read(reader(TECHBLOG).get("/").content.decode())
    assert re.sub(r"/[0-9-]+\.[\w-]{43}/style", "/style", before) == after


def test_an_article_is_seen_in_an_unsaved_brand(house: House, article: Article):
    html = told(house, article=article, look={"theme": "daily", "date_style": "iso"})
    assert "theme-daily" in html
    assert re.search(r">\d{4}-\d\d-\d\d</time>", html)


@pytest.mark.parametrize("asked", [{}, {"look": LOOK}])
def test_it_is_seen_by_day_and_by_night_whatever_the_device_is_set_to(house: House, article: Article, asked: Any):
    url = address(house, article=article, **asked)
    sheets = {}
    for scheme in ("light", "dark"):
        style = re.search(r'<link rel="stylesheet" href="([^"]+)">', page(f"{url}?scheme={scheme}"))
        assert style
        sheets[scheme] = page(f"{url[: url.index('/', 8)]}{style[1]}")
        assert "prefers-color-scheme" not in sheets[scheme]
        assert f":root{{color-scheme:{scheme};" in sheets[scheme]
    assert "@media screen and (min-width:0){:root{" in sheets["dark"]
    assert "@media screen and (max-width:0){:root{" in sheets["light"]
    assert page(f"{url}?scheme=%22%3E") == page(url)


# --- The host --------------------------------------------------------------------------------------------------------


def test_its_answers_are_kept_by_nobody_found_by_nobody_and_framed_by_the_studio_alone(house: House, article: Article):
    url = address(house, article=article, words={"title": "Unsaved"})
    host = url[: url.index("/", 8)]
    for path in (url, f"{host}/", f"{host}/nothing-here/x/", f"{host}/sections/data/", f"{url[:-2]}x/"):
        response = get(path)
        assert response["Cache-Control"] == "no-store", path
        assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive", path
        assert response["Referrer-Policy"] == "no-referrer", path
        assert f"frame-ancestors {STUDIO}" in response["Content-Security-Policy"], path
        assert "'none'; style-src" in response["Content-Security-Policy"] or response.status_code == 302, path
        assert not response.cookies, path
        assert "Surrogate-Key" not in response, path
    assert get(url)["Content-Security-Policy"].count("frame-ancestors") == 1
    assert 'name="robots" content="noindex"' in page(url)


def test_a_picture_of_the_body_may_come_from_where_it_lies(house: House, article: Article):
    words = {"title": "x", "body": "![A](https://pictures.test/a.png)"}
    policy = get(address(house, article=article, words=words))["Content-Security-Policy"]
    assert "img-src 'self' https://pictures.test;" in policy


def test_links_lead_to_the_site_itself(house: House, article: Article):
    url = address(house, article=article)
    host = url[: url.index("/", 8)]
    for link in links_in(page(url)):
        if link.startswith("/") and not link.startswith(("/static/", "/style-", "/icon", "/favicon", "/site.web")):
            assert get(f"{host}{link}")["Location"] == f"http://techblog.test{link}", link
    assert get(f"{host}/search/?q=a%0d%0ab&x")["Location"] == "http://techblog.test/search/?q=a%0d%0ab&x"


@pytest.mark.parametrize("path", ["//evil.test/", "/%2f%2fevil.test/", "/\\evil.test/", "/@evil.test/", "/.evil.test/",
                                  "/http://evil.test/", "/evil.test"])  # fmt: skip
def test_nothing_leads_to_another_host(house: House, article: Article, path: str):
    url = address(house, article=article)
    response = get(f"{url[: url.index('/', 8)]}{path}")
    assert response.status_code == 404 or response["Location"].startswith("http://techblog.test/"), response


def test_in_the_studios_frame_a_link_is_offered_in_a_new_tab(house: House, article: Article):
    url = address(house, article=article)
    response = get(f"{url[: url.index('/', 8)]}/topics/databases/", sec_fetch_dest="iframe")
    assert response.status_code == 200
    assert b'<a href="http://techblog.test/topics/databases/" target="_blank"' in response.content


def test_what_a_page_names_is_there(house: House, article: Article, media_root):
    url = address(house, article=article)
    host = url[: url.index("/", 8)]
    digest = "b" * 32
    folder = media_root / str(house.tenant.pk)
    folder.mkdir()
    (folder / f"{digest}-480.webp").write_bytes(b"picture")
    named = [path for path in links_in(page(url)) if path.startswith(("/style-", "/icon", "/favicon"))]
    for path in [*named, f"/media/{digest}-480.webp"]:
        response = get(f"{host}{path}")
        assert b"".join(response), path
        assert response.status_code == 200, path
        assert response["Cache-Control"] in {"no-store", "private, max-age=3600"}, path


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_it_is_for_reading(house: House, article: Article, method: str):
    url = address(house, article=article)
    host, _, path = url.removeprefix("http://").partition("/")
    response = getattr(Client(headers={"host": host}), method)(f"/{path}")
    assert response.status_code == 405


# --- Who sees it -----------------------------------------------------------------------------------------------------


def test_of_what_is_not_there_everybody_is_told_the_same(house: House, article: Article):
    """Expired, taken back, another site's, another tenant's, mistyped, never made."""
    other = bolt()
    theirs = article_on(other, LANTERN)
    good = address(house, article=article, words={"title": "Mine"}, shared=True)
    signed = address(house, article=article)
    host, token = good[: good.index("/", 8)], good.rstrip("/").rpartition("/")[2]
    elsewhere = [
        address(other, LANTERN, article=theirs, words={"title": "x"}), address(other, LANTERN, article=theirs),
        address(house, FINANCEBLOG, article=article), address(house, FINANCEBLOG, article=article, shared=True),
    ]  # fmt: skip
    paths = [f"/{url.rstrip('/').rpartition('/')[2]}/" for url in elsewhere]
    paths += [f"/{token[:-1]}{'A' if token[-1] != 'A' else 'B'}/", f"/{token.swapcase()}/", f"/0-0.{'x' * 43}/"]
    paths += [f"/1-2-99999999999.{'x' * 43}/", f"/.{'x' * 43}/"]
    expected = get(f"{host}/{'1-1.' + 'z' * 43}/")
    assert expected.status_code == 404
    assert get(good).status_code == get(signed).status_code == 200
    Preview._base_manager.filter(site=house.sites[TECHBLOG]).update(expires_at=timezone.now())
    for path in [*paths, f"/{token}/"]:
        response = get(f"{host}{path}")
        assert (response.status_code, response.content) == (404, expected.content), path


def test_a_signed_address_ends_with_its_hour(house: House, article: Article, time_machine_at: Callable[..., Any]):
    url = address(house, article=article)
    with time_machine_at(timedelta(minutes=59)):
        assert get(url).status_code == 200
    with time_machine_at(timedelta(minutes=61)):
        assert get(url).status_code == 404


def test_it_ends_with_the_article_and_with_the_sites_owner(house: House, article: Article):
    urls = [address(house, article=article), address(house, article=article, words={"title": "x"})]
    assert [get(url).status_code for url in urls] == [200, 200]
    with tenant_scope(house.tenant):
        article.delete()
    assert [get(url).status_code for url in urls] == [404, 404]


def test_whoever_is_signed_in_somewhere_sees_what_everybody_sees(house: House, article: Article):
    url = address(house, article=article)
    host, _, path = url.removeprefix("http://").partition("/")
    client = Client(headers={"host": host})
    client.force_login(house.people["owner"])
    response = client.get(f"/{path}")
    assert response.content == get(url).content
    assert not response.cookies


@pytest.mark.parametrize("asked", [{}, {"words": {"title": "x", "topics": []}}, {"look": LOOK}])
def test_few_statements_however_much_there_is(
    house: House, article: Article, settled_directory: Callable[[], None], django_assert_max_num_queries, asked
):
    settled_directory()
    for count in (1, 3):
        furnished(house, count)
        url = address(house, article=article, **asked)
        with django_assert_max_num_queries(8):
            page(url)


@pytest.fixture
def time_machine_at() -> Callable[..., Any]:
    """A stretch of time from now on."""
    return lambda ahead: time_machine.travel(timezone.now() + ahead, tick=False)
