"""What the editor asks while somebody writes: what Markdown becomes, and which topics and bylines there are."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from publishing import bodies
from publishing.bodies import BodyFormat, BodyTooLong
from publishing.images import shown_in
from publishing.models import Byline, Topic
from studio.access import TenantRequest, needs
from studio.writing.showing import shown
from studio.writing.words import lines
from tenants.roles import Power

MOST_OFFERED = 12


@require_POST
@needs(Power.WRITE)
def rendering(request: TenantRequest) -> HttpResponse:
    """JSON: `html`, the words as readers get them, with pictures from the studio's own host; or, asked for a source,
    Markdown as an HTML source to go on with."""
    source = lines(request.POST.get("body", ""))
    body_format: BodyFormat = "html" if request.POST.get("body_format") == "html" else "markdown"
    try:
        if "source" in request.POST:
            return JsonResponse({"html": bodies.as_html(source)})
        body = bodies.render(source, body_format, shown_in(request.tenant.pk, source))
    except BodyTooLong as error:
        return JsonResponse({"error": str(error)}, status=422)
    return JsonResponse({"html": shown(request.tenant, body.html), "words": body.word_count})


@require_safe
@needs(Power.WRITE)
def topics(request: TenantRequest) -> HttpResponse:
    return _choices(request, Topic)


@require_safe
@needs(Power.WRITE)
def bylines(request: TenantRequest) -> HttpResponse:
    return _choices(request, Byline)


def _choices(request: TenantRequest, model: type[Topic] | type[Byline]) -> HttpResponse:
    """JSON: those of the tenant whose names hold what was typed, those that begin with it first."""
    typed = " ".join(request.GET.get("q", "").replace("\0", "").split())[:120]
    named = model.objects.filter(name__icontains=typed) if typed else model.objects.all()
    found = sorted(
        named.order_by("name").values_list("pk", "name")[: MOST_OFFERED * 5],
        key=lambda row: (not row[1].lower().startswith(typed.lower()), row[1].lower()),
    )
    return JsonResponse({"choices": [{"id": pk, "name": name} for pk, name in found[:MOST_OFFERED]]})
