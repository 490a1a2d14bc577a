"""Who is invited as what; what a member may do where."""

from typing import Any

from django import forms
from django.contrib.sites.models import Site
from django.db.models import Model, QuerySet

from tenants.models import Membership
from tenants.roles import Role

# What a role is told to be where it is chosen.
TOLD = {
    Role.OWNER: "Everything: members, settings and brands too",
    Role.EDITOR: "Writes, edits what others write, places and publishes",
    Role.AUTHOR: "Writes, and changes what is their own until it is published",
    Role.VIEWER: "Reads everything, changes nothing",
}
ROLES = [(role.value, f"{role.value.capitalize()} – {told}") for role, told in TOLD.items()]
ALL, SOME = "all", "some"
WHERE = [(ALL, "On all sites, and on those that are added later"), (SOME, "On some sites")]
NOWHERE, SAME = "none", "same"
ON_SITE = [(NOWHERE, "No access"), (SAME, "The role above"), *((role.value, role.value.capitalize()) for role in Role)]


class SitesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic to the type checker alone
    def label_from_instance(self, obj: Model) -> str:
        return f"{obj.name} – {obj.domain}" if isinstance(obj, Site) else str(obj)


class InviteForm(forms.Form):
    email = forms.EmailField(label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label="Role", choices=ROLES, widget=forms.RadioSelect, initial=Role.AUTHOR.value)
    where = forms.ChoiceField(label="Where", choices=WHERE, widget=forms.RadioSelect, initial=ALL)
    sites = SitesField(
        label="Which sites",
        queryset=Site.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "One of these sites does not exist, or is not this newsroom’s."},
    )

    def __init__(self, *args: Any, sites: QuerySet[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sites"].queryset = sites  # type: ignore[attr-defined]  # of this kind of field

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("where") == SOME and not said.get("sites") and "sites" not in self.errors:
            self.add_error("sites", "Choose at least one site.")
        return said

    @property
    def limits(self) -> list[int] | None:
        """The primary keys of the sites that were chosen; None is all."""
        if self.cleaned_data["where"] == ALL:
            return None
        return [site.pk for site in self.cleaned_data["sites"]]


class MemberForm(forms.Form):
    """A field for each of the tenant's sites, by its primary key: `site_7`."""

    role = forms.ChoiceField(label="Role", choices=ROLES, widget=forms.RadioSelect)
    where = forms.ChoiceField(label="Where", choices=WHERE, widget=forms.RadioSelect)

    def __init__(self, *args: Any, membership: Membership, sites: QuerySet[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sites = list(sites)
        self.initial = {"role": membership.role, "where": ALL if membership.all_sites else SOME}
        limits = {limit.site_id: limit.role or SAME for limit in membership.limits.all()}
        for site in self.sites:
            own = forms.ChoiceField(label=site.name, choices=ON_SITE, required=False, help_text=site.domain)
            self.fields[f"site_{site.pk}"] = own
            self.initial[f"site_{site.pk}"] = limits.get(site.pk, NOWHERE)

    def on_sites(self) -> list[forms.BoundField]:
        return [self[f"site_{site.pk}"] for site in self.sites]

    @property
    def limits(self) -> dict[int, str] | None:
        """The role on each site that is not closed, by its primary key, "" for the member's own; None is all."""
        if self.cleaned_data["where"] == ALL:
            return None
        said = {site.pk: self.cleaned_data.get(f"site_{site.pk}") or NOWHERE for site in self.sites}
        return {site: "" if role == SAME else role for site, role in said.items() if role != NOWHERE}
