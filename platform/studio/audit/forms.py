"""Which part of what happened is shown."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import QueryDict

from publishing.auditing import KINDS, Wanted, people_of
from studio.audit.names import NamedSite
from tenants.models import Tenant, User

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class Filters(forms.Form):
    """Sites and people are the tenant's alone: another's is answered like one that does not exist."""

    person = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    site = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(required=False, choices=[("", "Everything"), *((kind.name, kind.label) for kind in KINDS)])
    since = forms.DateField(required=False, label="From", widget=_DATE)
    until = forms.DateField(required=False, label="To", widget=_DATE)

    def __init__(self, sent: QueryDict, *, tenant: Tenant, sites: dict[int, NamedSite]) -> None:
        super().__init__(sent, label_suffix="")
        people = User.objects.filter(pk__in=people_of(tenant)).order_by("name", "email")
        self._choices("person", [("", "Everybody"), *((user.pk, str(user)) for user in people)])
        self._choices("site", [("", "All sites"), *((key, site.name) for key, site in sites.items())])

    def wanted(self) -> Wanted:
        """What a valid form asks for; days are days of UTC."""
        found = self.cleaned_data
        return Wanted(
            kinds=(found["kind"],) if found["kind"] else (),
            site_id=found["site"],
            user_id=found["person"],
            since=found["since"] and datetime.combine(found["since"], time(), UTC),
            until=found["until"] and datetime.combine(found["until"] + timedelta(days=1), time(), UTC),
        )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        since, until = found.get("since"), found.get("until")
        if since and until and since > until:
            self.add_error("until", "“To” is before “From”: choose a later day there.")
        return found

    def _choices(self, name: str, choices: list[tuple[Any, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 -- for the type checker
        field.choices = choices
