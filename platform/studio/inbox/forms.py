"""How a proposal is accepted or declined, and whom a site trusts."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone

from publishing.models import Proposal, Section
from studio.access import TenantRequest, sites_with
from studio.placing.clocks import zone_of
from studio.placing.fields import LocalTime, Slug
from tenants.models import User
from tenants.roles import Power


class AcceptForm(forms.Form):
    """Date, section and address, as the accepting editor chooses. `sections` are those of the proposal's site."""

    go_live = forms.Field()
    section = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label="Section")
    slug = Slug(required=False, max_length=500, label="Slug", help_text="Empty: made of the title.")

    def __init__(self, proposal: Proposal, sections: Sequence[Section], data: Any = None) -> None:
        super().__init__(data, prefix=f"accept-{proposal.pk}", label_suffix="")
        zone = zone_of(proposal.site.brand.time_zone)
        # A wish that has passed by now is as soon as it is accepted.
        wish = proposal.go_live if proposal.go_live and proposal.go_live > timezone.now() else None
        hint = f"By the clock of {zone.key}. Empty: now."
        self.fields["go_live"] = LocalTime(zone=zone, stored=wish, label="Shown from", help_text=hint)
        self.sections = {section.pk: section for section in sections}
        choices = [("", "None"), *((key, section.name) for key, section in self.sections.items())]
        self.fields["section"].choices = choices  # type: ignore[attr-defined]
        self.order_fields(["go_live", "section", "slug"])

    @property
    def remarks(self) -> list[str]:
        return [field.remark for field in self.fields.values() if isinstance(field, LocalTime) and field.remark]

    def chosen(self) -> dict[str, Any]:
        """What `publishing.proposing.accept` takes."""
        section = self.sections.get(self.cleaned_data["section"])
        return {"go_live": self.cleaned_data["go_live"], "slug": self.cleaned_data["slug"], "section": section}


class DeclineForm(forms.Form):
    reason = forms.CharField(max_length=2_000, label="Why not", widget=forms.Textarea({"rows": 2}))

    def __init__(self, proposal: Proposal, data: Any = None) -> None:
        super().__init__(data, prefix=f"decline-{proposal.pk}", label_suffix="")
        self.fields["reason"].error_messages["required"] = "Say why: it is what the one who proposed it gets to read."


class SiteField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic to the type checker alone
    def label_from_instance(self, obj: Model) -> str:
        return f"{obj.name} · {obj.domain}" if isinstance(obj, Site) else str(obj)


class TrustForm(forms.Form):
    """A site of the member's, and the member or the other site that it trusts from now on."""

    site = SiteField(Site.objects.none(), label="Site that trusts", empty_label=None)
    user = forms.ModelChoiceField(
        User.objects.none(), required=False, label="A member: what they propose", empty_label="No member"
    )
    source = SiteField(
        Site.objects.none(), required=False, label="Or a site: what is canonical there", empty_label="No site"
    )

    def __init__(self, request: TenantRequest, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        members = User.objects.filter(memberships__tenant=request.tenant).order_by("name", "email")
        owned = Site.objects.filter(ownership__tenant=request.tenant).order_by("domain")
        for name, queryset in (("site", sites_with(request, Power.PLACE)), ("user", members), ("source", owned)):
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        chosen = super().clean() or {}
        if not self.errors and bool(chosen.get("user")) == bool(chosen.get("source")):
            raise ValidationError("Choose either a member or a site.")
        return chosen
