from typing import Any

from django.contrib.sites.models import Site

from publishing.models import Article, Placement, Redirect, Section
from sites_core.menus import add_item
from sites_core.models import MenuItem
from tests.cast import House
from tests.studio.rows.row import EVERY_MEMBER, OWNERS, READ_ONLY, Row, row

# A deed of a site's admins, after which one is led back to its page.
DONE = row(302, 302, 403, 403, 403, 403, 404, 404)
# A deed without a page of its own.
NO_PAGE = row(302, 405, 405, 405, 405, 405, 405, 405)

ROWS = {
    "sites": Row(EVERY_MEMBER, READ_ONLY),
    # Without its fields a brand comes back with what it lacks.
    "site-brand": Row(OWNERS, OWNERS),
    "site-brand-preview": Row(NO_PAGE, OWNERS),
    "site-menus": Row(OWNERS, DONE, {"new-menu": "header", "new-label": "About", "new-url": "/about/"}),
    "site-menu-item": Row(NO_PAGE, DONE, {"remove": "yes"}),
    "site-sections": Row(OWNERS, DONE, {"new-name": "Another section"}),
    "site-section": Row(NO_PAGE, DONE, {"delete": "yes"}),
    "site-pages": Row(OWNERS, DONE, {"title": "About us"}),
    "site-page": Row(NO_PAGE, DONE),
    "site-redirects": Row(OWNERS, DONE, {"path": "/old/", "target": "/new/"}),
    "site-redirects-import": Row(OWNERS, DONE, {"lines": "/old/,/new/", "import": "yes"}),
    "site-redirect": Row(NO_PAGE, DONE),
}


def objects(house: House, article: Article, site: Site, slug: str) -> dict[str, Any]:
    tenant = house.tenant
    item = add_item(site=site, menu=MenuItem.Menu.HEADER, label=slug, url=f"/{slug}/")
    section = Section.objects.create(tenant=tenant, site=site, slug=f"section-of-{slug}", name=slug)
    moved = Redirect.objects.create(tenant=tenant, site=site, path=f"/formerly-{slug}/", target="/")
    words = Article.objects.create(tenant=tenant, kind=Article.Kind.PAGE, title=f"Page of {slug}")
    page = Placement.objects.create(tenant=tenant, article=words, site=site, slug=f"page-of-{slug}")
    return {
        "site_id": site.pk,
        "menu_item_id": item.pk,
        "section_id": section.pk,
        "static_page_id": page.pk,
        "redirect_id": moved.pk,
    }
