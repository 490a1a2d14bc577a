"""All that a tenant has, as a file to take along."""

import tempfile

import pghistory
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from publishing.takeout.exporting import export
from studio.access import TenantRequest, needs
from tenants.history import TAKEN_OUT
from tenants.roles import Power


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.MANAGE)
def takeout(request: TenantRequest) -> HttpResponseBase:
    """What the file holds; a POST makes and sends it."""
    return _file(request) if request.method == "POST" else render(request, "studio/takeout/takeout.html")


def _file(request: TenantRequest) -> FileResponse:
    # On disk and not in memory: it holds every picture. The response closes it, and closed it is gone.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    export(tenant=request.tenant, to=file)
    file.seek(0)
    pghistory.create_event(request.tenant, label=TAKEN_OUT)
    name = f"{request.tenant.slug}-{timezone.now():%Y-%m-%d}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
