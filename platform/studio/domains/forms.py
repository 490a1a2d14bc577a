"""A name that is added to one of the tenant's sites."""

from typing import Any

from django import forms
from django.contrib.sites.models import Site
from django.db.models import Model, QuerySet

from sites_core.hostnames import unicode_hostname

MISSING_SITE = {
    "required": "Choose the site.",
    "invalid_choice": "This site does not exist, or is not this newsroom’s.",
}


class SiteField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic to the type checker alone
    def label_from_instance(self, obj: Model) -> str:
        return f"{obj.name} · {unicode_hostname(obj.domain)}" if isinstance(obj, Site) else str(obj)


class AddForm(forms.Form):
    site = SiteField(Site.objects.none(), label="Site", empty_label=None, error_messages=MISSING_SITE)
    name = forms.CharField(
        label="Name",
        # The longest in Unicode is shorter than its A-label; what is too long the deed refuses with a reason.
        max_length=300,
        help_text="The name alone, such as financeblog.com. Bücher.example and xn--bcher-kva.example are the same.",
        error_messages={"required": "Type the name, such as financeblog.com."},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "inputmode": "url",
                "placeholder": "financeblog.com", "autofocus": True,
            }
        ),
    )  # fmt: skip
    with_www = forms.BooleanField(label="And www before it, which redirects", required=False, initial=True)
    becomes_primary = forms.BooleanField(label="It becomes the site’s address", required=False)

    def __init__(self, data: Any = None, *, sites: QuerySet[Site], initial: Any = None) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]  # of this kind of field


class FindForm(forms.Form):
    """What the list shows. Anything that is none of the choices is no page."""

    q = forms.CharField(label="Find a name", required=False, max_length=253)
    site = SiteField(Site.objects.none(), label="Site", required=False, empty_label="All sites")

    def __init__(self, data: Any = None, *, sites: QuerySet[Site]) -> None:
        super().__init__(data, label_suffix="")
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]  # the same
