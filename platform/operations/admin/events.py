"""Events in ops: what waits, what was given up and why, and delivering it again."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from events.delivering import revive
from events.handling import describe
from events.models import Event
from operations.admin.front import ReadOnlyAdmin, ops
from tenants.models import User

ERROR = 120  # characters in a list
_HAS_SEALED = ExpressionWrapper(~Q(sealed=None), BooleanField())


class State(admin.SimpleListFilter):
    """What is open, unless asked for otherwise: what is done is a week of everything."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("dead", "Dead letters"), ("failing", "Failed, comes again"), ("waiting", "Waits"), ("done", "Done")]

    def choices(self, changelist: Any) -> Any:
        everything, *others = super().choices(changelist)
        yield {**everything, "display": "Open"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        waiting = queryset.filter(done_at=None, dead_at=None)
        match self.value():
            case "dead":
                return queryset.exclude(dead_at=None)
            case "failing":
                return waiting.exclude(error="")
            case "waiting":
                return waiting.filter(error="")
            case "done":
                return queryset.exclude(done_at=None)
        return queryset.filter(done_at=None)


@admin.action(permissions=["deliver"], description="Deliver again")
def deliver_again(events: "EventAdmin", request: HttpRequest, chosen: QuerySet[Event]) -> None:
    asked_for = chosen.count()
    revived = [event for event in chosen.exclude(dead_at=None).defer("sealed") if revive(event)]
    for event in revived:
        events.log_change(request, event, "Due again, with all its attempts.")
    if revived:
        sentence = "1 dead letter is due again." if len(revived) == 1 else f"{len(revived)} dead letters are due again."
        events.message_user(request, sentence, messages.SUCCESS)
    if left := asked_for - len(revived):
        which = "1 event was left as it is" if left == 1 else f"{left} events were left as they are"
        events.message_user(request, f"{which}: not dead, or the same waits already.", messages.WARNING)


@admin.register(Event, site=ops)
class EventAdmin(ReadOnlyAdmin):
    """What is sealed, such as a mail, is never shown, and not even read."""

    fields = (
        "name", "about", "state", "error", "attempts", "created_at", "due_at", "dead_at", "done_at", "once",
        "holds_sealed",
    )  # fmt: skip
    readonly_fields = ("about", "state", "holds_sealed")
    list_display = ("name", "about", "state", "attempts", "due_at", "created_at", "said")
    list_filter = (State,)
    ordering = (F("dead_at").desc(nulls_last=True), "due_at", "id")
    search_fields = ("=name", "once", "payload")
    search_help_text = "An event's name, or words of what it is about"
    actions = (deliver_again,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        events: QuerySet[Event] = super().get_queryset(request)
        return events.defer("sealed").annotate(has_sealed=_HAS_SEALED)

    def has_deliver_permission(self, request: HttpRequest) -> bool:
        return cast("User", request.user).has_perm("events.change_event")

    @admin.display(description="about")
    def about(self, event: Event) -> str:
        return describe(event.payload)

    @admin.display(description="state")
    def state(self, event: Event) -> str:
        if event.done_at:
            return "done"
        if event.dead_at:
            return "dead letter"
        if event.lease and event.due_at > timezone.now():
            return "in hand"
        return "failed, comes again" if event.error else "waits"

    @admin.display(description="error")
    def said(self, event: Event) -> str:
        return event.error if len(event.error) <= ERROR else f"{event.error[:ERROR]}…"

    @admin.display(description="sealed content", boolean=True)
    def holds_sealed(self, event: Event) -> bool:
        return bool(cast("Any", event).has_sealed)
