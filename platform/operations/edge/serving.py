"""The endpoint that edges poll, on the internal host alone."""

import gzip
from hmac import compare_digest

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from operations.edge.document import NotNow, document

NO_STORE = {"Cache-Control": "no-store"}


@require_GET
def traefik(request: HttpRequest) -> HttpResponse:
    """The document, in memory; 404 where no EDGE_TOKEN is set, 401 without it, 503 where the edge keeps what it has.

    Never 200 without a certificate: Traefik would take that for the end of all names.
    """
    if not settings.EDGE_TOKEN:
        raise Http404
    if not _is_edge(request.META.get("HTTP_AUTHORIZATION", "")):
        return HttpResponse(
            "Unauthorized: the edge's token is missing or wrong.\n",
            status=401,
            content_type="text/plain; charset=utf-8",
            headers={**NO_STORE, "WWW-Authenticate": "Bearer"},
        )
    try:
        body = document.body()
    except NotNow as reason:
        return HttpResponse(f"{reason}\n", status=503, content_type="text/plain; charset=utf-8", headers=NO_STORE)
    headers = {**NO_STORE, "Vary": "Accept-Encoding"}
    if "gzip" not in request.META.get("HTTP_ACCEPT_ENCODING", ""):
        return HttpResponse(gzip.decompress(body), content_type="application/json", headers=headers)
    return HttpResponse(body, content_type="application/json", headers={**headers, "Content-Encoding": "gzip"})


def _is_edge(authorization: str) -> bool:
    return compare_digest(authorization.encode(), f"Bearer {settings.EDGE_TOKEN}".encode())
