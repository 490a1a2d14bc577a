"""What will happen to many articles, and what became of each."""

from dataclasses import dataclass
from enum import StrEnum

from django.contrib.sites.models import Site

from publishing.models import Article


class Outcome(StrEnum):
    DONE = "done"
    ALREADY = "already so"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one article, on one site where it is about sites."""

    article: Article
    site: Site | None
    outcome: Outcome
    sentences: list[str]


@dataclass(frozen=True, slots=True)
class Results:
    all: list[Result]

    @property
    def counts(self) -> list[tuple[Outcome, int]]:
        found = [(outcome, sum(one.outcome == outcome for one in self.all)) for outcome in Outcome]
        return [pair for pair in found if pair[1]]

    @property
    def about_sites(self) -> bool:
        return any(one.site for one in self.all)

    @property
    def told(self) -> list[Result]:
        """What was refused first."""
        order = [Outcome.REFUSED, Outcome.DONE, Outcome.ALREADY]
        return sorted(self.all, key=lambda one: order.index(one.outcome))


@dataclass(frozen=True, slots=True)
class Plan:
    """What will happen, before it does: a sentence, what it is about, and the words on the button."""

    sentence: str
    button: str
    sites: list[tuple[Site, str]]
    remarks: list[str]
