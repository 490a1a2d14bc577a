"""The form of a brand as ops shows it: with pickers, and a logo that is uploaded."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from publishing.images import FORMATS, MOST_BYTES, RefusedImage, store, too_large
from publishing.models import Image
from sites_core import branding
from sites_core.branding import COLOURS, COLUMNS, option_field, set_logo, time_zones
from sites_core.models import COLOUR, Brand
from tenants.models import Tenant
from tenants.scope import tenant_scope

__all__ = ["COLUMNS", "LOGO", "NO_LOGO", "BrandForm", "brand_form", "option_field"]

# The names of the form's fields that are no columns.
LOGO, NO_LOGO = "logo_file", "remove_logo"


class ColourInput(forms.TextInput):
    """Text, with a picker beside it that `fallback` gives its colour where the text is empty."""

    template_name = "operations/colour.html"
    fallback = "#000000"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = value if isinstance(value, str) and re.fullmatch(COLOUR, value) else self.fallback
        return context | {"shown": shown, "is_own": bool(value)}


class TimeZoneInput(forms.TextInput):
    """Text that offers every time zone there is, spelt as the database spells it."""

    template_name = "operations/time_zone.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, value, {**(attrs or {}), "list": f"{name}-choices"}) | {"zones": time_zones()}


class BrandForm(branding.BrandForm):
    logo_file = forms.FileField(
        label="Logo",
        required=False,
        widget=forms.FileInput(attrs={"accept": ",".join(f"image/{one.lower()}" for one in FORMATS)}),
        help_text="JPEG, PNG, WebP, GIF or AVIF; best wide, on a transparent ground. Without one: the site's name.",
    )
    remove_logo = forms.BooleanField(label="Remove the logo", required=False)

    class Meta(branding.BrandForm.Meta):
        widgets = {**dict.fromkeys(COLOURS, ColourInput), "time_zone": TimeZoneInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        light, dark = self.pages()
        for name in COLOURS:
            if field := self.fields.get(name):
                page = dark if name.endswith("_dark") else light
                cast("ColourInput", field.widget).fallback = getattr(page, name.removesuffix("_dark"))

    def logo(self) -> Image | None:
        """The picture that is the logo now."""
        owner = self.owner
        if not (owner and self.stored["logo"]):
            return None
        with tenant_scope(owner):
            return Image.objects.filter(digest=self.stored["logo"]).first()

    @property
    def owner(self) -> Tenant | None:
        site = self.instance.site
        return site.ownership.tenant if hasattr(site, "ownership") else None

    def clean_logo_file(self) -> Any:
        file = self.cleaned_data[LOGO]
        if file and self.owner is None:
            raise ValidationError(f"{self.instance.site} has no owner yet, whose picture a logo is: give it one first.")
        if file and file.size > MOST_BYTES:
            raise ValidationError(too_large(file.name, file.size))
        return file

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get(LOGO) and self.cleaned_data.get(NO_LOGO):
            self.add_error(NO_LOGO, "Remove the logo, or give another one: not both.")

    def settle(self) -> None:
        file, brand = self.cleaned_data.get(LOGO), self.instance
        try:
            if file and self.owner:
                with tenant_scope(self.owner):
                    image = store(self.owner, file.read(), name=Path(file.name).name, alt=brand.site.name)
                set_logo(brand, image.digest, image.width, image.height)
            elif self.cleaned_data.get(NO_LOGO):
                set_logo(brand)
        except RefusedImage as refused:
            self.add_error(LOGO, str(refused))
        except ValidationError as refused:
            self.add_error(LOGO, refused)


def brand_form(brand: Brand, changes: Mapping[str, Any], logo: Any = None) -> BrandForm:
    """The form as a program fills it in: what is stored, with these fields changed."""
    form = BrandForm(instance=brand)
    data = {name: form[name].value() for name in form.fields if name != LOGO} | dict(changes)
    return BrandForm(data=data, files={LOGO: logo} if logo else {}, instance=brand)
