"""An article as each brand will show it."""

from datetime import timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.sites.models import Site
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from publishing import previewing
from publishing.models import Article, Preview
from studio.access import TenantRequest, article_of, may_write, needs, sites_with
from studio.previewing import choosing
from studio.previewing.framing import SANDBOX, framing
from studio.writing.words import sent
from tenants.roles import Power

LIFETIMES = {
    "hour": ("1 hour", timedelta(hours=1)),
    "day": ("1 day", timedelta(days=1)),
    "week": ("7 days", timedelta(days=7)),
}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.READ)
def preview(request: TenantRequest, article_id: int) -> HttpResponse:
    """GET: the article as it is stored. POST: with words that are not saved.

    Those are the words sent; or those of the member's own preview that `shown` names, on another site; or else those
    that are kept unsaved.
    """
    article = article_of(request, article_id)
    if request.method != "POST":
        return _page(request, article)
    if not may_write(request, article):
        raise PermissionDenied
    site = choosing.site_sent(request, article)
    if "shown" in request.POST:
        return _elsewhere(request, article, site)
    try:
        words = sent(request.POST) if "body" in request.POST else choosing.unsaved(request, article)
        if not words:
            return _to(request, article, site=site.pk)
        kept = previewing.keep(tenant=request.tenant, site=site, by=request.user, article=article, words=words)
    except ValidationError as error:
        return _page(request, article, errors=error.messages, status=422)
    return _to(request, article, shown=kept.pk)


def _elsewhere(request: TenantRequest, article: Article, site: Site) -> HttpResponse:
    own = choosing.preview_of(request, article, request.POST["shown"])
    if own is None:
        messages.info(request, "That preview has expired. You see the article as it is saved.")
        return _to(request, article, site=site.pk)
    return _to(request, article, shown=previewing.elsewhere(preview=own, site=site, by=request.user).pk)


@require_POST
@needs(Power.WRITE)
def share(request: TenantRequest, article_id: int) -> HttpResponse:
    """A link for somebody without an account: to what is stored, or to the member's own preview that `shown` names."""
    article = article_of(request, article_id)
    name, lifetime = LIFETIMES.get(request.POST.get("lifetime", ""), LIFETIMES["day"])
    asked = request.POST.get("shown", "")
    own = choosing.preview_of(request, article, asked) if asked else None
    if asked and own is None:
        raise Http404
    site = own.site if own else choosing.site_sent(request, article)
    what = own or Preview(tenant=request.tenant, site=site, article=article)
    try:
        previewing.share(preview=what, by=request.user, lifetime=lifetime)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"Whoever has the link sees this preview on {site.name} for {name}.")
    return _to(request, article, **({"shown": own.pk} if own else {"site": site.pk}), fragment="shared")


@require_POST
@needs(Power.WRITE)
def revoke(request: TenantRequest, article_id: int, preview_id: int) -> HttpResponse:
    article = article_of(request, article_id)
    shared = get_object_or_404(Preview.objects.defer("words"), pk=preview_id, article=article, shared=True)
    if shared.made_by_id != request.user.pk and not request.membership.may_on(shared.site_id, Power.EDIT):
        raise PermissionDenied
    previewing.revoke(preview=shared)
    messages.success(request, "The link is taken back: nothing is at its address any more.")
    return _to(request, article, site=shared.site_id, fragment="shared")


def _page(
    request: TenantRequest, article: Article, *, errors: list[str] | None = None, status: int = 200
) -> HttpResponse:
    seen = choosing.seen(request, article)
    if "shown" in request.GET and seen.preview is None:
        messages.info(request, "That preview has expired. You see the article as it is saved.")
        return _to(request, article)
    answer = render(
        request,
        "studio/previewing/preview.html",
        {
            "article": article,
            "tab": "preview",
            "seen": seen,
            "errors": errors,
            "has_unsaved": seen.preview is None and choosing.has_unsaved(request, article),
            "may_write": may_write(request, article),
            "may_share": request.membership.may(Power.WRITE),
            "lifetimes": [(name, label) for name, (label, _) in LIFETIMES.items()],
            "shared": _shared(request, article),
            "sandbox": SANDBOX,
        },
        status=status,
    )
    return framing(answer, seen.site.pk) if seen.site else answer


def _shared(request: TenantRequest, article: Article) -> list[tuple[Preview, str, bool]]:
    """The article's shared previews on the member's sites, each with its address and whether it may be taken back."""
    if not request.membership.may(Power.WRITE):
        return []
    links = previewing.shared_of(article).filter(site__in=sites_with(request, Power.READ))
    may = request.membership.may_on
    return [
        (one, previewing.address(one), one.made_by_id == request.user.pk or may(one.site_id, Power.EDIT))
        for one in links
    ]


def _to(request: TenantRequest, article: Article, *, fragment: str = "", **query: int) -> HttpResponse:
    url = reverse("article-preview", kwargs={"tenant": request.tenant.slug, "article_id": article.pk})
    return redirect(f"{url}{f'?{urlencode(query)}' if query else ''}{f'#{fragment}' if fragment else ''}")
