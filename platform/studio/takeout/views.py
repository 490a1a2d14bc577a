"""All that a tenant has, as a file to take along."""

import tempfile

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from publishing.takeout.erasing import census
from publishing.takeout.exporting import export
from studio.access import TenantRequest, needs
from tenants.roles import Power


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.MANAGE)
def takeout(request: TenantRequest) -> HttpResponseBase:
    """What the file would hold; a POST makes and sends it."""
    return _file(request) if request.method == "POST" else _page(request)


def _page(request: TenantRequest) -> HttpResponse:
    there = census(request.tenant)
    counts = {
        label: there.rows[column]
        for label, column in (
            ("articles", "publishing_article.tenant_id"),
            ("revisions", "publishing_revision.tenant_id"),
            ("pictures", "publishing_image.tenant_id"),
            ("comments", "publishing_comment.tenant_id"),
            ("sites", "tenants_ownership.tenant_id"),
            ("members", "tenants_membership.tenant_id"),
        )
    }
    return render(request, "studio/takeout/takeout.html", {"counts": counts})


def _file(request: TenantRequest) -> FileResponse:
    # On disk and not in memory: it holds every picture. The response closes it, and closed it is gone.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    export(tenant=request.tenant, to=file)
    file.seek(0)
    name = f"{request.tenant.slug}-{timezone.now():%Y-%m-%d}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
