"""Which articles were chosen in the list."""

from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from publishing.models import Article

MOST_ARTICLES = 200
_MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Chosen:
    """Articles by title, of the primary keys `asked`: `missing` are those deleted, or never the tenant's."""

    articles: list[Any]
    asked: list[int] = field(default_factory=list)
    is_too_many: bool = False

    @property
    def missing(self) -> int:
        return len(self.asked) - len(self.articles)

    @property
    def in_address(self) -> str:
        """For the parameter `articles`: of the most that may be chosen it stays an address that every server takes."""
        return ".".join(str(key) for key in self.asked)


def chosen_in(asked: QueryDict) -> Chosen:
    """By the boxes that were ticked in the list, or by an address."""
    texts = {*asked.getlist("article"), *asked.get("articles", "").split(".")}
    wanted = {int(text) for text in texts if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS}
    if len(wanted) > MOST_ARTICLES:
        return Chosen([], is_too_many=True)
    # `tenant` is what says whether approval is needed.
    known = Article.objects.filter(pk__in=wanted).select_related("tenant", "lead_image").defer("stems", "words")
    articles = sorted(known, key=lambda article: (str(article).casefold(), article.pk))
    return Chosen(articles, sorted(wanted))
