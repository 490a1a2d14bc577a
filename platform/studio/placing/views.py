"""The placements panel of an article: all sites, one of them, and what is done on some at once."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.sites.models import Site
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from publishing.arranging import Changed, Do, Wish, arrange, lacking
from publishing.models import Article, Correction, Placement
from publishing.placing import hold
from publishing.slugs import free_slug, slug_from
from studio.access import TenantRequest, needs
from studio.placing.everywhere import standing_recall_of
from studio.placing.forms import ManyForm, PlacementForm, asked
from studio.placing.many import arranged
from studio.placing.panel import Row, panel, row_of, sites_of
from studio.placing.telling import done
from tenants.roles import Power

Status = Placement.Status


@require_safe
@needs(Power.READ)
def placements(request: TenantRequest, article_id: int) -> HttpResponse:
    return _panel(request, _article(request, article_id))


@require_safe
@needs(Power.READ)
def ready(request: TenantRequest, article_id: int) -> HttpResponse:
    """What must be done before it is published anywhere: a part of the panel, which asks for it once it stands."""
    article = _article(request, article_id)
    return render(request, "studio/placing/lacking.html", {"article": article, "lacking": lacking(article)})


@require_POST
@needs(Power.PLACE)
def chosen(request: TenantRequest, article_id: int) -> HttpResponse:
    """Do one thing on several sites, and show what became of each."""
    article = _article(request, article_id)
    sites = [site for site in sites_of(request) if request.membership.may_on(site.pk, Power.PLACE)]
    form = ManyForm(sites, request.POST)
    if not form.is_valid():
        return _panel(request, article, many=form, chosen=_keys(request.POST.getlist("sites")))
    return _panel(request, article, results=arranged(request, article, form))


def _keys(texts: list[str]) -> set[int]:
    return {int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 19}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.READ)
def one(request: TenantRequest, article_id: int, site_id: int) -> HttpResponse:
    """One site's row, opened (`?closed` with htmx: closed again); and what is decided about it."""
    article = _article(request, article_id)
    site = _site(request, site_id)
    if request.method == "POST":
        if not request.membership.may_on(site.pk, Power.PLACE):
            raise PermissionDenied
        return _decide(request, article, site)
    row = row_of(request, article, site)
    if "closed" in request.GET and request.headers.get("HX-Request"):
        return render(request, "studio/placing/row.html", _told(article, row=row, returned=True))
    return _opened(request, row, PlacementForm(row))


@require_safe
@needs(Power.READ)
def slug(request: TenantRequest, article_id: int, site_id: int) -> HttpResponse:
    """What becomes of a slug as it is typed: whether it is free on the site, and who has it if not."""
    article = _article(request, article_id)
    site = _site(request, site_id)
    typed = request.GET.get(f"site-{site.pk}-slug", "").strip()
    wanted = slug_from(typed or article.title)
    others = Placement.objects.on(site).filter(slug=wanted).exclude(article=article)
    other = others.select_related("article").first() if typed else None
    free = free_slug(wanted, site_id=site.pk, article_id=article.pk)
    told = {"site": site, "typed": typed, "wanted": wanted, "other": other, "free": free}
    return render(request, "studio/placing/slug.html", told)


def _site(request: TenantRequest, site_id: int) -> Site:
    """A site of the tenant to which the member's work extends; Http404 otherwise."""
    site = sites_of(request).filter(pk=site_id).first()
    if site is None or (request.sites is not None and site_id not in request.sites):
        raise Http404
    return site


def _article(request: TenantRequest, article_id: int) -> Article:
    found = Article.objects.filter(pk=article_id).select_related("lead_image").defer("body", "html", "text").first()
    if found is None:
        raise Http404
    found.tenant = request.tenant
    return found


def _decide(request: TenantRequest, article: Article, site: Site) -> HttpResponse:
    form = PlacementForm(row_of(request, article, site), request.POST)
    canonical = _canonical(article)
    try:
        do, inherit, keep = asked(request.POST)
        if "whole" in request.POST and not form.is_valid():
            return _opened(request, form.row, form)
        fields = dict(form.cleaned_data) if "whole" in request.POST else {}
        if inherit:
            fields[inherit] = None if inherit == "image" else ""
        wish = Wish(do, fields, frozenset({keep} if keep else ()), request.POST.get("seen", ""))
        placement = _held_and_arranged(request, article, site, wish)
    except ValidationError as error:
        return _refused(request, article, site, form, error)
    note = done(do, placement, site, inherited=inherit, kept=keep)
    return _arranged(request, article, site, [note, *form.remarks], canonical)


@transaction.atomic
def _held_and_arranged(request: TenantRequest, article: Article, site: Site, wish: Wish) -> Placement | None:
    """Held first: whose mark would be taken is asked when nobody can move it any more."""
    hold([article], sites=[site.pk])
    if wish.do == Do.CANONICAL:
        _refuse_taking(request, _canonical(article))
    return arrange(article=article, site=site, wish=wish)


def _refuse_taking(request: TenantRequest, canonical: Placement | None) -> None:
    """The mark is also the other site's: what it loses only somebody gives away who may place there."""
    if canonical and not request.membership.may_on(canonical.site_id, Power.PLACE):
        name = canonical.site.name
        raise ValidationError(f"{name} has the canonical mark, and you may not place there. Ask one of its editors.")


def _canonical(article: Article) -> Placement | None:
    return Placement.objects.filter(article=article, is_canonical=True).select_related("site").first()


def _refused(
    request: TenantRequest, article: Article, site: Site, form: PlacementForm, error: ValidationError
) -> HttpResponse:
    """The row as it is now, opened, with what was typed and why nothing was done."""
    row = row_of(request, article, site)
    row.refused = error.messages
    row.changed_meanwhile = isinstance(error, Changed)
    if "whole" not in request.POST:
        form = PlacementForm(row)
    elif hasattr(error, "error_dict"):
        form.full_clean()
        form.refuse(error)
        row.refused = []
    return _opened(request, row, form)


def _opened(request: TenantRequest, row: Row, form: PlacementForm) -> HttpResponse:
    part = request.headers.get("HX-Request")
    told = _told(row.article, row=row, form=form, opened=True)
    return render(request, "studio/placing/row.html" if part else "studio/placing/one.html", told)


def _arranged(
    request: TenantRequest, article: Article, site: Site, said: list[str], canonical: Placement | None
) -> HttpResponse:
    """htmx is given the row, the rows that the canonical mark left or came to, and the tally; others the panel."""
    if not request.headers.get("HX-Request"):
        for sentence in said:
            messages.success(request, f"{site.name}: {sentence}")
        panel_url = reverse("article-placements", kwargs={"tenant": request.tenant.slug, "article_id": article.pk})
        return redirect(f"{panel_url}#place-{site.pk}")
    now = _canonical(article)
    moved = [one.site_id for one in (canonical, now) if one and one.site_id != site.pk] if canonical != now else []
    sites = {one.pk: one for one in sites_of(request).filter(pk__in={site.pk, *moved})}
    row, *others = panel(request, article, [sites[key] for key in dict.fromkeys([site.pk, *moved])])
    row.note, row.remarks = said[0], said[1:]
    told = _told(article, row=row, others=others, returned=True, tally=_tally(request, article))
    return render(request, "studio/placing/row.html", told)


def _panel(request: TenantRequest, article: Article, **also: Any) -> HttpResponse:
    sites = list(sites_of(request))
    rows = panel(request, article, sites)
    placed = [row.placement for row in rows if row.placement]
    placeable = [row.site for row in rows if row.may_place]
    results = also.get("results")
    for row in rows:
        if results and row.site.pk in results.by_site:
            result = results.by_site[row.site.pk]
            row.note, row.remarks, row.refused = result.note, result.remarks, result.refused
    told = _told(
        article,
        rows=rows,
        may_place=bool(placeable),
        recalled=standing_recall_of(request, article, placed),
        corrections=Correction.objects.filter(article=article),
        # Beyond the member's sites a placement that is not published is not told of.
        tally=_count(row.placement.status for row in rows if row.placement and row.standing != "none"),
        **({"many": ManyForm(placeable)} | also),
    )
    return render(request, "studio/placing/panel.html", told)


def _told(article: Article, **told: Any) -> dict[str, Any]:
    return {"article": article, "tab": "placements", **told}


def _tally(request: TenantRequest, article: Article) -> dict[str, int]:
    placed = Placement.objects.filter(article=article).values_list("site_id", "status")
    known = (
        status
        for site, status in placed
        if status == Status.PUBLISHED or request.sites is None or site in request.sites
    )
    return _count(known)


def _count(statuses: Iterable[str]) -> dict[str, int]:
    by_status = Counter(statuses)
    return {"placed": by_status.total(), "published": by_status[Status.PUBLISHED]}
