"""A brand as plain values, for whoever has no page before them: told, and changed by the same form as in ops."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.core.files import File

from operations.admin.branding import LOGO, NO_LOGO, BrandForm, brand_form
from sites_core.branding import COLOURS, option_field, pages_of
from sites_core.models import Brand, MenuItem
from sites_core.themes import Theme, theme_named

# What is said in one word or line each.
WORDS = ("theme", "fonts", *COLOURS, "tagline", "language", "time_zone", "date_style")


def brand_told(site: Site) -> dict[str, Any]:
    """The brand with what follows from it: each option's value, the contrasts of both pages, the menus."""
    brand = _brand_of(site)
    theme = theme_named(brand.theme)
    light, dark = pages_of({name: getattr(brand, name) for name in COLOURS}, theme)
    return {
        "domain": site.domain,
        **{name: getattr(brand, name) for name in WORDS},
        "options": theme.chosen(brand.options),
        "logo": {"width": brand.logo_width, "height": brand.logo_height} if brand.logo else None,
        "contrast": {
            page.label.lower(): {"ink": page.text_contrast, "accent": page.accent_contrast} for page in (light, dark)
        },
        "menus": {str(menu): _items(site, menu) for menu in MenuItem.Menu},
    }


def change_brand(
    *,
    site: Site,
    words: Mapping[str, str],
    options: Iterable[str] = (),
    logo: Path | None = None,
    no_logo: bool = False,
) -> list[str]:
    """Change what is named and leave the rest; the columns that changed. `options` are written name=value.

    Raises ValidationError with a sentence for each thing that cannot be; nothing is changed then.
    """
    brand = _brand_of(site)
    theme = theme_named(words.get("theme", brand.theme))
    changes = {**words, **dict(_option(theme, written) for written in options), **({NO_LOGO: "on"} if no_logo else {})}
    if logo is None:
        return _kept(brand_form(brand, changes))
    try:
        with logo.open("rb") as file:
            return _kept(brand_form(brand, changes, File(file, logo.name)))
    except OSError as error:
        raise ValidationError(f"{logo} cannot be read: {error.strerror}.") from error


def _brand_of(site: Site) -> Brand:
    return Brand.objects.select_related("site__ownership__tenant").get(site=site)


def _option(theme: Theme, written: str) -> tuple[str, str]:
    name, _, value = written.partition("=")
    option = theme.options.get(name)
    if option is None:
        known = ", ".join(theme.options) or "none"
        raise ValidationError(f"The theme “{theme.name}” has no option “{name}”. Its options: {known}.")
    if value not in option.choices:
        raise ValidationError(f"The option “{name}” is one of {', '.join(option.choices)}, not “{value}”.")
    return option_field(theme.name, name), value


def _kept(form: BrandForm) -> list[str]:
    if not form.is_valid():
        names = {LOGO: "logo", NO_LOGO: "logo"}
        raise ValidationError(
            [
                f"{names.get(field, field.replace('_', ' '))}: {sentence}"
                for field, sentences in form.errors.items()
                for sentence in sentences
            ]
        )
    return form.keep()


def _items(site: Site, menu: str) -> list[dict[str, str]]:
    return [{"label": item.label, "url": item.url} for item in MenuItem.objects.filter(site=site, menu=menu)]
