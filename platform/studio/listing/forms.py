"""What somebody asks of the list, as its address holds it."""

from datetime import UTC, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from publishing.models import Article
from studio.access import TenantRequest
from studio.listing import filters
from studio.listing.filters import NOWHERE, Filter
from studio.listing.finding import ORDERS, Query
from studio.listing.vocabulary import Vocabulary
from studio.listing.words import question
from studio.standing import BY_CLOCK, Standing

MINE = "me"
SORTS = {
    "changed": "Last changed",
    "stale": "Longest unchanged",
    "title": "Title",
    "live": "Go-live, latest first",
    "first": "Go-live, earliest first",
}
BY_DATE = {"live", "first"}
STANDINGS = {
    Standing.LIVE: "Live",
    Standing.SCHEDULED: "Scheduled",
    Standing.EXPIRED: "Expired",
    Standing.DRAFT: "Prepared",
    Standing.UNPUBLISHED: "Unpublished",
    Standing.RECALLED: "Recalled",
    NOWHERE: "Not placed",
}


def _choice(label: str, empty: str, choices: Any = ()) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[("", empty), *choices],
        error_messages={"invalid_choice": "This is not here any more."},
    )


class ListForm(forms.Form):
    """The filters and the order. What is not the tenant's is no choice, like what does not exist."""

    q = forms.CharField(
        label="Search",
        required=False,
        max_length=200,
        widget=forms.SearchInput(attrs={"placeholder": "Words of title or summary", "autocomplete": "off"}),
    )
    site = _choice("Site", "All sites")
    standing = _choice("There", "In any state", [(str(value), label) for value, label in STANDINGS.items()])
    stage = _choice("Stage", "Any stage", [(value, str(label).capitalize()) for value, label in Article.Stage.choices])
    author = _choice("Author", "Anybody")
    topic = _choice("Topic", "Any topic")
    kind = _choice("Kind", "Articles and pages", [("article", "Articles"), ("page", "Static pages")])
    since = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    sort = forms.ChoiceField(label="Sorted by", required=False, choices=list(SORTS.items()))

    def __init__(self, request: TenantRequest, vocabulary: Vocabulary) -> None:
        super().__init__(request.GET)
        self.request, self.vocabulary = request, vocabulary
        for name, choices in (
            ("site", vocabulary.sites),
            ("topic", vocabulary.topics),
            ("author", [(MINE, "Begun by me"), *vocabulary.bylines]),
        ):
            field = cast("forms.ChoiceField", self.fields[name])
            field.choices = [*cast("list[tuple[str, str]]", field.choices)[:1], *choices]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            self.add_error("until", "This day lies before the first one.")
        return data

    @property
    def narrowed(self) -> bool:
        """Whether anything but the order was asked for."""
        return any(self.data.get(name) for name in self.fields if name != "sort")

    @property
    def more(self) -> int:
        """How many of the filters that stand behind “More filters” are set."""
        return sum(bool(self.data.get(name)) for name in ("author", "topic", "kind", "since", "until"))

    @property
    def sorted_by(self) -> str:
        """By date only what is published can be sorted, and only articles have dates that are looked for."""
        data = self.cleaned_data
        asked: str = data["sort"] or "changed"
        undated = data["standing"] and data["standing"] not in BY_CLOCK
        return "changed" if asked in BY_DATE and (undated or data["kind"] == "page") else asked

    def query(self) -> Query | None:
        """What the form, found valid, asks; None where nothing can match."""
        data, order = self.cleaned_data, ORDERS[self.sorted_by]
        asked = question(data["q"])
        if data["q"] and not asked:
            return None
        values: dict[str, Any] = {
            "tenant": self.request.tenant.pk, "lexeme": f"'@{self.request.tenant.pk}'", "now": timezone.now(),
            "words": asked, "site": int(data["site"] or 0), "view": sorted(self.request.sites or ()),
            "topic": data["topic"], "byline": data["author"], **self._days(),
        }  # fmt: skip
        bounds = [sql for name, sql in (("since", ">= %(since)s"), ("until", "< %(until)s")) if data[name]]
        by_title = self.sorted_by == "title"
        walked = [f"{'c.updated_at' if by_title else order.key} {bound}" for bound in bounds]
        found = [*self._own(values), *([filters.changed(walked)] if by_title and walked else [])]
        if asked:
            found.append(filters.words())
        found += [filters.term(name) for name in self._terms()]
        found += self._placed(walked)
        own_bounds = () if by_title else tuple(walked)
        if self.sorted_by in BY_DATE and data["site"]:
            own_bounds = (*own_bounds, "c.site_id = %(site)s")
        return Query(order, own_bounds, tuple(found), values)

    def _days(self) -> dict[str, datetime]:
        """The first moment of the first day, and the first behind the last: in the site's zone where there is one."""
        data = self.cleaned_data
        zone = ZoneInfo(self.vocabulary.zones[data["site"]]) if data["site"] and self.sorted_by in BY_DATE else UTC
        days = {"since": data["since"], "until": data["until"]}
        later = {"since": timedelta(), "until": timedelta(days=1)}
        return {
            name: datetime.combine(min(max(day, _FIRST), _LAST), time(), zone) + later[name]
            for name, day in days.items()
            if day
        }

    def _own(self, values: dict[str, Any]) -> list[Filter]:
        data = self.cleaned_data
        asked = {"stage": data["stage"], "kind": data["kind"]}
        if data["author"] == MINE:
            asked["written_by_id"] = self.request.user.pk
        asked = {column: value for column, value in asked.items() if value}
        values |= asked
        return [filters.own(list(asked), at_hand=self.sorted_by not in BY_DATE)] if asked else []

    def _terms(self) -> list[str]:
        data = self.cleaned_data
        signed = data["author"] and data["author"] != MINE
        return [*(["topic"] if data["topic"] else []), *(["byline"] if signed else [])]

    def _placed(self, bounds: list[str]) -> list[Filter]:
        data = self.cleaned_data
        on = filters.ON_SITE if data["site"] else "" if self.request.sites is None else filters.IN_VIEW
        if self.sorted_by in BY_DATE:
            return filters.dated(data["standing"], on, bounds, descending=ORDERS[self.sorted_by].descending)
        return [filters.placed(data["standing"], on)] if data["site"] or data["standing"] else []


# What PostgreSQL and every time zone can tell.
_FIRST, _LAST = datetime(1900, 1, 1, tzinfo=UTC).date(), datetime(2200, 1, 1, tzinfo=UTC).date()
