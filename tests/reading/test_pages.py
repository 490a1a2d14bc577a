"""What each page shows, and how it is answered."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.sites.models import Site
from django.utils import timezone

from publishing.models import Byline, Placement, Section, Topic
from publishing.models.placements import FIRST, LAST
from publishing.placing import place
from publishing.writing import correct, write
from reading import shelves
from reading.answers import FRESH
from sites_core.models import Brand
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, acme, article_on, bolt, placement_of
from tests.reading.visiting import furnished, reader, text_of, titles_in, without_data

pytestmark = pytest.mark.django_db

READER_PATHS = [
    "/", "/needle-0/", "/topics/", "/topics/databases/", "/bylines/mara/", "/sections/data/", "/archive/", "/search/",
    "/search/?q=needle", "/feeds/rss.xml", "/feeds/atom.xml", "/feeds/feed.json", "/topics/databases/rss.xml",
    "/sitemap.xml", "/sitemaps/pages.xml", "/sitemaps/news.xml", "/robots.txt", "/icon.svg", "/site.webmanifest",
    "/.well-known/security.txt",
    "/style-0123456789abcdef.css",
]  # fmt: skip


def test_home_lists_the_newest_first() -> None:
    owner = acme()
    article_on(owner, TECHBLOG, title="Old", ago=timedelta(days=2))
    article_on(owner, TECHBLOG, title="New", ago=timedelta(days=1))
    assert titles_in(text_of(reader(), "/")) == ["New", "Old"]


def test_an_article_shows_what_was_written_about_it() -> None:
    owner = acme()
    (article,) = furnished(owner, 1)
    with tenant_scope(owner.tenant):
        correct(article=article, note="It was Tuesday.", noted_at=datetime(2026, 3, 4, 12, tzinfo=UTC))
    html = text_of(reader(), "/needle-0/")
    assert "<h1>Needle 0</h1>" in html
    assert "<p>Words.</p>" in html
    assert 'href="/topics/databases/">Databases</a>' in html
    assert 'href="/bylines/mara/">Mara</a>' in html
    assert 'href="/sections/data/">Data</a>' in html
    assert "1 min read" in html
    assert "March 4, 2026</time>: It was Tuesday." in html


def test_topics_and_bylines_keep_the_order_that_the_editor_gave_them() -> None:
    owner = acme()
    article = article_on(owner, TECHBLOG, title="Ordered")
    with tenant_scope(owner.tenant):
        from publishing.writing import set_bylines, set_topics

        topics = [Topic.objects.create(tenant=owner.tenant, slug=s, name=s.title()) for s in ("zebra", "ant", "mole")]
        bylines = [Byline.objects.create(tenant=owner.tenant, slug=s, name=s.title()) for s in ("zoe", "amy", "max")]
        set_topics(article=article, topics=topics)
        set_bylines(article=article, bylines=bylines)
    html = text_of(reader(), "/ordered/").partition("<main")[2]
    assert html.index("Zebra") < html.index("Ant</a>") < html.index("Mole")
    assert html.index("Zoe") < html.index("Amy") < html.index("Max")


def test_a_byline_has_its_bio_and_its_articles() -> None:
    furnished(acme(), 2)
    html = text_of(reader(), "/bylines/mara/")
    assert "<h1>Mara</h1>" in html
    assert "Writes." in html
    assert titles_in(html) == ["Needle 0", "Needle 1"]


def test_topics_and_sections_list_their_articles_alone() -> None:
    owner = acme()
    furnished(owner, 1)
    article_on(owner, TECHBLOG, title="Hay")
    assert titles_in(text_of(reader(), "/topics/databases/")) == ["Needle 0"]
    assert titles_in(text_of(reader(), "/sections/data/")) == ["Needle 0"]
    assert 'href="/topics/databases/"' in text_of(reader(), "/topics/")


def test_a_static_page_has_no_date_and_stands_in_the_footer_and_in_no_list() -> None:
    owner = acme()
    with tenant_scope(owner.tenant):
        article = write(tenant=owner.tenant, kind="page", title="Imprint", body="Who we are.")
        place(article=article, site=owner.sites[TECHBLOG])
    page = text_of(reader(), "/imprint/")
    assert "Who we are." in page
    assert "<time" not in page
    home = text_of(reader(), "/")
    assert '<a href="/imprint/">Imprint</a>' in home
    assert titles_in(home) == []


def test_an_empty_section_says_so() -> None:
    owner = acme()
    with tenant_scope(owner.tenant):
        Section.objects.create(tenant=owner.tenant, site=owner.sites[TECHBLOG], slug="soon", name="Soon")
    assert "Nothing has been published here yet" in text_of(reader(), "/sections/soon/")


def test_a_site_without_a_tenant_is_an_empty_site() -> None:
    Site.objects.create(domain="lonely.test", name="Lonely")
    lonely = reader("lonely.test")
    assert "Nothing has been published here yet" in text_of(lonely, "/")
    for path in ("/topics/", "/archive/", "/search/?q=word", "/feeds/rss.xml", "/feeds/atom.xml", "/sitemap.xml"):
        text_of(lonely, path)
    for path in ("/anything/", "/topics/x/", "/bylines/x/", "/sections/x/", "/media/" + "0" * 32 + "-480.webp"):
        text_of(lonely, path, status=404)


def test_the_placements_own_words_win_over_the_articles_and_empty_means_the_articles() -> None:
    owner = acme()
    article = article_on(owner, TECHBLOG, FINANCEBLOG, title="Its title", summary="Its summary")
    placement = placement_of(article, owner.sites[FINANCEBLOG])
    with tenant_scope(owner.tenant):
        Placement.objects.filter(pk=placement.pk).update(title="Our title", summary="Our summary")
    for path in ("/", "/its-title/", "/feeds/rss.xml", "/search/?q=summary"):
        theirs, ours = (re.sub("</?mark>", "", text_of(reader(domain), path)) for domain in (TECHBLOG, FINANCEBLOG))
        assert "Its title" in theirs, path
        assert "Its summary" in theirs, path
        assert "Our " not in theirs, path
        assert "Our title" in ours, path
        assert "Our summary" in ours, path
        assert "Its " not in ours, path


@pytest.mark.parametrize(("summary", "times"), {"Words that open": 0, "Words that…": 0, "Other words": 1}.items())
def test_a_summary_is_not_said_twice(summary: str, times: int) -> None:
    owner = acme()
    article_on(owner, TECHBLOG, title="Its title", summary=summary, body="Words that *open* the text.\n\nMore.")
    page = text_of(reader(TECHBLOG), "/its-title/")
    assert page.count('class="standfirst"') == times
    assert f'name="description" content="{summary}"' in page


def test_markup_in_titles_is_text() -> None:
    owner = acme()
    with tenant_scope(owner.tenant):
        article = write(tenant=owner.tenant, title="<script>x</script>", summary='"><img src=x>', body="a")
        place(article=article, site=owner.sites[TECHBLOG], slug="odd")
    for path in ("/", "/odd/", "/search/?q=script", "/archive/"):
        html = without_data(text_of(reader(), path))
        assert "<script" not in html
        assert "<img src=x" not in html
    assert "&lt;script&gt;x&lt;/script&gt;" in text_of(reader(), "/odd/")


def test_an_article_without_a_title_can_still_be_opened() -> None:
    owner = acme()
    with tenant_scope(owner.tenant):
        place(article=write(tenant=owner.tenant, title=" ", body="a"), site=owner.sites[TECHBLOG], slug="nameless")
    assert titles_in(text_of(reader(), "/")) == ["Untitled"]
    assert "<h1>Untitled</h1>" in text_of(reader(), "/nameless/")


@pytest.mark.parametrize("path", READER_PATHS)
def test_every_page_answers_get_and_head_alone(path: str) -> None:
    furnished(acme(), 1)
    client = reader()
    assert client.get(path).status_code == 200
    head = client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    for method in ("post", "put", "delete", "patch", "options"):
        refused = getattr(client, method)(path)
        assert refused.status_code == 405
        assert refused["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", [*READER_PATHS, "/missing/", "/search/?q=%00", "/missing"])
def test_no_page_sets_or_reads_a_cookie(path: str) -> None:
    furnished(acme(), 1)
    client = reader()
    client.cookies["sessionid"] = "x" * 32
    response = client.get(path)
    assert not response.cookies
    assert "Set-Cookie" not in response
    assert "Cookie" not in response.get("Vary", "")


def test_pages_carry_a_strict_policy_and_may_be_kept_for_a_moment() -> None:
    furnished(acme(), 1)
    for path in ("/", "/needle-0/", "/search/?q=needle", "/topics/"):
        response = reader().get(path)
        policy = response["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; ")
        assert "unsafe" not in policy
        assert response["Cache-Control"] == FRESH
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"


def test_a_page_needs_no_inline_style_no_script_and_no_other_host() -> None:
    furnished(acme(), 1)
    for path in ("/", "/needle-0/", "/missing/"):
        html = without_data(reader().get(path).content.decode())
        assert "<script" not in html
        assert "<style" not in html
        assert " style=" not in html


def test_the_brands_colour_is_in_its_one_style_sheet() -> None:
    owner = acme()
    Brand.objects.filter(site=owner.sites[TECHBLOG]).update(accent="#abcdef")
    client = reader()
    (path,) = re.findall(r'<link rel="stylesheet" href="([^"]*)">', text_of(client, "/"))
    sheet = client.get(path)
    assert "--brand:#abcdef;" in sheet.content.decode()
    assert "immutable" in sheet["Cache-Control"]
    assert client.get("/style-0123456789abcdef.css")["Cache-Control"] == "no-cache"


def test_dates_and_months_are_told_in_the_sites_own_time() -> None:
    owner = acme()
    Brand.objects.filter(site=owner.sites[TECHBLOG]).update(time_zone="Pacific/Auckland")
    moment = datetime(2026, 2, 28, 20, 0, tzinfo=UTC)  # the first of March in Auckland
    article_on(owner, TECHBLOG, FINANCEBLOG, title="Dated", ago=timezone.now() - moment)
    there, here = reader(TECHBLOG), reader(FINANCEBLOG)
    assert '<time datetime="2026-03-01T09:00:00' in text_of(there, "/dated/")
    assert '<time datetime="2026-02-28T20:00:00' in text_of(here, "/dated/")
    assert titles_in(text_of(there, "/archive/2026/03/")) == ["Dated"]
    text_of(there, "/archive/2026/02/", status=404)
    assert titles_in(text_of(here, "/archive/2026/02/")) == ["Dated"]
    assert 'href="/archive/2026/03/"' in text_of(there, "/archive/")
    assert 'href="/archive/2026/02/"' in text_of(here, "/archive/")


def test_the_archive_names_each_month_once_and_leaves_empty_ones_out() -> None:
    owner = acme()
    for day in (datetime(2024, 1, 5, tzinfo=UTC), datetime(2024, 1, 25, tzinfo=UTC), datetime(2025, 11, 1, tzinfo=UTC)):
        article_on(owner, TECHBLOG, title=f"Of {day:%d %B}", ago=timezone.now() - day)
    article_on(owner, TECHBLOG, title="Later", ago=-timedelta(days=400))
    html = text_of(reader(), "/archive/")
    months = [part.split('"')[0] for part in html.split('href="/archive/')[1:] if part[0] != '"']
    assert months == ["2025/11/", "2024/01/"]


def test_a_brand_speaks_its_language_and_the_next_one_its_own() -> None:
    acme_house, bolt_house = acme(), bolt()
    Brand.objects.filter(site=acme_house.sites[TECHBLOG]).update(language="de")
    moment = datetime(2026, 5, 1, 12, tzinfo=UTC)
    article_on(acme_house, TECHBLOG, title="Datum", ago=timezone.now() - moment)
    article_on(bolt_house, LANTERN, title="Date", ago=timezone.now() - moment)
    german, english = text_of(reader(TECHBLOG), "/datum/"), text_of(reader(LANTERN), "/date/")
    assert '<html lang="de" dir="ltr" ' in german
    assert "1. Mai 2026" in german
    assert '<html lang="en" dir="ltr" ' in english
    assert "May 1, 2026" in english


def test_an_article_in_another_language_says_so() -> None:
    article_on(acme(), TECHBLOG, title="Shalom", language="he")
    assert '<html lang="he" dir="rtl" ' in text_of(reader(), "/shalom/")
    assert re.search('<article [^>]*lang="he"', text_of(reader(), "/"))


def test_a_time_zone_that_postgresql_alone_knows_and_a_language_that_nobody_does_cost_no_page() -> None:
    owner = acme()
    article_on(owner, TECHBLOG, title="Timed", ago=timezone.now() - datetime(2026, 5, 1, 12, tzinfo=UTC))
    # A rule of POSIX instead of a name.
    Brand.objects.filter(site=owner.sites[TECHBLOG]).update(time_zone="XYZ5", language="qq-bogus")
    for path in ("/", "/archive/"):
        text_of(reader(), path)
    assert re.search(r'<time datetime="2026-05-01T12:00:00[.0-9]*\+00:00"', text_of(reader(), "/timed/"))


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Pacific/Kiritimati"])
def test_the_first_and_the_last_moment_that_an_article_may_have_can_be_told_everywhere(zone: str) -> None:
    moments = {"First": FIRST, "Last": LAST - timedelta(microseconds=1)}
    with time_machine.travel(LAST + timedelta(days=60), tick=False):
        owner = acme()
        Brand.objects.filter(site=owner.sites[TECHBLOG]).update(time_zone=zone)
        for title, moment in moments.items():
            article_on(owner, TECHBLOG, title=title, ago=timezone.now() - moment)
        for path in ("/first/", "/last/", "/feeds/rss.xml", "/feeds/feed.json", "/sitemap.xml", "/search/?q=first"):
            text_of(reader(), path)
        assert titles_in(text_of(reader(), "/")) == ["Last", "First"]
        older = shelves.newest(owner.sites[TECHBLOG].pk, timezone.now(), None).cards[0].cursor
        assert titles_in(text_of(reader(), f"/?before={older}")) == ["First"]
        archive = text_of(reader(), "/archive/")
        for title, moment in moments.items():
            month = f"/archive/{moment.astimezone(ZoneInfo(zone)):%Y/%m}/"
            assert f'href="{month}"' in archive
            assert titles_in(text_of(reader(), month)) == [title]


def test_pages_can_be_used_without_a_mouse() -> None:
    furnished(acme(), 1)
    for path in ("/", "/needle-0/", "/search/?q=needle", "/missing/"):
        html = reader().get(path).content.decode()
        assert '<a class="skip" href="#content">' in html
        assert html.count("<h1") == 1
        assert html.count("<main") == 1
        assert 'aria-label="Main menu"' in html
