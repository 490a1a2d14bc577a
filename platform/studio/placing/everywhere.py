"""An article taken back from all of its sites, after a page that names them; and that undone."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.sites.models import Site
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from publishing import recalling
from publishing.models import Article, Placement, Recall
from studio.access import TenantRequest, article_of, needs
from studio.placing.powers import beyond, whom_to_ask
from studio.placing.telling import names
from tenants.roles import Power


@dataclass(frozen=True, slots=True)
class StandingRecall:
    """A recall that can be undone: where it would be back, and the sites that keep the member from undoing it."""

    recall: Recall
    sites: list[Site]
    beyond: list[Site]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.PLACE)
def recall(request: TenantRequest, article_id: int) -> HttpResponse:
    article = article_of(request, article_id)
    placements = recalling.published(article)
    if request.method != "POST" or not placements or beyond(request, placements):
        return _asked(request, article, placements)
    if request.POST.get("seen") != _seen(placements):
        return _asked(request, article, placements, changed=True)
    expected = frozenset(placement.pk for placement in placements)
    try:
        recalling.recall_everywhere(article=article, by=request.user, expected=expected)
    except recalling.PlacedMeanwhile:
        return _asked(request, article, recalling.published(article), changed=True)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _told(placements))
    return redirect("article-placements", tenant=request.tenant.slug, article_id=article.pk)


@require_POST
@needs(Power.PLACE)
def undo(request: TenantRequest, article_id: int, recall_id: int) -> HttpResponse:
    article = article_of(request, article_id)
    recalled = Recall.objects.filter(pk=recall_id, article=article).select_related("article").first()
    if recalled is None:
        raise Http404

    def allowed(_: Article) -> bool:
        return not beyond(request, recalling.recalled_from(recalled))

    if not allowed(article):
        raise PermissionDenied
    try:
        undone = recalling.undo(recalled=recalled, by=request.user, allowed=allowed)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
    else:
        _say(request, undone)
    return redirect("article-placements", tenant=request.tenant.slug, article_id=article.pk)


def standing_recall_of(
    request: TenantRequest, article: Article, placements: list[Placement]
) -> StandingRecall | None:  # fmt: skip
    """The recall to be shown above the placements, which are all of the article's."""
    recalled = recalling.standing_recall(article)
    back = recalling.would_return(recalled, placements) if recalled else []
    if recalled is None or not back:
        return None
    return StandingRecall(recalled, [one.site for one in back], beyond(request, back))


def _asked(
    request: TenantRequest, article: Article, placements: list[Placement], *, changed: bool = False
) -> HttpResponse:
    not_there = beyond(request, placements)
    told = {
        "article": article,
        "tab": "placements",
        "placements": placements,
        "now": timezone.now(),
        "beyond": not_there,
        "ask": whom_to_ask() if not_there else [],
        "seen": _seen(placements),
        "changed": changed,
    }
    page = "studio/placing/recall_asked.html" if request.headers.get("HX-Request") else "studio/placing/recall.html"
    return render(request, page, told)


def _seen(placements: list[Placement]) -> str:
    """The placements that a confirmation names: one that comes meanwhile has been confirmed by nobody."""
    return ",".join(str(key) for key in sorted(one.pk for one in placements))


def _told(placements: list[Placement]) -> str:
    now = timezone.now()
    met = [one.site for one in placements if one.go_live is None or one.go_live <= now]
    unmet = [one.site for one in placements if one.site not in met]
    sentences = [f"Recalled from {names(met)}: readers are told that it is gone."] if met else []
    sentences += [f"Unpublished on {names(unmet)}, where it had not appeared."] if unmet else []
    return " ".join(sentences)


def _say(request: TenantRequest, undone: recalling.Undone) -> None:
    if undone.restored:
        messages.success(request, f"The recall is undone: it is back on {names(undone.restored)}.")
    else:
        messages.warning(request, "Nothing came back: every site was changed since.")
    if undone.restored and undone.rewritten:
        messages.warning(request, "It was changed since it was recalled: readers see it as it is now.")
    for site, why in undone.left:
        messages.warning(request, f"{site.name} was left as it is: {why}.")
    if undone.canonical:
        messages.info(request, undone.canonical)
