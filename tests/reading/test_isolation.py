"""One site never shows another's words: every page that links lead to is opened."""

from urllib.parse import urljoin, urlsplit

import pytest

from publishing.models import Byline, Section, Topic
from publishing.placing import place
from publishing.writing import write
from reading.looks import look_of
from sites_core.directory import BrandEntry
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, House, acme, bolt
from tests.reading.visiting import links_in, reader

pytestmark = pytest.mark.django_db

# Beside what its pages link to: what a visitor may type.
WORDLESS = {look_of(BrandEntry()).style_path, "/robots.txt", "/icon.svg", "/sitemap.xml", "/.well-known/security.txt"}
# What is drawn, not written.
DRAWN = (".png", ".ico", ".woff2")
STARTS = (
    "/", "/search/?q=canary", "/topics/", "/archive/", "/sitemap.xml", "/sitemaps/pages.xml", "/sitemaps/news.xml",
    "/robots.txt", "/site.webmanifest", "/.well-known/security.txt", "/feeds/feed.json", "/missing/", "/shared/",
)  # fmt: skip


def furnish(owner: House, domain: str, canary: str, *, articles: int = 23) -> None:
    """A site on which everything that can carry words carries this one."""
    site = owner.sites[domain]
    site.name = f"{canary} name"
    site.save()
    with tenant_scope(owner.tenant):
        topic = Topic.objects.create(tenant=owner.tenant, slug=f"{canary}-topic", name=f"{canary} topic")
        byline = Byline.objects.create(tenant=owner.tenant, slug=f"{canary}-by", name=f"{canary} by", bio=canary)
        section = Section.objects.create(tenant=owner.tenant, site=site, slug="same", name=f"{canary} section")
        for number in range(articles):
            article = write(
                tenant=owner.tenant, title=f"{canary} title canary {number}", summary=f"{canary} summary",
                body=f"{canary} body\n\n## {canary} heading", topics=[topic], bylines=[byline],
            )  # fmt: skip
            place(article=article, site=site, section=section)
        page = write(tenant=owner.tenant, kind="page", title=f"{canary} page", body=canary)
        place(article=page, site=site)
        # The same slug on every site.
        place(article=write(tenant=owner.tenant, title=f"{canary} shared", body=canary), site=site, slug="shared")


def crawled(domain: str) -> dict[str, str]:
    """Every page of the site that can be reached, by address."""
    client, pages, waiting = reader(domain), {}, list(STARTS)
    while waiting:
        path = waiting.pop()
        if path in pages:
            continue
        response = client.get(path)
        assert response.status_code in (200, 404), path
        assert "Set-Cookie" not in response
        assert not response.cookies
        body = b"".join(response) if response.streaming else response.content
        pages[path] = body.decode(errors="replace" if path.endswith(DRAWN) else "strict")
        for target in links_in(pages[path]):
            parts = urlsplit(urljoin(f"http://{domain}{path}", target))
            assert parts.hostname == domain, f"{path} leads to {target}"
            waiting.append(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    return pages


def test_no_page_of_a_site_has_a_word_of_another() -> None:
    acme_house, bolt_house = acme(), bolt()
    canaries = {TECHBLOG: "yaffle", FINANCEBLOG: "whimbrel", LANTERN: "dunlin"}
    for domain, canary in canaries.items():
        furnish(bolt_house if domain == LANTERN else acme_house, domain, canary)
    for domain, own in canaries.items():
        pages = crawled(domain)
        assert len(pages) > 35
        assert any("before=" in path for path in pages)
        for path, text in pages.items():
            assert own in text.lower() or path in WORDLESS or path.endswith(DRAWN), path
            for foreign in set(canaries.values()) - {own}:
                assert foreign not in text.lower(), f"{foreign} on {domain}{path}"


def test_an_article_on_two_sites_leads_away_by_its_canonical_link_alone() -> None:
    owner = acme()
    with tenant_scope(owner.tenant):
        article = write(tenant=owner.tenant, title="Both", body="a")
        place(article=article, site=owner.sites[TECHBLOG])
        place(article=article, site=owner.sites[FINANCEBLOG])
    html = reader(FINANCEBLOG).get("/both/").content.decode()
    away = [target for target in links_in(html) if urlsplit(target).hostname not in (None, FINANCEBLOG)]
    assert away == ["http://techblog.test/both/"]


def test_another_tenants_slugs_are_missing() -> None:
    acme_house, bolt_house = acme(), bolt()
    furnish(bolt_house, LANTERN, "dunlin", articles=1)
    furnish(acme_house, TECHBLOG, "yaffle", articles=1)
    for path in ("/topics/dunlin-topic/", "/bylines/dunlin-by/", "/dunlin-page/", "/dunlin-title-canary-0/"):
        assert reader(LANTERN).get(path).status_code == 200
        assert reader(TECHBLOG).get(path).status_code == 404
