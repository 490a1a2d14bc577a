"""A scheduled article is moved to another day or time, on one site."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from publishing.arranging import Do, Wish, arrange
from publishing.models import Placement
from publishing.models.placements import FIRST, LAST
from publishing.placing import hold
from studio.access import TenantRequest
from studio.calendar.entries import moved_by_days
from studio.placing.clocks import TYPED, moment_of, told, typed_as, zone_of
from studio.standing import Standing, standing
from tenants.roles import Power

_UNTOLD = "Give a date between 1900 and 2200."


@dataclass(frozen=True, slots=True)
class Moved:
    """What was done, and how it is undone: `before` is sent as `at`, `after` as what it stands at now."""

    placement: Placement
    before: datetime
    after: datetime
    zone: ZoneInfo
    remark: str = ""

    @property
    def sentence(self) -> str:
        title = self.placement.title or self.placement.article
        return f"“{title}” appears on {self.placement.site.name} on {told(self.after, self.zone)}."


class MoveForm(forms.Form):
    """Where it goes: a `day` of the calendar, at the same time; a time of the site's clock; or exactly a moment, in
    undoing. `seen` is the moment at which it stood when that was decided."""

    day = forms.DateField(required=False)
    zone = forms.CharField(required=False, max_length=100)
    go_live = forms.DateTimeField(
        required=False,
        label="Day and time",
        input_formats=[TYPED, "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput({"type": "datetime-local", "required": True}, TYPED),
    )
    at = forms.CharField(required=False, max_length=40)
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, placement: Placement, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.placement = placement
        self.site_zone = zone_of(placement.site.brand.time_zone)
        self.fields["go_live"].help_text = f"By the clock of {placement.site.name}, {self.site_zone.key}."
        if data is None:
            self.initial = {
                "go_live": typed_as(placement.go_live, self.site_zone),
                "seen": placement.go_live.isoformat() if placement.go_live else "",
            }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        data["moment"], data["remark"] = self._moment(data)
        if not FIRST <= data["moment"] < LAST:
            raise ValidationError(_UNTOLD)
        data["was"] = _parsed(data["seen"]) if data["seen"] else None
        return data

    def _moment(self, data: dict[str, Any]) -> tuple[datetime, str]:
        if data["at"]:
            return _parsed(data["at"]), ""
        if data["go_live"]:
            moment = moment_of(data["go_live"].replace(tzinfo=None), self.site_zone)
            return moment.at, moment.remark
        if data["day"] and self.placement.go_live:
            return self._on(data["day"], zone_of(data["zone"] or "UTC")), ""
        raise ValidationError("Say to which day and time it is to go.")

    def _on(self, day: date, zone: ZoneInfo) -> datetime:
        stands: Any = self.placement.go_live
        days = (day - stands.astimezone(zone).date()).days
        try:
            return moved_by_days(self.site_zone, stands, days)
        except OverflowError:
            raise ValidationError(_UNTOLD) from None


def movable(request: TenantRequest, placement_id: int) -> Placement:
    """The placement, where the member may move it. What is on no site in view is missing: Http404."""
    found = Placement.objects.filter(pk=placement_id).select_related("article__tenant", "site__brand").first()
    if found is None or (request.sites is not None and found.site_id not in request.sites):
        raise Http404
    if not request.membership.may_on(found.site_id, Power.PLACE):
        raise PermissionDenied
    return found


@transaction.atomic
def move(form: MoveForm) -> Moved:
    """Raises ValidationError where it is not scheduled any more, was moved by somebody else, or cannot go there."""
    placement, moment = form.placement, form.cleaned_data["moment"]
    hold([placement.article], sites=[placement.site_id])
    placement.refresh_from_db(fields=["status", "go_live", "expires_at"])
    refuse_unmovable(placement)
    before: Any = placement.go_live
    if form.cleaned_data["was"] not in {None, before}:
        raise ValidationError(f"Somebody moved it meanwhile: it stands at {told(before, form.site_zone)} now.")
    wish = Wish(Do.SCHEDULE, {"go_live": moment})
    after = arrange(article=placement.article, site=placement.site, wish=wish)
    if after is not None:
        placement.go_live = after.go_live
    return Moved(placement, before, moment, form.site_zone, form.cleaned_data["remark"])


def refuse_unmovable(placement: Placement) -> None:
    """Raise ValidationError for what does not wait for its moment."""
    stands = standing(placement, timezone.now())
    if stands != Standing.SCHEDULED:
        raise ValidationError(f"On {placement.site.name} it is {stands.word}: only what is scheduled can be moved.")


_UNREADABLE = "This day and time cannot be read. Load the calendar again, then move it once more."


def _parsed(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValidationError(_UNREADABLE) from None
    if moment.tzinfo is None or not 1900 <= moment.year < 2200:
        raise ValidationError(_UNREADABLE)
    return moment.astimezone(UTC)
