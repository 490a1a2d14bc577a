"""Topics and bylines of the tenant: found, added, renamed, merged, deleted."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, Q
from django.db.models.expressions import RawSQL
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from publishing.models import Byline, Topic
from publishing.vocabulary import add_byline, add_topic, change_byline, change_topic, delete_term, merge
from studio.access import TenantRequest, needs
from studio.settings.forms import BylineForm, MergeForm, TermForm
from studio.settings.ways import tabs
from tenants.roles import Power

PAGE = 50
# More articles are not counted, nor more names offered to merge into: a page costs the same whatever there is.
MOST_COUNTED, MOST_OFFERED = 1000, 300


class Area(NamedTuple):
    """What differs between the pages of topics and those of bylines. `one` and `many` are also the URLs' names."""

    one: str
    many: str
    label: str
    about: str
    model: Any
    form: type[TermForm]
    add: Callable[..., Any]
    change: Callable[..., Any]


TOPICS = Area(
    one="topic",
    many="topics",
    label="Topics",
    about="What articles are about, on all sites of the newsroom. Each site lists those that it shows.",
    model=Topic,
    form=TermForm,
    add=add_topic,
    change=change_topic,
)
BYLINES = Area(
    one="byline",
    many="bylines",
    label="Bylines",
    about="The names under which articles appear. Who may sign in is another matter, settled under Members.",
    model=Byline,
    form=BylineForm,
    add=add_byline,
    change=change_byline,
)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.EDIT)
def topics(request: TenantRequest) -> HttpResponse:
    return _list(request, TOPICS)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.EDIT)
def bylines(request: TenantRequest) -> HttpResponse:
    return _list(request, BYLINES)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.EDIT)
def topic(request: TenantRequest, topic_id: int) -> HttpResponse:
    return _one(request, TOPICS, get_object_or_404(Topic.objects.annotate(articles_found=_count(Topic)), pk=topic_id))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Power.EDIT)
def byline(request: TenantRequest, byline_id: int) -> HttpResponse:
    found = Byline.objects.select_related("picture").annotate(articles_found=_count(Byline))
    return _one(request, BYLINES, get_object_or_404(found, pk=byline_id))


def _list(request: TenantRequest, area: Area) -> HttpResponse:
    form = TermForm(request.POST if request.method == "POST" else None, prefix="new")
    if request.method == "POST" and form.is_valid():
        try:
            made = area.add(tenant=request.tenant, **form.cleaned_data)
        except ValidationError as error:
            _tell(form, error)
        else:
            messages.success(request, f"“{made}” was added.")
            return HttpResponseRedirect(
                _address(request, area, made.pk) if area is BYLINES else _address(request, area)
            )
    return render(
        request, "studio/settings/terms.html", _around(request, area) | _found(request, area) | {"form": form}
    )


def _found(request: TenantRequest, area: Area) -> dict[str, Any]:
    """By slug, which an index has in order, and which knows no difference between Ü and U."""
    words, after = (request.GET.get(name, "").replace("\0", "").strip() for name in ("q", "after"))
    wanted = area.model.objects.order_by("slug").annotate(articles_found=_count(area.model))
    if words:
        wanted = wanted.filter(Q(name__icontains=words) | Q(slug__icontains=words))
    if after:
        wanted = wanted.filter(slug__gt=after)
    if area is BYLINES:
        wanted = wanted.select_related("picture")
    rows = list(wanted[: PAGE + 1])
    return {"terms": rows[:PAGE], "after": rows[PAGE - 1].slug if len(rows) > PAGE else "", "words": words}


def _one(request: TenantRequest, area: Area, term: Any) -> HttpResponse:
    name = term.name
    form, merging = _form(area, term), MergeForm(term, prefix="merge")
    if request.method == "POST":
        _refuse_part(request)
        try:
            if "merge" in request.POST:
                merging = MergeForm(term, request.POST, prefix="merge")
                if merging.is_valid():
                    return _merge(request, area, term, merging)
            elif "delete" in request.POST:
                delete_term(term=term)
                messages.success(request, f"“{name}” was deleted.")
                return HttpResponseRedirect(_address(request, area))
            else:
                form = _form(area, term, request.POST)
                if form.is_valid():
                    return _change(request, area, term, form)
        except ValidationError as error:
            _tell(merging if "merge" in request.POST else form, error, request)
            term.name = name
    context = {"term": term, "name": name, "form": form, "merging": merging, "others": _others(area, term)}
    return render(request, "studio/settings/term.html", _around(request, area) | context)


def _form(area: Area, term: Any, posted: Any = None) -> TermForm:
    initial = {"name": term.name, "slug": term.slug}
    if area is BYLINES:
        initial |= {"bio": term.bio, "picture": term.picture_id}
    return area.form(posted, initial=initial)


def _change(request: TenantRequest, area: Area, term: Any, form: TermForm) -> HttpResponse:
    before = term.slug
    area.change(**{area.one: term}, **form.cleaned_data)
    led = " Its old address redirects, on each site that lists it." if term.slug != before else ""
    messages.success(request, f"“{term}” was saved.{led}")
    return HttpResponseRedirect(_address(request, area, term.pk))


def _merge(request: TenantRequest, area: Area, term: Any, form: MergeForm) -> HttpResponse:
    into = form.cleaned_data["into"]
    key, name, count = into.pk, term.name, merge(gone=term, into=into)
    articles = "One article" if count == 1 else f"{count:,} articles"
    messages.success(request, f"“{name}” is “{into}” now. {articles} went with it; its address redirects.")
    return HttpResponseRedirect(_address(request, area, key))


def _refuse_part(request: TenantRequest) -> None:
    """What is seen on all sites of the tenant is changed by who edits on all of them."""
    if not _edits_everywhere(request):
        raise PermissionDenied


def _edits_everywhere(request: TenantRequest) -> bool:
    return request.membership.sites_with(Power.EDIT) is None


def _around(request: TenantRequest, area: Area) -> dict[str, Any]:
    return {
        "area": area,
        "tabs": tabs(request, area.many),
        "list_url": _address(request, area),
        "may_change": _edits_everywhere(request),
        "most": MOST_COUNTED,
    }


def _address(request: TenantRequest, area: Area, key: int | None = None) -> str:
    if key is None:
        return reverse(area.many, kwargs={"tenant": request.tenant.slug})
    return reverse(area.one, kwargs={"tenant": request.tenant.slug, f"{area.one}_id": key})


def _count(model: type[Model]) -> RawSQL:
    name = model._meta.model_name
    return RawSQL(  # noqa: S611 -- constant
        f"(SELECT count(*) FROM (SELECT FROM publishing_article{name} filed "  # noqa: S608 -- constant
        f"WHERE filed.{name}_id = publishing_{name}.id LIMIT %s) counted)",
        [MOST_COUNTED + 1],
    )


def _others(area: Area, term: Any) -> list[tuple[str, str]]:
    others = area.model.objects.exclude(pk=term.pk).order_by("slug").values_list("slug", "name")
    return list(others[:MOST_OFFERED])


def _tell(form: Any, error: ValidationError, request: TenantRequest | None = None) -> None:
    """Put what a deed refused at the fields that it names; the rest stands above the form."""
    if not form.is_bound and request:
        messages.error(request, " ".join(error.messages))
    elif hasattr(error, "error_dict"):
        for field, errors in error.error_dict.items():
            form.add_error(field if field in form.fields else None, errors)
    else:
        form.add_error(None, error)
