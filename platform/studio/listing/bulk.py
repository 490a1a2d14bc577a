"""What can be done to many articles at once: what is asked first, what will happen, and what became of each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from publishing.arranging import Do, Wish, arrange_all, stamp
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
    """What is asked before something is done to these articles; `asked` is what was answered, if anything was."""

    def __init__(self, request: TenantRequest, articles: list[Any], asked: QueryDict | None) -> None:
        super().__init__(asked, label_suffix="")
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

    def __init__(self, request: TenantRequest, articles: list[Any], asked: QueryDict | None) -> None:
        super().__init__(request, articles, asked)
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
        wishes = [(site, self._wish_or_reasons(site)) for site in self.chosen]
        return Results([result for article in self.articles for result in _arranged(article, wishes)])

    def _wish_or_reasons(self, site: Site) -> Wish | list[str]:
        try:
            return self.wish(site)
        except ValidationError as error:
            return error.messages


class PlaceForm(_SitesForm):
    when = forms.ChoiceField(
        label="When",
        choices=[("now", "Now"), ("at", "From a day and time on"), ("draft", "Not yet: prepared, unseen by readers")],
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
        verb = {"now": "Publish", "at": "Schedule", "draft": "Prepare"}[when]
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

    def __init__(self, request: TenantRequest, articles: list[Any], asked: QueryDict | None) -> None:
        super().__init__(request, articles, asked)
        field = cast("forms.ModelChoiceField[Topic]", self.fields["topic"])
        field.queryset = Topic.objects.order_by("name", "pk")

    def plan(self) -> Plan:
        topic = self.cleaned_data["topic"]
        many = _count(len(self.articles), "article")
        sentence = f"Add “{topic}” to {many}" if self._adds else f"Take “{topic}” off {many}"
        remarks = ["Each change leaves a revision of its article."]
        approved = sum(article.stage == Article.Stage.APPROVED for article in self.articles)
        if approved and self.request.tenant.needs_approval:
            remarks.append(
                f"Of these articles {approved} {'is' if approved == 1 else 'are'} approved: what changes is a draft "
                "again, and does not appear where it is scheduled until it is approved and scheduled once more."
            )
        return Plan(f"{sentence}.", sentence, [], remarks)

    def done(self) -> Results:
        return Results([self._result(article) for article in self.articles])

    @property
    def _adds(self) -> bool:
        return bool(self.cleaned_data["way"] == "add")

    def _result(self, article: Article) -> Result:
        """Each by itself, so that what is refused takes nothing else back."""
        try:
            return Result(article, None, self._filed(article), [])
        except ValidationError as error:
            return Result(article, None, Outcome.REFUSED, error.messages)

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


def deed_of(request: TenantRequest, name: str) -> Deed | None:
    """What the button said; what is not offered to the member is none."""
    deed = DEEDS.get(name)
    return deed if deed in offered(request) else None


_RECALLED = "It has been recalled. Open its placements to bring it back: they say from where it was taken."
_CHANGED = "Somebody changed it there meanwhile. Look at it, and choose it once more."


def _arranged(article: Article, wishes: Sequence[tuple[Site, Wish | list[str]]]) -> list[Result]:
    """What became of the article on each site; instead of a wish there may be the reasons why there can be none.

    Which of them are to be done is judged by how it stands now; where it stands otherwise when they are, it is refused.
    """
    stored = {one.site_id: one for one in Placement.objects.filter(article=article)}
    open_, found = [], {}
    for site, wish in wishes:
        placement = stored.get(site.pk)
        found[site.pk] = Result(article, site, Outcome.REFUSED, [_RECALLED])
        if isinstance(wish, list):
            found[site.pk] = Result(article, site, Outcome.REFUSED, wish)
        elif _is_so(placement, wish):
            found[site.pk] = Result(article, site, Outcome.ALREADY, [])
        elif not placement or placement.status != Placement.Status.RECALLED:
            open_.append((site, replace(wish, seen=stamp(placement))))
    for one in arrange_all(article=article, wishes=open_) if open_ else ():
        reasons = [_CHANGED] if one.changed_meanwhile else one.refused
        found[one.site.pk] = Result(article, one.site, Outcome.REFUSED if reasons else Outcome.DONE, reasons)
    return list(found.values())


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
