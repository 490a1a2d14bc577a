"""Controls of the placements' forms: local time, and a slug as it is typed."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError

from publishing.slugs import slug_from
from studio.placing.clocks import TYPED, moment_of, typed_as


class LocalTime(forms.Field):
    """A moment as the clock of a zone shows it, to the minute.

    Typed as it was shown it is the stored moment still, whose seconds no minute tells. `remark` is what has to be said
    of what was typed.
    """

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=TYPED)

    def __init__(self, *, zone: ZoneInfo, stored: datetime | None = None, **options: Any) -> None:
        super().__init__(required=False, initial=typed_as(stored, zone), **options)
        self.zone, self.stored, self.remark = zone, stored, ""

    def to_python(self, value: Any) -> datetime | None:
        text = str(value or "").strip()
        if not text:
            return None
        if text == self.initial:
            return self.stored
        try:
            typed = datetime.fromisoformat(text)
        except ValueError:
            raise ValidationError("Write date and time as in 2027-03-28 08:00.") from None
        if typed.tzinfo:
            raise ValidationError("Write the time as the clock of the place shows it, without an offset.")
        moment = moment_of(typed, self.zone)
        self.remark = moment.remark
        return moment.at


class Slug(forms.CharField):
    """What somebody typed, made a slug; empty stays so."""

    def to_python(self, value: Any) -> str:
        typed = str(value or "").strip()
        return slug_from(typed) if typed else ""
