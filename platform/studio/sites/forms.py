"""The forms of a site's settings. What may be written is decided by the deeds; forms ask for what they need."""

from typing import Any

from django import forms
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.db import transaction

from publishing.importing.redirects import MOST_BYTES
from publishing.models import Image
from publishing.redirects import LONGEST_PATH
from sites_core import branding
from sites_core.branding import COLOURS, set_logo
from sites_core.models import MenuItem

_COLOUR = {"maxlength": 9, "size": 8, "spellcheck": "false", "autocomplete": "off", "data-colour": ""}


class BrandForm(branding.BrandForm):
    """With the site's name, and a logo out of the tenant's pictures. Expects the tenant's scope."""

    name = forms.CharField(
        label="Name", max_length=50, help_text="What the site is called, in its head and in search results."
    )
    logo: "forms.ModelChoiceField[Image]" = forms.ModelChoiceField(
        queryset=None,
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": "This picture is not in the library: choose another."},
    )

    class Meta(branding.BrandForm.Meta):
        labels = {"accent_dark": "Accent", "paper_dark": "Paper", "ink_dark": "Ink"}
        help_texts = {"tagline": "A line beneath the name.", "time_zone": "Its dates and times are told in this zone."}
        widgets = {
            **{name: forms.TextInput(attrs=_COLOUR) for name in COLOURS},
            "time_zone": forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off", "spellcheck": "false"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        logo: Any = self.fields["logo"]
        logo.queryset = Image.objects.all()
        self.image = logo.queryset.filter(digest=self.stored["logo"]).first() if self.stored["logo"] else None
        self.initial["logo"] = self.image.pk if self.image else None
        self.initial["name"] = self.instance.site.name

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not name.isprintable():
            raise ValidationError("It has a character that no name may have: type it anew.")
        return name

    def settle(self) -> None:
        self.image = self.cleaned_data["logo"]
        try:
            if self.image:
                set_logo(self.instance, self.image.digest, self.image.width, self.image.height)
            else:
                set_logo(self.instance)
        except ValidationError as refused:
            self.add_error("logo", refused)

    def keep(self) -> list[str]:
        site, name = self.instance.site, self.cleaned_data["name"]
        with transaction.atomic():
            # The brand first: another language is seen on other sites too, whose states are locked in their order.
            changed = super().keep()
            if name != site.name:
                Site.objects.filter(pk=site.pk).update(name=name)
                site.name = name
                changed.append("name")
        return changed


class MenuItemForm(forms.Form):
    menu = forms.ChoiceField(choices=MenuItem.Menu.choices, widget=forms.HiddenInput)
    label = forms.CharField(max_length=60, label="Words")
    url = forms.CharField(
        max_length=500,
        label="Leads to",
        widget=forms.TextInput(attrs={"list": "targets", "autocomplete": "off", "spellcheck": "false"}),
        help_text="A path of this site, or a whole address: https://, mailto:.",
    )


class ChangedMenuItemForm(MenuItemForm):
    menu = None  # type: ignore[assignment]  # an item stays in its menu


class SectionForm(forms.Form):
    name = forms.CharField(max_length=120)
    slug = forms.SlugField(max_length=100, required=False, help_text="Empty: made from the name.")


class StaticPageForm(forms.Form):
    title = forms.CharField(max_length=300, label="Title of a new page")


class RedirectForm(forms.Form):
    path = forms.CharField(
        max_length=3 * LONGEST_PATH, label="From", widget=forms.TextInput(attrs={"placeholder": "/old-address/"})
    )
    target = forms.CharField(
        max_length=3 * LONGEST_PATH, label="To", widget=forms.TextInput(attrs={"placeholder": "/new-address/"})
    )


class ImportForm(forms.Form):
    """A file or pasted lines; what was tried comes back as lines."""

    file = forms.FileField(
        required=False, label="A CSV file", widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv"})
    )
    lines = forms.CharField(
        required=False,
        strip=False,
        label="Or its lines",
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "placeholder": "/old-address/,/new-address/"}),
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        file = given.get("file")
        if file and file.size > MOST_BYTES:
            self.add_error("file", f"A file may have {MOST_BYTES // 1_000_000} MB. Send it in parts.")
        elif file:
            given["lines"] = _decoded(file.read())
        if not self.errors and not given.get("lines", "").strip():
            raise ValidationError("Choose a file, or paste lines: each has a path and its target.")
        return given


def _decoded(data: bytes) -> str:
    """As UTF-8, or as what spreadsheets of old write, in which every byte is something."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
