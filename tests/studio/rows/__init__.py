"""What each role is answered by each URL of the studio: one module an area, by the area's name.

A module has ROWS, by the URLs' names, and may have `objects(house, article, site, slug)`: the arguments of its URLs
beside `tenant` and `article_id`, for objects that it makes there. It is called within the tenant's scope, once for each
of two tenants.
"""

import importlib
import pkgutil
from typing import Any

from django.contrib.sites.models import Site

from publishing.models import Article
from tests.cast import House
from tests.studio.rows.row import Row

_AREAS = [
    importlib.import_module(f"{__name__}.{module.name}")
    for module in pkgutil.iter_modules(__path__)
    if module.name != "row"
]
ROWS: dict[str, Row] = {name: row for area in _AREAS for name, row in area.ROWS.items()}


def objects_of(house: House, article: Article, site: Site, slug: str) -> dict[str, Any]:
    """The arguments of the areas' URLs, for objects of this house."""
    found: dict[str, Any] = {}
    for area in _AREAS:
        if hasattr(area, "objects"):
            found |= area.objects(house, article, site, slug)
    return found
