"""What appears when."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from publishing.models import Placement
from studio.access import TenantRequest, needs
from studio.calendar.asking import Asked, asked_of
from studio.calendar.entries import days_of
from studio.calendar.moving import Moved, MoveForm, movable, move, refuse_unmovable
from studio.calendar.spans import DAY, MONTH, WEEK
from tenants.roles import Power


@require_safe
@needs(Power.READ)
def calendar(request: TenantRequest) -> HttpResponse:
    asked = asked_of(request, request.GET)
    return render(request, "studio/calendar/calendar.html", _shown(request, asked))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.PLACE)
def calendar_move(request: TenantRequest, placement_id: int) -> HttpResponse:
    """A form of its own; or, where it is done from within the calendar, the calendar as it is then."""
    placement = movable(request, placement_id)
    form = MoveForm(placement, request.POST if request.method == "POST" else None)
    moved, refused = _done(form) if form.is_bound else (None, _refusal(placement))
    if moved is None and not request.POST.get("in_calendar"):
        shown = {"placement": placement, "form": form, "refused": refused, "back": asked_of(request, request.GET)}
        return render(request, "studio/calendar/move.html", shown)
    asked = asked_of(request, request.GET)
    shown = {**_shown(request, asked), "moved": moved, "refused": refused}
    part = getattr(request, "htmx", None)
    return render(request, "studio/calendar/grid.html" if part else "studio/calendar/calendar.html", shown)


def _done(form: MoveForm) -> tuple[Moved | None, list[str]]:
    if not form.is_valid():
        return None, [str(sentence) for errors in form.errors.values() for sentence in errors]
    try:
        return move(form), []
    except ValidationError as error:
        return None, error.messages


def _refusal(placement: Placement) -> list[str]:
    try:
        refuse_unmovable(placement)
    except ValidationError as error:
        return list(error.messages)
    return []


def _shown(request: TenantRequest, asked: Asked) -> dict[str, Any]:
    span = asked.span
    days = days_of(request, span, asked.sites, asked.site)
    views = [(view, label, asked.to(view=view)) for view, label in ((MONTH, "Month"), (WEEK, "Week"), (DAY, "Day"))]
    return {
        "asked": asked,
        "span": span,
        "days": [(day, asked.to(day=day.date, view=DAY)) for day in days],
        "weeks": len(days) // 7,
        "views": views,
        "before": asked.to(day=span.before),
        "behind": asked.to(day=span.behind),
        "today": asked.to(day=asked.today),
        "here": asked.to(),
    }
