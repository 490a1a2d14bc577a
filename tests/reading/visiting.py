"""A reader with a browser."""

import re
from datetime import timedelta
from html import unescape

from django.test import Client

from publishing.models import Article
from publishing.writing import set_bylines, set_topics
from tenants.scope import tenant_scope
from tests.cast import TECHBLOG, House, article_on


def reader(domain: str = TECHBLOG) -> Client:
    """A client without cookies that asks this site."""
    return Client(headers={"host": domain}, raise_request_exception=True)


def text_of(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status, path
    return response.content.decode()


def links_in(html: str) -> list[str]:
    """The targets of every link and form of a page, of its head too."""
    return [unescape(target) for target in re.findall(r' (?:href|src|action)="([^"]*)"', html)]


def without_data(html: str) -> str:
    """The page without its block of JSON-LD, within which no tag can begin."""
    return re.sub(r'<script type="application/ld\+json">[^<]*</script>', "", html)


def sitemapped(client: Client) -> str:
    """All of a site's sitemaps, those that its index names, one behind the other."""
    locations = re.findall(r"<loc>http://[^/]+([^<]*)</loc>", text_of(client, "/sitemap.xml"))
    return "".join(text_of(client, path) for path in locations)


def titles_in(html: str) -> list[str]:
    """The titles of a list's cards, in their order."""
    return [unescape(title) for title in re.findall(r"<h2><a [^>]*>([^<]*)</a></h2>", html)]


def furnished(owner: House, count: int, domain: str = TECHBLOG) -> list[Article]:
    """Articles with a topic, a byline and a section each; the first is the newest."""
    from publishing.models import Byline, Placement, Section, Topic

    with tenant_scope(owner.tenant):
        topic, _ = Topic.objects.get_or_create(tenant=owner.tenant, slug="databases", name="Databases")
        byline, _ = Byline.objects.get_or_create(tenant=owner.tenant, slug="mara", name="Mara", bio="Writes.")
        site = owner.sites[domain]
        section, _ = Section.objects.get_or_create(tenant=owner.tenant, site=site, slug="data", name="Data")
    articles = []
    for number in range(count):
        article = article_on(owner, domain, title=f"Needle {number}", ago=timedelta(minutes=number + 1))
        with tenant_scope(owner.tenant):
            set_topics(article=article, topics=[topic])
            set_bylines(article=article, bylines=[byline])
            Placement.objects.filter(article=article).update(section=section)
        articles.append(article)
    return articles
