"""The forms of a tenant's settings. What may be written is decided by the deeds; forms ask for what they need."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from publishing.models import Byline, Image, Placement, Topic
from publishing.reviewing import require_approval
from tenants.models import Tenant

# Django's class is generic to the type checker alone.
if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Tenant]
else:
    ModelForm = forms.ModelForm


class TenantForm(ModelForm):
    class Meta:
        model = Tenant
        fields = ("name", "needs_approval")
        labels = {"name": "Name of the newsroom", "needs_approval": "An article needs approval before it is published"}
        help_texts = {"needs_approval": ""}

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        if not name.isprintable():
            raise ValidationError("It has a character that no name may have: type it anew.")
        return name

    @transaction.atomic
    def keep(self) -> list[Placement]:
        """Save what changed and no other column. Placements that are held back by it (`require_approval`)."""
        if not self.changed_data:
            return []
        self.instance.save(update_fields=self.changed_data)
        is_new = "needs_approval" in self.changed_data and self.instance.needs_approval
        return require_approval(tenant=self.instance) if is_new else []


class TermForm(forms.Form):
    name = forms.CharField(max_length=120)
    slug = forms.SlugField(max_length=100, required=False, help_text="Its address. Empty: made from the name.")


class BylineForm(TermForm):
    bio = forms.CharField(
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="A paragraph about the person, on the page that lists their articles.",
    )
    picture: "forms.ModelChoiceField[Image]" = forms.ModelChoiceField(
        queryset=None,
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": "This picture is not in the library: choose another."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        picture: Any = self.fields["picture"]
        picture.queryset = Image.objects.all()


class MergeForm(forms.Form):
    """Into which other one, by its slug: of thousands no list could be chosen from."""

    into: "forms.ModelChoiceField[Topic | Byline]" = forms.ModelChoiceField(
        queryset=None,
        to_field_name="slug",
        widget=forms.TextInput(attrs={"list": "others", "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, term: Topic | Byline, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = type(term)._meta.verbose_name
        into: Any = self.fields["into"]
        into.label = f"The {name} that stays"
        into.error_messages["invalid_choice"] = f"There is no other {name} of this slug. Choose one of those offered."
        into.help_text = "By its slug; begin to type its name."
        into.queryset = type(term).objects.exclude(pk=term.pk)
