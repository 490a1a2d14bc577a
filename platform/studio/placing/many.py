"""One thing done on several sites: what became of each."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError

from publishing.arranging import Do, Wish, arrange_all
from publishing.models import Article
from studio.access import TenantRequest
from studio.placing.forms import MANY, ManyForm
from studio.placing.telling import done


@dataclass(slots=True)
class Result:
    site: Site
    note: str = ""
    remarks: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Results:
    """Of each site what was done, or why not."""

    label: str
    by_site: dict[int, Result]

    @property
    def refused(self) -> list[Result]:
        return [one for one in self.by_site.values() if one.refused]

    @property
    def done(self) -> list[Result]:
        return [one for one in self.by_site.values() if not one.refused]


def arranged(request: TenantRequest, article: Article, form: ManyForm) -> Results:
    """Do what the form says, on each of its sites by itself."""
    results = {site.pk: Result(site) for site in form.chosen()}
    wishes: list[tuple[Site, Wish]] = []
    for result in results.values():
        try:
            wish, result.remarks = form.wish_for(result.site, seen=_seen(request.POST, result.site))
            wishes.append((result.site, wish))
        except ValidationError as error:
            result.refused = error.messages
    do = Do(form.cleaned_data["do"])
    for outcome in arrange_all(article=article, wishes=wishes):
        result = results[outcome.site.pk]
        result.refused = outcome.refused
        if not outcome.refused:
            result.note = done(do, outcome.placement, outcome.site)
        else:
            result.remarks = []
    return Results(MANY[do], results)


def _seen(post: Any, site: Site) -> str:
    return str(post.get(f"seen-{site.pk}", ""))
