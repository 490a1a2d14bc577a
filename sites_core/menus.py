"""A site's menus: what an item may lead to, and the deeds on them. Readers' pages follow by triggers."""

from collections.abc import Sequence

from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import transaction
from django.db.models import Max

from sites_core.models import MenuItem, SiteState

# More would be no menu; a form with thousands of rows is not looked at.
MOST_ITEMS = 60
_is_web_address = URLValidator(schemes=["http", "https"])


def whole_address(url: str) -> str:
    """The address without space around it. Raises ValidationError for what leads nowhere.

    Whole, and not only as it begins, which is all that the model and the database ask.
    """
    url = url.strip()
    if any(character.isspace() or not character.isprintable() for character in url):
        raise ValidationError("An address has no spaces: write each as %20.")
    if url.startswith("mailto:"):
        validate_email(url.removeprefix("mailto:").partition("?")[0])
    elif url.startswith(("http:", "https:")):
        _is_web_address(url)
    return url


@transaction.atomic
def add_item(*, site: Site, menu: str, label: str, url: str) -> MenuItem:
    """A new last item of the menu. Raises ValidationError by field."""
    _hold(site)
    items = MenuItem.objects.filter(site=site)
    if items.count() >= MOST_ITEMS:
        raise ValidationError(f"The menus of a site have at most {MOST_ITEMS} items in all. Remove one first.")
    last = items.filter(menu=menu).aggregate(last=Max("position"))["last"] or 0
    return _kept(MenuItem(site=site, menu=menu, position=last + 1), label=label, url=url)


@transaction.atomic
def change_item(*, item: MenuItem, label: str, url: str) -> MenuItem:
    """Raises ValidationError by field."""
    return _kept(item, label=label, url=url)


@transaction.atomic
def remove_item(*, item: MenuItem) -> None:
    item.delete()


@transaction.atomic
def order_items(*, site: Site, menu: str, order: Sequence[int]) -> None:
    """Put the menu's items, by primary key, in this order; those that it does not name come after, as they stood.

    What is no item of this menu is passed over: somebody may have removed it meanwhile.
    """
    _hold(site)
    items = {item.pk: item for item in MenuItem.objects.filter(site=site, menu=menu)}
    named = [items.pop(key) for key in dict.fromkeys(order) if key in items]
    moved = []
    for position, item in enumerate([*named, *items.values()], 1):
        if item.position != position:
            item.position = position
            moved.append(item)
    MenuItem.objects.bulk_update(moved, ["position"])


def _hold(site: Site) -> None:
    """Of two who change one menu the second waits, and reads what the first left."""
    list(SiteState.objects.select_for_update(no_key=True).filter(site=site).values_list("pk"))


def _kept(item: MenuItem, *, label: str, url: str) -> MenuItem:
    item.label = label.strip()
    try:
        item.url = whole_address(url)
    except ValidationError as error:
        raise ValidationError({"url": error.messages}) from error
    item.full_clean(exclude=["site"])
    item.save()
    return item
