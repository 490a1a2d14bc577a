"""What can be done to many articles at once: what is asked first, what will happen, and what became of each."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from publishing.arranging import Do, Wish, arrange
from publishing.models import Article, ArticleTopic, Placement, Topic
from publishing.placing import hold
from publishing.writing import revise
from studio.access import TenantRequest, may_write, sites_with
from studio.listing.choosing import MOST_ARTICLES
from studio.listing.outcomes import Outcome, Plan, Result, Results
from studio.placing.clocks import moment_of, told, zone_of
from studio.standing import Standing, standing
from tenants.roles import Power

__all__ = ["MOST_ARTICLES", "deed_of", "offered"]

# Of articles and sites, or what one request does within its time.
MOST_PAIRS = 600


class BulkForm(forms.Form):
    """What is asked before something is done to these articles."""

    def __init__(self, request: TenantRequest, articles: list[Any], *, bound: bool) -> None:
        super().__init__(request.POST if bound else None, label_suffix="")
        self.request, self.articles = request, articles

    def plan(self) -> Plan:
        raise NotImplementedError

    def done(self) -> Results:
        raise NotImplementedError


class _SitesForm(BulkForm):
    sites = forms.TypedMultipleChoiceField(
        coerce=int,
        label="Sites",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one site."},
    )

    def __init__(self, request: TenantRequest, articles: list[Any], *, bound: bool) -> None:
        super().__init__(request, articles, bound=bound)
        self.by_key = {site.pk: site for site in self.offered()}
        field = cast("forms.TypedMultipleChoiceField", self.fields["sites"])
        field.choices = [(key, f"{site.name} · {site.domain}") for key, site in self.by_key.items()]

    def offered(self) -> Iterable[Site]:
        return sites_with(self.request, Power.PLACE).select_related("brand")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        pairs = len(data.get("sites", ())) * len(self.articles)
        if pairs > MOST_PAIRS:
            self.add_error(
                "sites", f"{pairs:,} placements are more than {MOST_PAIRS} at once. Choose fewer sites or articles."
            )
        return data

    @property
    def chosen(self) -> list[Site]:
        return [self.by_key[key] for key in dict.fromkeys(self.cleaned_data["sites"])]

    def wish(self, site: Site) -> Wish:
        raise NotImplementedError

    def done(self) -> Results:
        found = []
        for article in self.articles:
            for site in self.chosen:
                found.append(_result(article, site, lambda a, s: _arranged(a, s, self.wish(s))))  # noqa: PERF401
        return Results(found)


class PlaceForm(_SitesForm):
    when = forms.ChoiceField(
        label="When",
        choices=[("now", "Now"), ("at", "From a day and time on"), ("draft", "As drafts, which readers do not see")],
        initial="now",
        widget=forms.RadioSelect,
    )
    go_live = forms.DateTimeField(
        label="Day and time",
        required=False,
        help_text="By each site’s own clock: 08:00 is eight in the morning in each of their time zones.",
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("when") == "at" and not data.get("go_live") and "go_live" not in self.errors:
            self.add_error("go_live", "Say from which day and time on they are to be shown.")
        return data

    def wish(self, site: Site) -> Wish:
        when = self.cleaned_data["when"]
        if when == "at":
            return Wish(Do.SCHEDULE, {"go_live": self._moment(site)})
        return Wish(Do.DRAFT if when == "draft" else Do.PUBLISH)

    def plan(self) -> Plan:
        when, sites = self.cleaned_data["when"], self.chosen
        verb = {"now": "Publish", "at": "Schedule", "draft": "Place as drafts:"}[when]
        many = _times(self.articles, sites)
        remarks = [] if when == "draft" else [
            "What is not ready is refused, each with its reason, and stops none of the others.",
            "Where an article is live already it is left as it is.",
        ]  # fmt: skip
        return Plan(f"{verb} {many}.", f"{verb} {many}", [(site, self._told(site)) for site in sites], remarks)

    def _moment(self, site: Site) -> datetime:
        return moment_of(self.cleaned_data["go_live"].replace(tzinfo=None), zone_of(site.brand.time_zone)).at

    def _told(self, site: Site) -> str:
        if self.cleaned_data["when"] != "at":
            return ""
        try:
            return f"from {told(self._moment(site), zone_of(site.brand.time_zone))} on"
        except ValidationError as error:
            return " ".join(error.messages)


class UnpublishForm(_SitesForm):
    def offered(self) -> Iterable[Site]:
        """Those where any of the articles is published."""
        published = Placement.objects.filter(article__in=self.articles, status=Placement.Status.PUBLISHED)
        return sites_with(self.request, Power.PLACE).filter(pk__in=published.values("site_id"))

    def wish(self, site: Site) -> Wish:
        return Wish(Do.UNPUBLISH)

    def plan(self) -> Plan:
        sites = self.chosen
        many = _times(self.articles, sites).replace(" on ", " from ")
        remarks = ["Readers get “not found” there at once. Each can be placed again later."]
        return Plan(f"Take {many}.", f"Take {many}", [(site, "") for site in sites], remarks)


class TopicForm(BulkForm):
    topic: "forms.ModelChoiceField[Topic]" = forms.ModelChoiceField(None, label="Topic", empty_label="Choose a topic")
    way = forms.ChoiceField(
        label="What to do", choices=[("add", "Add it"), ("remove", "Take it off")], initial="add",
        widget=forms.RadioSelect,
    )  # fmt: skip

    def __init__(self, request: TenantRequest, articles: list[Any], *, bound: bool) -> None:
        super().__init__(request, articles, bound=bound)
        field = cast("forms.ModelChoiceField[Topic]", self.fields["topic"])
        field.queryset = Topic.objects.order_by("name", "pk")

    def plan(self) -> Plan:
        topic = self.cleaned_data["topic"]
        many = _count(len(self.articles), "article")
        sentence = f"Add “{topic}” to {many}" if self._adds else f"Take “{topic}” off {many}"
        return Plan(f"{sentence}.", sentence, [], ["Each change leaves a revision in the article’s history."])

    def done(self) -> Results:
        return Results([_result(article, None, lambda a, _: self._filed(a)) for article in self.articles])

    @property
    def _adds(self) -> bool:
        return bool(self.cleaned_data["way"] == "add")

    @transaction.atomic
    def _filed(self, article: Article) -> Outcome:
        topic: Topic = self.cleaned_data["topic"]
        hold([article])
        if not may_write(self.request, article):
            raise ValidationError("With your role you cannot change this article.")
        topics = [link.topic for link in ArticleTopic.objects.filter(article=article).select_related("topic")]
        if self._adds == (topic in topics):
            return Outcome.ALREADY
        wanted = [*topics, topic] if self._adds else [one for one in topics if one != topic]
        revise(article=article, by=self.request.user, topics=wanted)
        return Outcome.DONE


@dataclass(frozen=True, slots=True)
class Deed:
    """`power`: that of the members to whom it is offered."""

    name: str
    label: str
    title: str
    power: Power
    form: type[BulkForm]
    is_grave: bool = False


DEEDS: Mapping[str, Deed] = {
    deed.name: deed
    for deed in (
        Deed("place", "Place on sites…", "Place on sites", Power.PLACE, PlaceForm),
        Deed("unpublish", "Take off sites…", "Take off sites", Power.PLACE, UnpublishForm, is_grave=True),
        Deed("topic", "Topic…", "Add or take off a topic", Power.WRITE, TopicForm),
    )
}


def offered(request: TenantRequest) -> list[Deed]:
    return [deed for deed in DEEDS.values() if request.membership.may(deed.power)]


def deed_of(request: TenantRequest) -> Deed | None:
    """What the button said; what is not offered to the member is none."""
    deed = DEEDS.get(request.POST.get("deed", ""))
    return deed if deed in offered(request) else None


def _result(article: Article, site: Site | None, deed: Callable[[Any, Any], Outcome]) -> Result:
    """Each by itself: a transaction of its own, so that what is refused takes nothing else back."""
    try:
        return Result(article, site, deed(article, site), [])
    except ValidationError as error:
        return Result(article, site, Outcome.REFUSED, error.messages)


@transaction.atomic
def _arranged(article: Article, site: Site, wish: Wish) -> Outcome:
    hold([article], sites=[site.pk])
    placement = Placement.objects.on(site).filter(article=article).first()
    if _is_so(placement, wish):
        return Outcome.ALREADY
    if placement and placement.status == Placement.Status.RECALLED:
        raise ValidationError("It has been recalled. Bring it back on its own page, where you see from where.")
    arrange(article=article, site=site, wish=wish)
    return Outcome.DONE


def _is_so(placement: Placement | None, wish: Wish) -> bool:
    """Whether nothing has to be done: also where the same was sent twice."""
    stands = standing(placement, timezone.now()) if placement else None
    if wish.do == Do.UNPUBLISH:
        return stands in {None, Standing.DRAFT, Standing.UNPUBLISHED, Standing.RECALLED}
    if wish.do == Do.SCHEDULE:
        same = placement is not None and placement.go_live == wish.fields["go_live"]
        return stands == Standing.LIVE or (stands == Standing.SCHEDULED and same)
    if wish.do == Do.DRAFT:
        return stands in {Standing.DRAFT, Standing.LIVE, Standing.SCHEDULED}
    return stands == Standing.LIVE


def _times(articles: list[Any], sites: list[Site]) -> str:
    pairs = len(articles) * len(sites)
    return f"{_count(len(articles), 'article')} on {_count(len(sites), 'site')}" + (
        f": {_count(pairs, 'placement')}" if len(articles) > 1 and len(sites) > 1 else ""
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
