"""A site's sections."""

from typing import Any

from django.contrib import messages
from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.db.models.expressions import RawSQL
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST

from publishing.models import Section
from publishing.sections import add_section, change_section, delete_section, order_sections
from studio.access import TenantRequest, needs
from studio.sites.forms import SectionForm
from studio.sites.opening import back, order_from, shown, site_of, told
from tenants.roles import Power

# More is not counted.
MOST_COUNTED = 1000
_PLACED = """
(SELECT count(*) FROM (
    SELECT FROM publishing_placement placement WHERE placement.section_id = publishing_section.id LIMIT %s) counted)
"""


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.BRAND)
def sections(request: TenantRequest, site_id: int) -> HttpResponse:
    site = site_of(request, site_id)
    if request.method != "POST":
        return _page(request, site)
    if "order" in request.POST:
        order_sections(site=site, order=order_from(request))
        return back(request, site, "site-sections")
    form = SectionForm(request.POST, prefix="new")
    if form.is_valid():
        try:
            section = add_section(tenant=request.tenant, site=site, **form.cleaned_data)
        except ValidationError as error:
            told(form, error)
        else:
            messages.success(request, f"“{section}” is a section of {site.name}.")
            return back(request, site, "site-sections")
    return _page(request, site, adding=form)


@require_POST
@needs(Power.BRAND)
def section(request: TenantRequest, site_id: int, section_id: int) -> HttpResponse:
    site = site_of(request, site_id)
    found = get_object_or_404(Section.objects.select_related("site", "tenant"), pk=section_id, site=site)
    if "delete" in request.POST:
        freed = delete_section(section=found)
        stay = f" {_articles(freed)} in no section now, at the same address." if freed else ""
        messages.success(request, f"The section “{found.name}” was deleted.{stay}")
        return back(request, site, "site-sections")
    form = SectionForm(request.POST, prefix=_prefix(found))
    before = found.slug
    if form.is_valid():
        try:
            change_section(section=found, **form.cleaned_data)
        except ValidationError as error:
            told(form, error)
        else:
            led = f" /sections/{before}/ redirects to its new address." if found.slug != before else ""
            messages.success(request, f"“{found.name}” was saved.{led}")
            return back(request, site, "site-sections")
    return _page(request, site, changing=(section_id, form))


def _page(
    request: TenantRequest,
    site: Site,
    adding: SectionForm | None = None,
    changing: tuple[int, SectionForm] | None = None,
) -> HttpResponse:
    """With the forms as they were sent, where they could not be kept."""
    sent = dict([changing] if changing else [])
    counted: Any = Section.objects.filter(site=site).annotate(
        placed=RawSQL(_PLACED, [MOST_COUNTED + 1])  # noqa: S611 -- constant
    )
    rows = [(one, sent.get(one.pk) or _form_of(one)) for one in counted]
    return shown(request, site, "site-sections", sections=rows, form=adding or SectionForm(prefix="new"))


def _form_of(section: Section) -> SectionForm:
    return SectionForm(prefix=_prefix(section), initial={"name": section.name, "slug": section.slug})


def _prefix(section: Section) -> str:
    return f"section-{section.pk}"


def _articles(count: int) -> str:
    return "Its one article stays" if count == 1 else f"Its {count:,} articles stay"
