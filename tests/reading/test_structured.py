"""JSON-LD: what each kind of page says of itself, and that it says what search engines require."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sites.models import Site
from django.utils import timezone

from publishing.models import Article, Byline, Image
from publishing.writing import correct, set_bylines
from sites_core.models import Brand, MenuItem
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, TECHBLOG, House, acme, article_on
from tests.reading.visiting import furnished, reader, text_of

pytestmark = pytest.mark.django_db

Thing = dict[str, Any]

# What Google's documentation of each type requires, and what it recommends of what every site here can tell.
# developers.google.com/search/docs/appearance/structured-data: article, breadcrumb, profile-page, organization,
# and site-names for WebSite.
WANTED = {
    "NewsArticle": {"headline", "datePublished", "dateModified", "author", "publisher", "mainEntityOfPage"},
    "Person": {"name", "url"},
    "ImageObject": {"url", "width", "height"},
    "BreadcrumbList": {"itemListElement"},
    "ListItem": {"position", "name", "item"},
    "ProfilePage": {"mainEntity"},
    "Organization": {"name", "url", "logo"},
    "WebSite": {"name", "url", "potentialAction"},
    "SearchAction": {"target", "query-input"},
    "EntryPoint": {"urlTemplate"},
    "WebPage": set(),
    "CorrectionComment": {"text"},
}
ADDRESSES = {"url", "@id", "item", "urlTemplate"}
MOMENTS = {"datePublished", "dateModified"}
HOSTILE = "</script><script>alert(1)</script><!-- & \" ' \\ \u202e \u2028\u2029 \x07 \U0001f3ee ]]>"


def graph(path: str, domain: str = TECHBLOG) -> dict[str, Thing]:
    """The things of a page by their type, of which there is one each."""
    html = text_of(reader(domain), path)
    (block,) = re.findall(r'<script type="application/ld\+json">([^<]*)</script>', html)
    assert html.count("<script") == html.count("</script") == 1
    told = json.loads(block)
    assert told.keys() == {"@context", "@graph"}
    assert told["@context"] == "https://schema.org"
    for thing in all_of(told["@graph"]):
        check(thing, domain)
    types = [thing["@type"] for thing in told["@graph"]]
    assert len(set(types)) == len(types)
    return {thing["@type"]: thing for thing in told["@graph"]}


def all_of(told: Any) -> list[Thing]:
    """Every thing, those within others too; but not what only refers to one."""
    if isinstance(told, list):
        return [thing for one in told for thing in all_of(one)]
    if isinstance(told, dict):
        return [*([told] if "@type" in told else []), *(thing for one in told.values() for thing in all_of(one))]
    return []


def check(thing: Thing, domain: str) -> None:
    missing = WANTED[thing["@type"]] - thing.keys()
    assert not missing, f"{thing['@type']} lacks {missing}"
    for name, value in thing.items():
        assert value not in ("", None, [], {}), name
        if name in ADDRESSES:
            assert value.startswith(f"http://{domain}/"), name
        if name in MOMENTS:
            assert datetime.fromisoformat(value).tzinfo, name


def trail(path: str) -> list[tuple[int, str, str]]:
    steps = graph(path)["BreadcrumbList"]["itemListElement"]
    return [(step["position"], step["name"], step["item"].removeprefix("http://techblog.test")) for step in steps]


def with_picture(owner: House) -> Image:
    with tenant_scope(owner.tenant):
        return Image.objects.create(
            tenant=owner.tenant, digest="ab" * 32, name="p", width=2000, height=1000, widths=[480, 1600], alt="A lamp",
        )  # fmt: skip


def test_the_home_page_names_the_site_its_search_and_who_publishes_it() -> None:
    owner = acme()
    Brand.objects.filter(site=owner.sites[TECHBLOG]).update(tagline="All that hums", language="de")
    for menu, url in (("social", "https://social.example/@techblog"), ("social", "mailto:a@b.example")):
        MenuItem.objects.create(site=owner.sites[TECHBLOG], menu=menu, label="x", url=url)
    told = graph("/")
    assert told.keys() == {"Organization", "WebSite"}
    site, publisher = told["WebSite"], told["Organization"]
    assert (site["name"], site["description"], site["inLanguage"]) == ("Techblog", "All that hums", "de")
    assert site["potentialAction"]["target"]["urlTemplate"] == "http://techblog.test/search/?q={search_term_string}"
    assert site["potentialAction"]["query-input"] == "required name=search_term_string"
    assert site["publisher"] == {"@id": publisher["@id"]}
    assert publisher["sameAs"] == ["https://social.example/@techblog"]
    assert publisher["logo"]["url"] == "http://techblog.test/icon-512.png"
    assert graph("/", FINANCEBLOG)["Organization"]["name"] == "Financeblog"


def test_an_article_says_who_wrote_it_when_and_about_what() -> None:
    owner = acme()
    (article,) = furnished(owner, 1)
    with tenant_scope(owner.tenant):
        correct(article=article, note="It was Tuesday.", noted_at=datetime(2026, 3, 4, 12, tzinfo=UTC))
        Article.objects.filter(pk=article.pk).update(summary="In short.", lead_image=with_picture(owner))
    told = graph("/needle-0/")
    assert told.keys() == {"Organization", "NewsArticle", "BreadcrumbList"}
    news = told["NewsArticle"]
    assert (news["headline"], news["description"], news["inLanguage"]) == ("Needle 0", "In short.", "en")
    assert news["author"] == [{"@type": "Person", "name": "Mara", "url": "http://techblog.test/bylines/mara/"}]
    assert news["publisher"] == {"@id": told["Organization"]["@id"]}
    assert news["mainEntityOfPage"] == {"@type": "WebPage", "@id": "http://techblog.test/needle-0/"}
    assert (news["articleSection"], news["keywords"], news["wordCount"]) == ("Data", ["Databases"], 1)
    (image,) = news["image"]
    assert image["url"].startswith(f"http://techblog.test/media/{'ab' * 16}-1600.")
    assert (image["width"], image["height"], image["caption"]) == (1600, 800, "A lamp")
    assert news["correction"][0]["text"] == "It was Tuesday."


def test_an_article_was_last_changed_when_it_was_revised() -> None:
    owner = acme()
    article = article_on(owner, TECHBLOG, ago=timedelta(days=9))
    with tenant_scope(owner.tenant):
        changed = (timezone.now() - timedelta(days=2)).replace(microsecond=0)
        Article.objects.filter(pk=article.pk).update(updated_at=changed)
    news = graph("/a-headline/")["NewsArticle"]
    assert datetime.fromisoformat(news["dateModified"]) == changed
    assert datetime.fromisoformat(news["datePublished"]) < changed - timedelta(days=6)


def test_what_nobody_signed_is_the_publishers() -> None:
    article_on(acme(), TECHBLOG)
    told = graph("/a-headline/")
    assert told["NewsArticle"]["author"] == [{"@id": told["Organization"]["@id"]}]


def test_an_article_on_another_site_names_its_canonical_page() -> None:
    article_on(acme(), TECHBLOG, FINANCEBLOG)
    html = text_of(reader(FINANCEBLOG), "/a-headline/")
    assert '"mainEntityOfPage":{"@type":"WebPage","@id":"http://techblog.test/a-headline/"}' in html


def test_a_static_page_is_a_page() -> None:
    article_on(acme(), TECHBLOG, title="Imprint", kind="page")
    told = graph("/imprint/")
    assert told.keys() == {"Organization", "WebPage", "BreadcrumbList"}
    assert told["WebPage"]["name"] == "Imprint"


def test_a_byline_is_a_person_with_a_profile() -> None:
    owner = acme()
    furnished(owner, 1)
    with tenant_scope(owner.tenant):
        Byline.objects.update(picture=with_picture(owner))
    told = graph("/bylines/mara/")
    person = told["ProfilePage"]["mainEntity"]
    assert (person["name"], person["url"]) == ("Mara", "http://techblog.test/bylines/mara/")
    assert person["description"] == "Writes."
    assert person["image"]["url"].startswith("http://techblog.test/media/")


@pytest.mark.parametrize(
    ("path", "steps"),
    {
        "/needle-0/": [("Data", "/sections/data/"), ("Needle 0", "/needle-0/")],
        "/sections/data/": [("Data", "/sections/data/")],
        "/topics/databases/": [("Topics", "/topics/"), ("Databases", "/topics/databases/")],
        "/topics/": [("Topics", "/topics/")],
        "/bylines/mara/": [("Mara", "/bylines/mara/")],
        "/archive/": [("Archive", "/archive/")],
    }.items(),
)
def test_breadcrumbs_lead_from_home_to_the_page(path: str, steps: list[tuple[str, str]]) -> None:
    furnished(acme(), 1)
    assert trail(path) == [(n, *step) for n, step in enumerate([("Techblog", "/"), *steps], 1)]


def test_the_breadcrumbs_of_a_month_pass_by_the_archive() -> None:
    owner = acme()
    article_on(owner, TECHBLOG, ago=timezone.now() - datetime(2026, 5, 4, tzinfo=UTC))
    assert trail("/archive/2026/05/") == [
        (1, "Techblog", "/"), (2, "Archive", "/archive/"), (3, "May 2026", "/archive/2026/05/"),
    ]  # fmt: skip


def test_nothing_leaves_its_block() -> None:
    owner = acme()
    Site.objects.filter(pk=owner.sites[TECHBLOG].pk).update(name=HOSTILE[:50])
    article = article_on(owner, TECHBLOG, title=HOSTILE, summary=HOSTILE)
    with tenant_scope(owner.tenant):
        byline = Byline.objects.create(tenant=owner.tenant, slug="odd", name=HOSTILE, bio=HOSTILE)
        set_bylines(article=article, bylines=[byline])
        slug = article.placements.get().slug
    news = graph(f"/{slug}/")["NewsArticle"]
    assert news["headline"] == HOSTILE
    assert news["author"][0]["name"] == HOSTILE
    assert graph("/bylines/odd/")["ProfilePage"]["mainEntity"]["name"] == HOSTILE
    assert graph("/")["WebSite"]["name"] == HOSTILE[:50]
    html = text_of(reader(), f"/{slug}/")
    block = html.split("application/ld+json")[1].split("</script>")[0]
    assert not re.search("[<&\u2028\u2029\x07]", block)


@pytest.mark.parametrize("path", ["/nothing/", "/search/", "/search/?q=needle"])
def test_a_page_that_is_not_to_be_found_says_nothing_of_itself(path: str) -> None:
    furnished(acme(), 1)
    assert b"<script" not in reader().get(path).content
