"""A site's static pages: about, imprint, contact. Each is an article of its own kind, written in the editor."""

from typing import Any

from django.contrib import messages
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from publishing.models import Placement
from publishing.placing import unpublish
from publishing.static_pages import add_page
from sites_core.origins import origin
from studio.access import TenantRequest, needs
from studio.sites.forms import StaticPageForm
from studio.sites.opening import back, sent, shown, site_of, told
from studio.standing import Standing, standing
from tenants.roles import Power

# A site's footer names them all: more is no site that anybody reads.
MOST_SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.BRAND)
def pages(request: TenantRequest, site_id: int) -> HttpResponse:
    site = site_of(request, site_id)
    form = StaticPageForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            article = add_page(tenant=request.tenant, site=site, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            told(form, error)
        else:
            messages.success(request, f"“{article}” is prepared on {site.name}. Write it, then publish it there.")
            return HttpResponseRedirect(
                reverse("article", kwargs={"tenant": request.tenant.slug, "article_id": article.pk})
            )
    return shown(request, site, "site-pages", form=form, pages=_shown(site))


@require_POST
@needs(Power.BRAND)
def page(request: TenantRequest, site_id: int, static_page_id: int) -> HttpResponse:
    """Take it off the site."""
    site = site_of(request, site_id)
    found = get_object_or_404(
        Placement.objects.on(site).filter(listed=False).select_related("article"), pk=static_page_id
    )
    unpublish(placements=[found])
    messages.success(request, f"“{found.article}” is off {site.name}: its address answers that nothing is there.")
    return back(request, site, "site-pages")


def _shown(site: Site) -> list[dict[str, Any]]:
    now = timezone.now()
    placed = Placement.objects.on(site).filter(listed=False).select_related("article").order_by("article__title", "pk")
    placed = placed.defer("article__body", "article__html", "article__text")
    return [
        {
            "placement": one,
            "article": one.article,
            "standing": (stands := standing(one, now)).value,
            "stands": stands.word,
            "url": f"{origin(site.domain)}{one.path}" if stands == Standing.LIVE else "",
            "is_up": stands in {Standing.LIVE, Standing.SCHEDULED},
        }
        for one in placed[:MOST_SHOWN]
    ]
