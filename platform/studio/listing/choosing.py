"""Which articles were chosen in the list."""

from dataclasses import dataclass
from typing import Any

from publishing.models import Article
from studio.access import TenantRequest

MOST_ARTICLES = 200
_MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Chosen:
    """Articles by title; `missing` were chosen and are not there, whether deleted or never the tenant's."""

    articles: list[Any]
    missing: int = 0
    is_too_many: bool = False


def chosen_in(request: TenantRequest) -> Chosen:
    keys = {text for text in request.POST.getlist("article") if text.isascii() and text.isdigit()}
    wanted = {int(text) for text in keys if len(text) <= _MOST_DIGITS}
    if len(wanted) > MOST_ARTICLES:
        return Chosen([], is_too_many=True)
    # `tenant` is what says whether approval is needed.
    known = Article.objects.filter(pk__in=wanted).select_related("tenant", "lead_image").defer("stems", "words")
    articles = sorted(known, key=lambda article: (str(article).casefold(), article.pk))
    return Chosen(articles, missing=len(wanted) - len(articles))
