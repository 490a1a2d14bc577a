"""What is decided about one site, about some, and what is asked of another's editors."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError

from publishing.arranging import Do, Wish
from publishing.models import Image, Placement, Section
from publishing.placing import OVERRIDES
from studio.placing.clocks import moment_of, zone_of
from studio.placing.fields import LocalTime, Slug
from studio.placing.panel import Row

PINS = 99
# The buttons of one site's form: what is to be done, and with which field if it is about one.
INHERIT, KEEP = "inherit", "keep"


class PlacementForm(forms.Form):
    """One site's row, opened. Who presses one of its buttons means all that stands in it."""

    go_live = forms.Field()
    expires_at = forms.Field()
    slug = Slug(required=False, max_length=500, label="Slug")
    section = forms.ModelChoiceField(Section.objects.none(), required=False, label="Section", empty_label="None")
    pin = forms.IntegerField(required=False, min_value=1, max_value=PINS, label="Pinned")
    title = forms.CharField(required=False, max_length=300, label="Title")
    summary = forms.CharField(required=False, max_length=10_000, label="Summary", widget=forms.Textarea({"rows": 3}))
    image = forms.ModelChoiceField(Image.objects.none(), required=False, label="Picture", widget=forms.HiddenInput)

    def __init__(self, row: Row, data: Any = None) -> None:
        placement = row.placement
        super().__init__(data, prefix=f"site-{row.site.pk}", initial=_initial(placement), label_suffix="")
        self.row = row
        self.fields["go_live"] = LocalTime(zone=row.zone, stored=row.go_live, label="Shown from")
        self.fields["expires_at"] = LocalTime(zone=row.zone, stored=row.expires_at, label="Until")
        self._choice("section").queryset = Section.objects.filter(site=row.site)
        self._choice("image").queryset = Image.objects.all()
        for name, own in (("title", row.article.title), ("summary", row.article.summary)):
            self.fields[name].widget.attrs["placeholder"] = own
        self.fields["slug"].widget.attrs["autocomplete"] = "off"

    @property
    def remarks(self) -> list[str]:
        """What has to be said of what was typed, though it is right."""
        return [field.remark for field in self.fields.values() if isinstance(field, LocalTime) and field.remark]

    @property
    def picture(self) -> Image | None:
        """The picture that the form holds now."""
        if not self.is_bound:
            return self.row.placement.image if self.row.placement else None
        return self.cleaned_data.get("image") if hasattr(self, "cleaned_data") else None

    def refuse(self, error: ValidationError) -> None:
        """Show what a deed said beside the fields that it is about."""
        told = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
        for name, errors in told.items():
            self.add_error(name if name in self.fields else None, list(errors))

    def _choice(self, name: str) -> "forms.ModelChoiceField[Any]":
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- for the type checker
        return field


def _initial(placement: Placement | None) -> dict[str, Any]:
    if placement is None:
        return {}
    names = ("slug", "section_id", "pin", "title", "summary", "image_id")
    return {name.removesuffix("_id"): getattr(placement, name) for name in names}


def asked(data: Any) -> tuple[Do, str, str]:
    """What a button of one site's form says: what to do, which field is to be inherited, which own one is still meant.

    Raises ValidationError for what no button says.
    """
    said, _, name = str(data.get("do", "")).partition(":")
    if said in {INHERIT, KEEP} and name in OVERRIDES:
        return Do.SAVE, name if said == INHERIT else "", name if said == KEEP else ""
    if said in set(Do) and not name:
        return Do(said), "", ""
    raise ValidationError("Choose what is to be done.")


# What can be done on many sites at once.
MANY = {
    Do.PUBLISH: "Publish now",
    Do.SCHEDULE: "Schedule",
    Do.EXPIRE: "Set the end",
    Do.UNPUBLISH: "Unpublish",
    Do.DRAFT: "Save without publishing",
}
OWN_CLOCK = ""


class ManyForm(forms.Form):
    """What is decided about some sites at once, or about all."""

    do = forms.ChoiceField(choices=list(MANY.items()))
    sites = forms.TypedMultipleChoiceField(
        coerce=int, label="Sites", error_messages={"required": "Choose at least one site."}
    )
    go_live = forms.Field()
    expires_at = forms.Field()
    clock = forms.ChoiceField(required=False, label="By the clock of")

    def __init__(self, sites: list[Site], data: Any = None) -> None:
        """`sites` are those that the member may place on."""
        super().__init__(data, label_suffix="")
        self.by_key = {site.pk: site for site in sites}
        zones = sorted({zone_of(site.brand.time_zone).key for site in sites} | {"UTC"})
        moments = [(name, f"one moment everywhere: {name}") for name in zones]
        choice, clock = self.fields["sites"], self.fields["clock"]
        choice.choices = [(key, key) for key in self.by_key]  # type: ignore[attr-defined]
        clock.choices = [(OWN_CLOCK, "each site’s own clock"), *moments]  # type: ignore[attr-defined]
        for name, label in (("go_live", "From"), ("expires_at", "Until")):
            self.fields[name] = forms.DateTimeField(
                required=False,
                label=label,
                input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
                widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"),
            )

    def chosen(self) -> list[Site]:
        return [self.by_key[key] for key in dict.fromkeys(self.cleaned_data["sites"])]

    def wish_for(self, site: Site, *, seen: str | None) -> tuple[Wish, list[str]]:
        """What is wished there, and what has to be said of it. Raises ValidationError for a time that its clock leaves
        out."""
        do = Do(self.cleaned_data["do"])
        names = {Do.PUBLISH: ("expires_at",), Do.UNPUBLISH: ()}.get(do, ("go_live", "expires_at"))
        fields: dict[str, Any] = {}
        remarks = []
        for name in names:
            typed = self.cleaned_data.get(name)
            if typed:
                moment = moment_of(typed.replace(tzinfo=None), self._zone(site))
                fields[name] = moment.at
                remarks += [moment.remark] if moment.remark else []
        if do == Do.EXPIRE:
            fields = {"expires_at": fields.get("expires_at")}
        return Wish(do, fields, seen=seen), remarks

    def _zone(self, site: Site) -> ZoneInfo:
        return zone_of(self.cleaned_data["clock"] or site.brand.time_zone)


class ProposalForm(forms.Form):
    note = forms.CharField(
        required=False,
        max_length=2_000,
        label="A word to its editors",
        widget=forms.Textarea({"rows": 3}),
    )
    go_live = forms.Field()

    def __init__(self, zone: ZoneInfo, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        hint = f"A wish; its editors decide. By the clock of {zone.key}. Empty: as soon as it is accepted."
        self.fields["go_live"] = LocalTime(zone=zone, label="Shown from", help_text=hint)


class CorrectionForm(forms.Form):
    note = forms.CharField(
        max_length=2_000, label="What was wrong, and what is right", widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, data: Any = None, *, note: str = "") -> None:
        super().__init__(data, initial={"note": note}, label_suffix="")
