"""Deeds on a site's static pages: articles of their own kind, which no list shows."""

from django.contrib.sites.models import Site
from django.db import transaction

from publishing.models import Article
from publishing.placing import prepare
from publishing.writing import write
from tenants.models import Tenant, User


@transaction.atomic
def add_page(*, tenant: Tenant, site: Site, title: str, by: User | None = None) -> Article:
    """A page without words, on this site alone and not yet published. Raises ValidationError by field."""
    article = Article(tenant=tenant, kind=Article.Kind.PAGE, title=title.strip())
    article.clean_fields(exclude=[field.name for field in Article._meta.fields if field.name != "title"])
    article = write(tenant=tenant, by=by, kind=Article.Kind.PAGE, title=article.title)
    prepare(article=article, site=site)
    return article
