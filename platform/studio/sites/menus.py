"""A site's menus: what stands in its head and at its foot, and where the brand is elsewhere."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from publishing.models import Placement, Section, Topic
from sites_core.menus import add_item, change_item, order_items, remove_item
from sites_core.models import MenuItem
from studio.access import TenantRequest, needs
from studio.sites.forms import ChangedMenuItemForm, MenuItemForm
from studio.sites.opening import back, order_from, shown, site_of, told
from tenants.roles import Power

MENUS = {
    "header": ("Header", "At the top of every page. Without items of its own: the site’s sections."),
    "footer": ("Footer", "At the foot of every page, beside the static pages and the lists that always stand there."),
    "social": ("Elsewhere", "Where the brand is besides: networks, a podcast, an address to write to."),
}
# Of topics, which may be many: an offer, not a list.
MOST_OFFERED = 100
_LISTS = (("/", "Front page"), ("/topics/", "All topics"), ("/archive/", "Archive"), ("/search/", "Search"))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.BRAND)
def menus(request: TenantRequest, site_id: int) -> HttpResponse:
    site = site_of(request, site_id)
    if request.method != "POST":
        return _page(request, site)
    if "order" in request.POST and request.POST.get("menu") in MENUS:
        menu = request.POST["menu"]
        order_items(site=site, menu=menu, order=order_from(request))
        return back(request, site, "site-menus", f"menu-{menu}")
    form = MenuItemForm(request.POST, prefix="new")
    if form.is_valid():
        try:
            item = add_item(site=site, **form.cleaned_data)
        except ValidationError as error:
            told(form, error)
        else:
            messages.success(request, f"“{item.label}” stands in the {MENUS[item.menu][0].lower()} menu.")
            return back(request, site, "site-menus", f"menu-{item.menu}")
    return _page(request, site, adding=form)


@require_POST
@needs(Power.BRAND)
def item(request: TenantRequest, site_id: int, menu_item_id: int) -> HttpResponse:
    site = site_of(request, site_id)
    found = get_object_or_404(MenuItem, pk=menu_item_id, site=site)
    if "remove" in request.POST:
        remove_item(item=found)
        messages.success(request, f"“{found.label}” was removed.")
        return back(request, site, "site-menus", f"menu-{found.menu}")
    form = ChangedMenuItemForm(request.POST, prefix=_prefix(found))
    if form.is_valid():
        try:
            change_item(item=found, **form.cleaned_data)
        except ValidationError as error:
            told(form, error)
        else:
            messages.success(request, f"“{found.label}” was saved.")
            return back(request, site, "site-menus", f"menu-{found.menu}")
    return _page(request, site, changing=(menu_item_id, form))


def _page(
    request: TenantRequest,
    site: Site,
    adding: MenuItemForm | None = None,
    changing: tuple[int, ChangedMenuItemForm] | None = None,
) -> HttpResponse:
    """With the forms as they were sent, where they could not be kept."""
    items = list(MenuItem.objects.filter(site=site))
    sent = dict([changing] if changing else [])
    asked = adding["menu"].value() if adding else ""
    lists = [
        {
            "name": name,
            "label": label,
            "about": about,
            "items": [(one, sent.get(one.pk) or _form_of(one)) for one in items if one.menu == name],
            "form": adding if adding and asked == name else MenuItemForm(prefix="new", initial={"menu": name}),
            "open": asked == name,
        }
        for name, (label, about) in MENUS.items()
    ]
    return shown(request, site, "site-menus", menus=lists, targets=_targets(site))


def _form_of(item: MenuItem) -> ChangedMenuItemForm:
    return ChangedMenuItemForm(prefix=_prefix(item), initial={"label": item.label, "url": item.url})


def _prefix(item: MenuItem) -> str:
    return f"item-{item.pk}"


def _targets(site: Site) -> list[tuple[str, str]]:
    """Addresses of the site that an item may lead to, each with what is there."""
    return [*_LISTS, *_sections(site), *_pages(site), *_topics()]


def _sections(site: Site) -> Iterator[tuple[str, str]]:
    for name, slug in Section.objects.filter(site=site).values_list("name", "slug"):
        yield f"/sections/{slug}/", f"Section: {name}"


def _pages(site: Site) -> Iterator[tuple[str, str]]:
    live: Any = Placement.objects.on(site).live(timezone.now()).filter(listed=False).select_related("article")
    for placement in live.order_by("slug").only("slug", "title", "article__title")[:MOST_OFFERED]:
        yield placement.path, f"Page: {placement.title or placement.article.title}"


def _topics() -> Iterator[tuple[str, str]]:
    for name, slug in Topic.objects.order_by("slug").values_list("name", "slug")[:MOST_OFFERED]:
        yield f"/topics/{slug}/", f"Topic: {name}"
