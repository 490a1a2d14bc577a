"""A site's redirects: found, added, deleted, and taken from a file."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from publishing.importing.redirects import Line, Outcome, import_redirects
from publishing.models import Redirect
from publishing.redirects import add_redirect
from studio.access import TenantRequest, needs
from studio.sites.forms import ImportForm, RedirectForm
from studio.sites.opening import around, back, sent, shown, site_of, told
from tenants.roles import Power

PAGE = 50
# Of a trial, each: what is refused, what is changed or led on, and what goes in as it stands.
MOST_SHOWN = 300


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.BRAND)
def redirects(request: TenantRequest, site_id: int) -> HttpResponse:
    site = site_of(request, site_id)
    form = RedirectForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            added = add_redirect(tenant=request.tenant, site=site, **form.cleaned_data)
        except ValidationError as error:
            told(form, error)
        else:
            messages.success(request, f"{added.path} leads to {added.target}.")
            return back(request, site, "site-redirects")
    return shown(request, site, "site-redirects", form=form, **_listed(request, site))


@require_POST
@needs(Power.BRAND)
def one(request: TenantRequest, site_id: int, redirect_id: int) -> HttpResponse:
    """Delete it."""
    site = site_of(request, site_id)
    found = get_object_or_404(Redirect, pk=redirect_id, site=site)
    found.delete()
    messages.success(request, f"{found.path} leads nowhere now: it answers that nothing is there.")
    return back(request, site, "site-redirects")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.BRAND)
def import_lines(request: TenantRequest, site_id: int) -> HttpResponse:
    """First on trial, with what would become of each line; then in earnest."""
    site = site_of(request, site_id)
    form = ImportForm(sent(request), request.FILES or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        text, is_trial = form.cleaned_data["lines"], "import" not in request.POST
        try:
            lines = import_redirects(tenant=request.tenant, site=site, text=text, is_trial=is_trial)
        except ValidationError as error:
            told(form, error)
        else:
            if not is_trial:
                messages.success(request, f"{_told(lines)} of {len(lines):,} lines.")
                return back(request, site, "site-redirects")
            context |= _tried(lines) | {"text": text}
    return render(request, "studio/sites/import.html", around(request, site, "site-redirects") | context)


def _listed(request: TenantRequest, site: Site) -> dict[str, Any]:
    words, after = (request.GET.get(name, "").replace("\0", "") for name in ("q", "after"))
    wanted = Redirect.objects.filter(site=site).order_by("path")
    if words:
        wanted = wanted.filter(Q(path__icontains=words) | Q(target__icontains=words))
    if after:
        wanted = wanted.filter(path__gt=after)
    rows = list(wanted[: PAGE + 1])
    return {"rows": rows[:PAGE], "after": rows[PAGE - 1].path if len(rows) > PAGE else "", "words": words}


def _tried(lines: list[Line]) -> dict[str, Any]:
    counts = Counter(line.outcome for line in lines)
    kinds: dict[str, list[Line]] = {"refused": [], "noted": [], "plain": []}
    for line in lines:
        kinds[_kind(line)].append(line)
    shown = [line for kind in kinds.values() for line in kind[:MOST_SHOWN]]
    return {
        "lines": sorted(shown, key=lambda line: line.number),
        "left_out": {name: len(kind[MOST_SHOWN:]) for name, kind in kinds.items()},
        "told": _told(lines),
        "counts": counts,
        "goes_in": counts[Outcome.ADDED] + counts[Outcome.CHANGED],
    }


def _kind(line: Line) -> str:
    if line.outcome == Outcome.REFUSED:
        return "refused"
    return "noted" if line.outcome == Outcome.CHANGED or line.sentence else "plain"


def _told(lines: list[Line]) -> str:
    counts = Counter(line.outcome for line in lines)
    return ", ".join(f"{counts[outcome]:,} {outcome}" for outcome in Outcome if counts[outcome])
