"""What became of the articles to which something was done last, kept in the session for a page to tell it.

Every request of a session reads all of it, so only the last is kept, and of long reasons the beginning: at most
`bulk.MOST_PAIRS` results, in tens of kilobytes.
"""

from typing import Any

from django.utils.crypto import get_random_string

from publishing.models import Article
from studio.access import TenantRequest, sites_with
from studio.listing.bulk import DEEDS, Deed
from studio.listing.choosing import Chosen
from studio.listing.outcomes import Outcome, Result, Results
from tenants.roles import Power

_IN_SESSION = "done in bulk"
_MOST_SENTENCES, _LONGEST_SENTENCE = 3, 300


def keep(request: TenantRequest, deed: Deed, chosen: Chosen, results: Results) -> str:
    """Its name, by which `kept` finds it."""
    name = get_random_string(8)
    # Of many articles on many sites the reasons are mostly the same few.
    sentences: dict[str, int] = {}
    rows = [
        (
            one.article.pk,
            one.site.pk if one.site else 0,
            one.outcome.value,
            [sentences.setdefault(sentence, len(sentences)) for sentence in _short(one.sentences)],
        )
        for one in results.all
    ]
    request.session[_IN_SESSION] = {
        "name": name, "tenant": request.tenant.pk, "deed": deed.name, "asked": chosen.asked, "rows": rows,
        "sentences": list(sentences),
    }  # fmt: skip
    return name


def kept(request: TenantRequest, name: str) -> dict[str, Any] | None:
    """What the page shows: `deed`, `chosen` and `results`, of what is still there; None where it is not kept."""
    told = request.session.get(_IN_SESSION)
    if not told or (told["name"], told["tenant"]) != (name, request.tenant.pk):
        return None
    articles = Article.objects.only("title", "tenant").in_bulk(told["asked"])
    sites = sites_with(request, Power.PLACE).in_bulk({site for _, site, *_ in told["rows"]})
    found = [
        Result(articles[article], sites.get(site), Outcome(outcome), [told["sentences"][place] for place in sentences])
        for article, site, outcome, sentences in told["rows"]
        if article in articles and (site in sites or not site)
    ]
    return {
        "deed": DEEDS[told["deed"]],
        "chosen": Chosen(list(articles.values()), told["asked"]),
        "results": Results(found),
    }


def _short(sentences: list[str]) -> list[str]:
    shown = [sentence[:_LONGEST_SENTENCE] for sentence in sentences[:_MOST_SENTENCES]]
    more = len(sentences) - len(shown)
    return [*shown, f"And {more} more."] if more else shown
