"""What the heads of pages tell search engines, networks and feed readers."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from django.contrib.sites.models import Site

from publishing.models import Article, Byline, Image, Placement
from reading.heads import LONGEST_DESCRIPTION, locale_of
from sites_core.directory import directory
from sites_core.models import Brand
from sites_core.themes import font_sets, theme_named
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, House, acme, article_on, bolt, house
from tests.reading.visiting import furnished, reader

pytestmark = pytest.mark.django_db

HOSTILE = "</title><script>x</script> \" ' & <!-- \u202e \U0001f3ee \x07"


class Parsed(HTMLParser):
    """The metas and links of a page's head, in their order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.metas: dict[str, list[str]] = {}
        self.links: list[dict[str, str]] = []
        self.feed(html.partition("<body")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "link":
            self.links.append(told)
        elif tag == "meta" and (name := told.get("property") or told.get("name")):
            self.metas.setdefault(name, []).append(told["content"])

    def rel(self, rel: str, key: str = "href") -> list[str]:
        return [link.get(key, "") for link in self.links if link["rel"] == rel]

    def alternates(self) -> dict[str, str]:
        found = [(link["hreflang"], link["href"]) for link in self.links if "hreflang" in link]
        assert len(dict(found)) == len(found)
        return dict(found)


def head(path: str, domain: str = TECHBLOG) -> Parsed:
    return Parsed(reader(domain).get(path).content.decode())


def metas(path: str, domain: str = TECHBLOG) -> dict[str, str]:
    """Those that are there once."""
    return {name: values[0] for name, values in head(path, domain).metas.items() if len(values) == 1}


def with_picture(owner: House, width: int = 2000, height: int = 1000) -> Image:
    with tenant_scope(owner.tenant):
        return Image.objects.create(
            tenant=owner.tenant,
            digest="ab" * 32,
            name="p",
            width=width,
            height=height,
            widths=[480, 1600],
            alt="A lamp",
        )


def test_an_article_can_be_shared() -> None:
    owner = acme()
    (article,) = furnished(owner, 1)
    with tenant_scope(owner.tenant):
        Article.objects.filter(pk=article.pk).update(summary="In short.", lead_image=with_picture(owner))
        Placement.objects.update(go_live=article.updated_at - timedelta(days=3))
    told = metas("/needle-0/")
    picture = told.pop("og:image")
    assert re.fullmatch(rf"http://techblog\.test/media/{'ab' * 16}-1600\.\w+", picture)
    assert told.pop("article:published_time") < told.pop("article:modified_time")
    assert {name: value for name, value in told.items() if ":" in name} == {
        "og:site_name": "Techblog", "og:type": "article", "og:title": "Needle 0", "og:description": "In short.",
        "og:url": "http://techblog.test/needle-0/", "og:locale": "en_US", "og:image:width": "1600",
        "og:image:height": "800", "og:image:alt": "A lamp", "twitter:card": "summary_large_image",
        "article:author": "http://techblog.test/bylines/mara/", "article:section": "Data", "article:tag": "Databases",
    }  # fmt: skip
    assert told["description"] == "In short."
    assert told["robots"] == "max-image-preview:large"


def test_without_a_picture_the_brands_own_card_is_shared() -> None:
    furnished(acme(), 1)
    for path in ("/", "/needle-0/", "/topics/databases/"):
        told = metas(path)
        assert told["og:image"] == "http://techblog.test/share.png"
        assert (told["og:image:width"], told["og:image:height"]) == ("1200", "630")
        assert reader().get("/share.png")["Content-Type"] == "image/png"


def test_a_portrait_is_a_small_card() -> None:
    owner = acme()
    furnished(owner, 1)
    with tenant_scope(owner.tenant):
        Byline.objects.update(picture=with_picture(owner, 900, 1200))
    told = metas("/bylines/mara/")
    assert (told["og:type"], told["twitter:card"], told["description"]) == ("profile", "summary", "Writes.")


@pytest.mark.parametrize(
    ("path", "title"),
    {
        "/": "Techblog", "/topics/": "Topics", "/topics/databases/": "Databases", "/sections/data/": "Data",
        "/bylines/mara/": "Mara", "/archive/": "Archive",
    }.items(),
)  # fmt: skip
def test_every_list_has_a_title_an_address_and_a_description_of_its_own(path: str, title: str) -> None:
    owner = acme()
    furnished(owner, 1)
    Brand.objects.filter(site=owner.sites[TECHBLOG]).update(tagline="All that hums")
    told = metas(path)
    assert (told["og:title"], told["og:url"]) == (title, f"http://techblog.test{path}")
    assert head(path).rel("canonical") == [f"http://techblog.test{path}"]
    assert told["description"] == told["og:description"]
    if path not in ("/", "/bylines/mara/"):
        assert told["description"] == f"{title} · Techblog · All that hums"


def test_an_article_without_a_summary_is_described_by_how_it_begins() -> None:
    body = "It *was* a dark & stormy night.\n\n" + "And it went on. " * 100
    article_on(acme(), TECHBLOG, body=body)
    described = metas("/a-headline/")["description"]
    assert described.startswith("It was a dark & stormy night. And it went on.")
    assert len(described) <= LONGEST_DESCRIPTION
    assert described.endswith(("on.…", "And…", "And it…", "And it went…"))


@pytest.mark.parametrize("path", ["/nothing/", "/search/", "/search/?q=x"])
def test_what_is_not_to_be_found_says_so(path: str) -> None:
    acme()
    assert metas(path)["robots"] == "noindex"


def test_what_was_taken_back_is_not_to_be_found() -> None:
    owner = acme()
    article = article_on(owner, TECHBLOG)
    with tenant_scope(owner.tenant):
        Placement.objects.filter(article=article).update(status="recalled")
    assert metas("/a-headline/")["robots"] == "noindex"
    assert head("/a-headline/").rel("canonical") == []


def test_pages_tell_of_the_sites_feeds_and_a_topics_page_of_its_own() -> None:
    furnished(acme(), 1)
    home = [link["href"] for link in head("/").links if link.get("type", "").startswith("application/")]
    assert home == [f"http://techblog.test/feeds/{name}" for name in ("rss.xml", "atom.xml", "feed.json")]
    found = [link["href"] for link in head("/topics/databases/").links if "application/" in link.get("type", "")]
    own = [f"http://techblog.test/topics/databases/{name}" for name in ("rss.xml", "atom.xml", "feed.json")]
    assert found == own + home
    for address in found:
        assert reader().get(address.removeprefix("http://techblog.test")).status_code == 200


def test_what_a_head_leads_to_is_there() -> None:
    furnished(acme(), 1)
    links = head("/").links
    paths = {link["href"] for link in links if link["href"].startswith("/") and link["rel"] != "preload"}
    assert {"/site.webmanifest", "/icon-180.png", "/favicon.ico", "/icon.svg"} < paths
    for path in paths:
        assert reader().get(path).status_code == 200, path


def test_browsers_are_told_the_colour_of_the_paper_by_day_and_by_night() -> None:
    acme()
    theme = theme_named("journal")
    assert head("/").metas["theme-color"] == [theme.light.paper, theme.dark.paper]


def test_fonts_that_a_page_is_drawn_with_are_fetched_first() -> None:
    owner = acme()
    for name, fonts in font_sets().items():
        Brand.objects.filter(site=owner.sites[TECHBLOG]).update(fonts=name)
        directory.expire()
        preloads = [link for link in head("/").links if link["rel"] == "preload"]
        assert len(preloads) == sum(face.preload for face in fonts.faces), name
        assert all(link["as"] == "font" and "crossorigin" in link for link in preloads)


# --- Translations ----------------------------------------------------------------------------------------------------


def translated(owner: House, *pairs: tuple[str, str, str]) -> list[Article]:
    """Articles of one group: (domain, language, title) each."""
    group = uuid4()
    return [
        article_on(owner, domain, title=title, language=language, translation_group=group)
        for domain, language, title in pairs
    ]


def test_translations_name_each_other_and_themselves() -> None:
    owner = acme()
    translated(owner, (TECHBLOG, "en", "Light"), (FINANCEBLOG, "de", "Licht"), (TECHBLOG, "pt-br", "Luz"))
    expected = {
        "en": "http://techblog.test/light/", "de": "http://financeblog.test/licht/",
        "pt-br": "http://techblog.test/luz/", "x-default": "http://techblog.test/light/",
    }  # fmt: skip
    for domain, path in ((TECHBLOG, "/light/"), (FINANCEBLOG, "/licht/"), (TECHBLOG, "/luz/")):
        found = head(path, domain)
        assert found.alternates() == expected, path
        locales = {"en_US", "de_DE", "pt_BR"}
        assert {*found.metas["og:locale"], *found.metas["og:locale:alternate"]} == locales
        assert found.metas["og:locale"][0] not in found.metas["og:locale:alternate"]


def test_an_article_of_one_language_names_none() -> None:
    owner = acme()
    translated(owner, (TECHBLOG, "en", "Light"))
    assert head("/light/").alternates() == {}


def test_a_translation_that_nobody_can_open_is_not_named() -> None:
    owner = acme()
    _, german = translated(owner, (TECHBLOG, "en", "Light"), (FINANCEBLOG, "de", "Licht"))
    with tenant_scope(owner.tenant):
        Placement.objects.filter(article=german).update(status="draft")
    assert head("/light/").alternates() == {}


def test_languages_without_english_have_nothing_for_everybody() -> None:
    owner = acme()
    translated(owner, (TECHBLOG, "fr", "Jour"), (TECHBLOG, "de", "Tag"))
    assert head("/jour/").alternates().keys() == {"fr", "de"}


def test_a_page_that_has_its_canonical_place_elsewhere_names_no_translations() -> None:
    owner = house("acme", "Acme", TECHBLOG, FINANCEBLOG)
    group = uuid4()
    article_on(owner, TECHBLOG, FINANCEBLOG, title="Light", language="en", translation_group=group)
    article_on(owner, TECHBLOG, title="Licht", language="de", translation_group=group)
    assert head("/light/").alternates().keys() == {"en", "de", "x-default"}
    assert head("/light/", FINANCEBLOG).alternates() == {}


def test_of_two_articles_in_one_language_a_page_names_itself() -> None:
    owner = acme()
    translated(owner, (TECHBLOG, "en", "One"), (TECHBLOG, "en", "Two"), (TECHBLOG, "de", "Drei"))
    assert head("/one/").alternates()["en"] == "http://techblog.test/one/"
    assert head("/two/").alternates()["en"] == "http://techblog.test/two/"


def test_another_tenants_article_of_the_same_group_is_none_of_it() -> None:
    ours, theirs = acme(), bolt()
    (article,) = translated(ours, (TECHBLOG, "en", "Light"))
    article_on(theirs, LANTERN, title="Licht", language="de", translation_group=article.translation_group)
    assert head("/light/").alternates() == {}


@pytest.mark.parametrize(
    ("language", "locale"),
    {
        "en": "en_US", "en-gb": "en_GB", "de": "de_DE", "pt-br": "pt_BR", "zh-hans": "zh_CN", "zh-hant": "zh_TW",
        "sv": "sv_SE", "he": "he_IL", "qq": "qq_QQ",
    }.items(),
)  # fmt: skip
def test_a_locale_has_a_country(language: str, locale: str) -> None:
    assert locale_of(language) == locale


# --- Hostile words ---------------------------------------------------------------------------------------------------


def test_odd_words_are_values_and_nothing_else() -> None:
    owner = acme()
    Site.objects.filter(pk=owner.sites[TECHBLOG].pk).update(name=HOSTILE[:50])
    Brand.objects.filter(site=owner.sites[TECHBLOG]).update(tagline=HOSTILE)
    with tenant_scope(owner.tenant):
        Image.objects.filter(pk=with_picture(owner).pk).update(alt=HOSTILE)
        image = Image.objects.get()
    article = article_on(owner, TECHBLOG, title=HOSTILE, summary=HOSTILE, lead_image=image)
    with tenant_scope(owner.tenant):
        path = f"/{article.placements.get().slug}/"
    told = metas(path)
    shown = HOSTILE.replace(" \x07", "")
    assert told["og:title"].rstrip() == shown
    assert told["description"] == shown
    assert told["og:image:alt"] == HOSTILE
    assert reader().get(path).content.decode().partition("<body")[0].count("<script") == 1
