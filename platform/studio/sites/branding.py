"""A site's brand, and its pages in a look that is not saved yet."""

from datetime import timedelta
from typing import Any

from csp.decorators import csp_update
from django.contrib import messages
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from publishing.models import Article, Placement
from sites_core.branding import COLOURS, time_zones
from sites_core.previews import preview_origin
from studio.access import TenantRequest, needs
from studio.sites.forms import BrandForm
from studio.sites.opening import around, back, sent, site_of
from tenants.roles import Power

# As long as somebody looks at it while choosing; a new one is made with the next change.
LIFETIME = timedelta(minutes=30)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.BRAND)
def brand(request: TenantRequest, site_id: int) -> HttpResponse:
    site = site_of(request, site_id)
    form = BrandForm(sent(request), instance=site.brand)
    if request.method == "POST" and form.is_valid():
        _say(request, site, form.keep())
        return back(request, site, "site-brand")
    context = around(request, site, "site-brand") | _context(form) | {"zones": time_zones()}
    # The look that is not saved is shown in a frame, whose host is its own; no other page of the studio has one.
    framing: Any = csp_update({"frame-src": [preview_origin(site.pk)]})
    answer: HttpResponse = framing(render)(request, "studio/sites/brand.html", context)
    return answer


@require_POST
@needs(Power.BRAND)
def preview(request: TenantRequest, site_id: int) -> HttpResponse:
    """What the form as it is would look like: its contrasts, what is wrong with it, and where its page is shown."""
    site = site_of(request, site_id)
    form = BrandForm(request.POST, instance=site.brand)
    is_right = form.is_valid()
    article = _newest(site) if request.POST.get("shown") == "article" else None
    url, sentence = _made(request, site, form, article)
    context = _context(form) | {"site": site, "url": url, "sentence": sentence, "is_right": is_right}
    return render(request, "studio/sites/standing.html", context)


def _context(form: BrandForm) -> dict[str, Any]:
    light, dark = form.pages()
    otherwise = form.colours_when_empty()
    shades = {fault.column: fault for fault in form.faults}
    groups = [
        (
            page,
            [(form[name], otherwise[name], shades.get(name)) for name in COLOURS if name.endswith("_dark") == is_dark],
        )
        for page, is_dark in ((light, False), (dark, True))
    ]
    return {"form": form, "palette": groups, "of_palette": COLOURS}


def _made(request: TenantRequest, site: Site, form: BrandForm, article: Article | None) -> tuple[str, str]:
    """The address of the preview, or a sentence in its place."""
    # Here: whoever changes menus and redirects does not load what previews need.
    from publishing.previewing import make

    look, by = form.look(), request.user
    try:
        url = make(tenant=request.tenant, site=site, by=by, article=article, look=look, lifetime=LIFETIME)
    except ValidationError as error:
        return "", " ".join(error.messages)
    return url, ""


def _newest(site: Site) -> Article | None:
    live = Placement.objects.on(site).listed().live(timezone.now()).newest_first().select_related("article")
    placement = live.first()
    return placement.article if placement else None


def _say(request: TenantRequest, site: Site, changed: list[str]) -> None:
    if not changed:
        messages.info(request, "Nothing was changed.")
        return
    told = {"logo_width": "", "logo_height": "", "options": "options of the theme"}
    names = [told.get(name, name.replace("_", " ")) for name in changed]
    what = ", ".join(name for name in names if name)
    messages.success(request, f"Saved for {site.name}: {what}. Readers see it within a second.")
