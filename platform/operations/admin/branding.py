"""The form of a brand: what a publisher chooses, checked so that no page of the site can come out unreadable."""

import re
import zoneinfo
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, override

from operations.admin.front import ModelForm
from operations.admin.palettes import COLOURS, Page, faults, pages_of
from publishing.images import FORMATS, MOST_BYTES, RefusedImage, store, too_large
from publishing.models import Image
from sites_core.models import COLOUR, COMPLETE_LANGUAGES, NO_TIME_ZONES, Brand
from sites_core.themes import Option, Theme, font_sets, fonts_of, theme_named, themes
from tenants.models import Tenant
from tenants.scope import tenant_scope

# What the form writes, and nothing else of the row.
COLUMNS = (
    "theme", "options", "fonts", *COLOURS, "logo", "logo_width", "logo_height", "tagline", "language", "time_zone",
    "date_style",
)  # fmt: skip
# How many times as wide as high a logo may be, and as high as wide.
MOST_WIDE, MOST_UPRIGHT = 16, 3
# The names of the form's fields that are no columns.
LOGO, NO_LOGO = "logo_file", "remove_logo"


class ColourField(forms.CharField):
    """A colour as people write it: #1F4E79, 1f4e79, #fff."""

    default_validators = [RegexValidator(rf"\A{COLOUR}\Z", "Write the colour as #rrggbb, such as #1f4e79.")]

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        digits = str(typed or "").strip().lower().removeprefix("#")
        if re.fullmatch(r"[0-9a-f]{3}", digits):
            digits = "".join(digit * 2 for digit in digits)
        return f"#{digits}" if digits else ""


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
        return super().get_context(name, value, {**(attrs or {}), "list": f"{name}-choices"}) | {"zones": _zones()}


@dataclass(frozen=True, slots=True)
class Card:
    """A theme as the form offers it, with the fields of its options."""

    theme: Theme
    is_chosen: bool
    fields: list[forms.BoundField]


class BrandForm(ModelForm):
    """A field of its own for each option of each theme; those of the theme that is chosen are kept."""

    theme = forms.ChoiceField(
        choices=lambda: [(theme.name, theme.label) for theme in themes().values()],
        error_messages={"invalid_choice": "There is no theme “%(value)s”."},
    )
    fonts = forms.ChoiceField(
        required=False, error_messages={"invalid_choice": "There are no fonts called “%(value)s”."}
    )
    logo_file = forms.FileField(
        label="Logo",
        required=False,
        widget=forms.FileInput(attrs={"accept": ",".join(f"image/{one.lower()}" for one in FORMATS)}),
        help_text="JPEG, PNG, WebP, GIF or AVIF; best wide, on a transparent ground. Without one: the site's name.",
    )
    remove_logo = forms.BooleanField(label="Remove the logo", required=False)

    class Meta:
        model = Brand
        fields = ("theme", "fonts", *COLOURS, "tagline", "language", "time_zone", "date_style")
        field_classes = dict.fromkeys(COLOURS, ColourField)
        widgets = {**dict.fromkeys(COLOURS, ColourInput), "time_zone": TimeZoneInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stored = {name: getattr(self.instance, name) for name in COLUMNS}
        self._typed: dict[str, str] = {}
        self.initial["theme"] = theme_named(self.instance.theme).name
        # The one that is about to be, where the form comes back with errors.
        self._theme = theme_named(self["theme"].value() if "theme" in self.fields else self.instance.theme)
        self._offer_fonts()
        self._offer_dates()
        self._offer_languages()
        self._show_colours_of_theme()
        self._options = {name: dict(self._offer_options(theme)) for name, theme in themes().items()}

    # --- What is offered ---------------------------------------------------------------------------------------------

    def _offer_fonts(self) -> None:
        own = fonts_of(self._theme, "")
        sets = [(one.name, one.label) for one in font_sets().values()]
        field = cast("forms.ChoiceField | None", self.fields.get("fonts"))
        if field:
            field.choices = [("", f"What the theme is designed with (here: {own.label})"), *sets]
            self.initial["fonts"] = self.instance.fonts if self.instance.fonts in font_sets() else ""

    def _offer_dates(self) -> None:
        field = cast("forms.ChoiceField | None", self.fields.get("date_style"))
        if field:
            field.choices = list(_dates(self.instance.language))

    def _offer_languages(self) -> None:
        field = cast("forms.ChoiceField | None", self.fields.get("language"))
        if field:
            field.choices = [
                (code, str(name) if code.partition("-")[0] in COMPLETE_LANGUAGES else f"{name} (menus in English)")
                for code, name in settings.LANGUAGES
            ]

    def _show_colours_of_theme(self) -> None:
        light, dark = pages_of(self._stored, self._theme)
        for name in COLOURS:
            if field := self.fields.get(name):
                page = dark if name.endswith("_dark") else light
                cast("ColourInput", field.widget).fallback = getattr(page, name.removesuffix("_dark"))

    def _offer_options(self, theme: Theme) -> Iterator[tuple[str, str]]:
        """A field for each option: the option's name, the field's."""
        options = self.instance.options
        chosen = theme.chosen(options if isinstance(options, dict) else {})
        for name, option in theme.options.items():
            field = option_field(theme.name, name)
            self.fields[field] = _choice(option)
            self.initial[field] = chosen[name]
            yield name, field

    def cards(self) -> list[Card]:
        chosen = self["theme"].value()
        return [
            Card(theme, theme.name == chosen, [self[field] for field in self._options[theme.name].values()])
            for theme in themes().values()
        ]

    def pages(self) -> tuple[Page, Page]:
        """How the palette looks as it is written in the form; what is not a colour there, as it is stored."""
        chosen = {name: self._typed.get(name, self._stored[name]) for name in COLOURS}
        return pages_of(chosen, self._theme)

    def logo(self) -> Image | None:
        """The picture that is the logo now."""
        owner = self.owner
        if not (owner and self._stored["logo"]):
            return None
        with tenant_scope(owner):
            return Image.objects.filter(digest=self._stored["logo"]).first()

    @property
    def owner(self) -> Tenant | None:
        site = self.instance.site
        return site.ownership.tenant if hasattr(site, "ownership") else None

    # --- What is chosen ----------------------------------------------------------------------------------------------

    def clean_logo_file(self) -> Any:
        file = self.cleaned_data[LOGO]
        if file and self.owner is None:
            raise ValidationError(f"{self.instance.site} has no owner yet, whose picture a logo is: give it one first.")
        if file and file.size > MOST_BYTES:
            raise ValidationError(too_large(file.name, file.size))
        return file

    def clean(self) -> None:
        super().clean()
        chosen = self.cleaned_data.get("theme")
        if chosen is None:
            return
        self._typed = {name: self.cleaned_data[name] for name in COLOURS if name in self.cleaned_data}
        for name, sentence in faults(self._typed, themes()[chosen]):
            self.add_error(name, sentence)
        if self.cleaned_data.get(LOGO) and self.cleaned_data.get(NO_LOGO):
            self.add_error(NO_LOGO, "Remove the logo, or give another one: not both.")

    def full_clean(self) -> None:
        """What is no field of the row comes last, when nothing else is wrong: a picture is kept once it is stored."""
        super().full_clean()
        if self.is_bound and not self.errors:
            self.instance.options = self._chosen_options(themes()[self.cleaned_data["theme"]])
            self._set_logo()

    def _chosen_options(self, theme: Theme) -> dict[str, str]:
        """Those of this theme, and where they differ from it: an option left alone follows the theme."""
        given = {name: self.cleaned_data.get(field) for name, field in self._options[theme.name].items()}
        return {name: value for name, value in theme.chosen(given).items() if value != theme.options[name].default}

    def _set_logo(self) -> None:
        file, brand = self.cleaned_data.get(LOGO), self.instance
        if file and self.owner:
            try:
                with tenant_scope(self.owner):
                    image = store(self.owner, file.read(), name=Path(file.name).name, alt=brand.site.name)
            except RefusedImage as refused:
                self.add_error(LOGO, str(refused))
                return
            if not 1 / MOST_UPRIGHT <= image.width / image.height <= MOST_WIDE:
                self.add_error(LOGO, f"A logo of {image.width:,} × {image.height:,} would be a line on the page.")
                return
            brand.logo, brand.logo_width, brand.logo_height = image.digest, image.width, image.height
        elif self.cleaned_data.get(NO_LOGO):
            brand.logo, brand.logo_width, brand.logo_height = "", 0, 0

    def changed_columns(self) -> list[str]:
        return [name for name in COLUMNS if getattr(self.instance, name) != self._stored[name]]

    def keep(self) -> list[str]:
        """Save what changed and no other column; says which. Nothing changed: nothing is written and nobody sees it."""
        changed = self.changed_columns()
        if changed:
            self.instance.save(update_fields=changed)
        return changed


def brand_form(brand: Brand, changes: Mapping[str, Any], logo: Any = None) -> BrandForm:
    """The form as a program fills it in: what is stored, with these fields changed."""
    form = BrandForm(instance=brand)
    data = {name: form[name].value() for name in form.fields if name != LOGO} | dict(changes)
    return BrandForm(data=data, files={LOGO: logo} if logo else {}, instance=brand)


def option_field(theme: str, option: str) -> str:
    return f"option_{theme}_{option}"


def _choice(option: Option) -> forms.ChoiceField:
    return forms.ChoiceField(label=option.label, choices=list(option.choices.items()), required=False)


def _dates(language: str) -> Iterator[tuple[str, str]]:
    """Each style, with today in it as the site's language writes it."""
    today = timezone.localdate()
    with override(language):
        long = date_format(today, "DATE_FORMAT")
        weekday = gettext("%(weekday)s, %(date)s") % {"weekday": date_format(today, "l"), "date": long}
        short = date_format(today, "SHORT_DATE_FORMAT")
    told = {"long": long, "weekday": weekday, "short": short, "iso": today.isoformat()}
    for style in Brand.DateStyle:
        yield style.value, told[style.value]


@cache
def _zones() -> list[str]:
    return sorted(zoneinfo.available_timezones() - NO_TIME_ZONES)
