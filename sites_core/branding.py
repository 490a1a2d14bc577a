"""What a publisher may choose of a site's look, and the form of it, whichever front it is on.

It is checked so that no page of the site can come out unreadable: text and accent on paper, on the light page and on
the dark one.
"""

import math
import re
import zoneinfo
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, override

from sites_core.models import COLOUR, COMPLETE_LANGUAGES, NO_TIME_ZONES, Brand
from sites_core.palette import TEXT, contrast, nearest_readable
from sites_core.themes import Option, Theme, Tokens, font_sets, fonts_of, theme_named, themes

# Django's class is generic to the type checker alone.
if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Brand]
else:
    ModelForm = forms.ModelForm

# Columns of Brand; each but the accent may be empty, which is the theme's own.
COLOURS = ("accent", "paper", "ink", "accent_dark", "paper_dark", "ink_dark")
# What the forms write, and nothing else of the row.
COLUMNS = (
    "theme", "options", "fonts", *COLOURS, "logo", "logo_width", "logo_height", "tagline", "language", "time_zone",
    "date_style",
)  # fmt: skip
# How many times as wide as high a logo may be, and as high as wide.
MOST_WIDE, MOST_UPRIGHT = 16, 3

# --- Colours ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """The colours of a light or a dark page, whoever chose them."""

    label: str
    paper: str
    ink: str
    accent: str

    @property
    def text_contrast(self) -> float:
        return _told(contrast(self.ink, self.paper))

    @property
    def accent_contrast(self) -> float:
        return _told(contrast(self.accent, self.paper))


@dataclass(frozen=True, slots=True)
class Fault:
    """A column of a pair that cannot be read, why, and the nearest colour that it could be."""

    column: str
    sentence: str
    shade: str

    def __str__(self) -> str:
        return f"{self.sentence} The nearest {_CALLED.get(self.column, 'shade')} that passes is {self.shade}."


_CALLED = {"paper": "paper", "paper_dark": "paper"}


def pages_of(chosen: Mapping[str, str], theme: Theme) -> tuple[Page, Page]:
    """The light page and the dark one of a brand that chose these of COLOURS."""
    paper = chosen["paper_dark"] or theme.dark.paper
    accent = chosen["accent_dark"] or nearest_readable(chosen["accent"], paper)
    return (
        Page("Light", chosen["paper"] or theme.light.paper, chosen["ink"] or theme.light.ink, chosen["accent"]),
        Page("Dark", paper, chosen["ink_dark"] or theme.dark.ink, accent),
    )


def faults(chosen: Mapping[str, str], theme: Theme) -> Iterator[Fault]:
    """What of these colours cannot be read. A colour that `chosen` lacks is not judged."""
    for tokens, dark in ((theme.light, ""), (theme.dark, "_dark")):
        yield from _unreadable_text(chosen, tokens, dark)
        yield from _unreadable_accent(chosen, tokens, dark)


def _unreadable_text(chosen: Mapping[str, str], tokens: Tokens, dark: str) -> Iterator[Fault]:
    paper, ink = chosen.get(f"paper{dark}"), chosen.get(f"ink{dark}")
    if paper is None or ink is None:
        return
    # The colour to change is one that the brand chose: the theme's own is nowhere to be written.
    if ink or not paper:
        yield from _fault(f"ink{dark}", ink or tokens.ink, paper or tokens.paper)
    elif contrast(tokens.ink, paper) < TEXT:
        sentence = f"The theme's ink {_pair(tokens.ink, paper)}; text needs {TEXT}."
        yield Fault(f"paper{dark}", sentence, nearest_readable(paper, tokens.ink))


def _unreadable_accent(chosen: Mapping[str, str], tokens: Tokens, dark: str) -> Iterator[Fault]:
    paper, accent = chosen.get(f"paper{dark}"), chosen.get(f"accent{dark}")
    # An accent that is made from the other one is made to be read.
    if paper is not None and accent:
        yield from _fault(f"accent{dark}", accent, paper or tokens.paper)


def _fault(column: str, colour: str, paper: str) -> Iterator[Fault]:
    if contrast(colour, paper) < TEXT:
        yield Fault(column, f"{_pair(colour, paper)}; text needs {TEXT}.", nearest_readable(colour, paper))


def _pair(colour: str, paper: str) -> str:
    return f"{colour} on {paper} has a contrast of {_told(contrast(colour, paper))}"


def _told(ratio: float) -> float:
    """One decimal, never more than there is: 4.49 must not read as 4.5."""
    return math.floor(ratio * 10) / 10


class ColourField(forms.CharField):
    """A colour as people write it: #1F4E79, 1f4e79, #fff."""

    default_validators = [RegexValidator(rf"\A{COLOUR}\Z", "Write the colour as #rrggbb, such as #1f4e79.")]

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        digits = str(typed or "").strip().lower().removeprefix("#")
        if re.fullmatch(r"[0-9a-f]{3}", digits):
            digits = "".join(digit * 2 for digit in digits)
        return f"#{digits}" if digits else ""


# --- The form --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Card:
    """A theme as the form offers it, with the fields of its options."""

    theme: Theme
    is_chosen: bool
    fields: list[forms.BoundField]


class BrandForm(ModelForm):
    """A field of its own for each option of each theme; those of the theme that is chosen are kept.

    How the logo is chosen is each front's own: `settle` is where it is written into the row.
    """

    theme = forms.ChoiceField(
        choices=lambda: [(theme.name, theme.label) for theme in themes().values()],
        error_messages={"invalid_choice": "There is no theme “%(value)s”."},
    )
    fonts = forms.ChoiceField(
        required=False, error_messages={"invalid_choice": "There are no fonts called “%(value)s”."}
    )

    class Meta:
        model = Brand
        fields = ("theme", "fonts", *COLOURS, "tagline", "language", "time_zone", "date_style")
        field_classes = dict.fromkeys(COLOURS, ColourField)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = {name: getattr(self.instance, name) for name in COLUMNS}
        self.faults: list[Fault] = []
        self._typed: dict[str, str] = {}
        self.initial["theme"] = theme_named(self.instance.theme).name
        # The one that is about to be, where the form comes back with errors.
        self.chosen_theme = theme_named(self["theme"].value() if "theme" in self.fields else self.instance.theme)
        self._offer_fonts()
        self._offer_dates()
        self._offer_languages()
        self._options = {name: dict(self._offer_options(theme)) for name, theme in themes().items()}

    # --- What is offered

    def _offer_fonts(self) -> None:
        own = fonts_of(self.chosen_theme, "")
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
        chosen = {name: self._typed.get(name, self.stored[name]) for name in COLOURS}
        return pages_of(chosen, self.chosen_theme)

    def colours_when_empty(self) -> dict[str, str]:
        """For each of COLOURS, what is seen where its field is left empty, beside the others as they are."""
        light, dark = self.pages()
        theme = self.chosen_theme
        return {
            "accent": light.accent,
            "paper": theme.light.paper,
            "ink": theme.light.ink,
            "accent_dark": nearest_readable(light.accent, dark.paper),
            "paper_dark": theme.dark.paper,
            "ink_dark": theme.dark.ink,
        }

    # --- What is chosen

    def clean(self) -> None:
        super().clean()
        chosen = self.cleaned_data.get("theme")
        if chosen is None:
            return
        self._typed = {name: self.cleaned_data[name] for name in COLOURS if name in self.cleaned_data}
        self.faults = list(faults(self._typed, themes()[chosen]))
        for fault in self.faults:
            self.add_error(fault.column, str(fault))

    def full_clean(self) -> None:
        """What is no field of the row comes last, when nothing else is wrong: a picture is kept once it is stored."""
        super().full_clean()
        if self.is_bound and "theme" in getattr(self, "cleaned_data", {}):
            self.instance.options = self._chosen_options(themes()[self.cleaned_data["theme"]])
        if self.is_bound and not self.errors:
            self.settle()

    def settle(self) -> None:
        """What else the front writes into the row, once all fields are right."""

    def _chosen_options(self, theme: Theme) -> dict[str, str]:
        """Those of this theme, and where they differ from it: an option left alone follows the theme."""
        given = {name: self.cleaned_data.get(field) for name, field in self._options[theme.name].items()}
        return {name: value for name, value in theme.chosen(given).items() if value != theme.options[name].default}

    def look(self) -> dict[str, Any]:
        """The columns as they would be, by name; of a field that is refused, as it is stored."""
        return {name: self.stored[name] if name in self.errors else getattr(self.instance, name) for name in COLUMNS}

    def changed_columns(self) -> list[str]:
        return [name for name in COLUMNS if getattr(self.instance, name) != self.stored[name]]

    def keep(self) -> list[str]:
        """Save what changed and no other column; says which. Nothing changed: nothing is written and nobody sees it."""
        changed = self.changed_columns()
        if changed:
            self.instance.save(update_fields=changed)
        return changed


def set_logo(brand: Brand, digest: str = "", width: int = 0, height: int = 0) -> None:
    """Put a picture in the name's place, or the name in the picture's; nothing is saved.

    `digest` is that of a picture of the site's tenant, width and height are its pixels. Raises ValidationError for a
    shape that would be a line on the page.
    """
    if digest and not 1 / MOST_UPRIGHT <= width / height <= MOST_WIDE:
        raise ValidationError(f"A logo of {width:,} × {height:,} would be a line on the page.")
    brand.logo, brand.logo_width, brand.logo_height = digest, width, height


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
def time_zones() -> list[str]:
    """Every time zone there is, spelt as the database spells it."""
    return sorted(zoneinfo.available_timezones() - NO_TIME_ZONES)
