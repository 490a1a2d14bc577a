"""The one door to a tenant's pages: who comes in, and with which power."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, cast

from django.contrib.sites.models import Site
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from publishing.models import Article, Placement
from sites_core.requests import SurfaceRequest
from tenants.models import Membership, Tenant, User
from tenants.roles import Power
from tenants.scope import across_tenants, tenant_scope


class TenantRequest(SurfaceRequest):
    """A member's request to a page of a tenant. `sites` are the primary keys that the membership is limited to, if any.

    None is no limit; an empty set is no site. What may be done on which of them `membership.sites_with` says.
    """

    user: User
    tenant: Tenant
    membership: Membership
    sites: frozenset[int] | None


class TenantView(Protocol):
    power: Power

    def __call__(self, request: HttpRequest, tenant: str, **kwargs: Any) -> HttpResponseBase: ...


def needs(power: Power) -> Callable[[Callable[..., HttpResponseBase]], TenantView]:
    """Let a view be reached by members whose role holds the power, with the tenant's scope active.

    A tenant that one does not belong to is answered like one that does not exist: 404. The view must return its
    response rendered: the scope ends with it.
    """

    def decorate(view: Callable[..., HttpResponseBase]) -> TenantView:
        @wraps(view)
        def answer(request: HttpRequest, tenant: str, **kwargs: Any) -> HttpResponseBase:
            known = cast("TenantRequest", request)
            known.membership = _membership(known.user, tenant)
            known.tenant = known.membership.tenant
            known.sites = _sites(known.membership)
            if not known.membership.may(power):
                raise PermissionDenied
            with tenant_scope(known.tenant):
                return view(known, **kwargs)

        guarded = cast("TenantView", answer)
        guarded.power = power
        return guarded

    return decorate


def article_of(request: TenantRequest, article_id: int) -> Article:
    """The tenant's article, without its rendered text; Http404 where there is none."""
    article = Article.objects.defer("html", "text").filter(pk=article_id).first()
    if article is None:
        raise Http404
    return article


def may_write(request: TenantRequest, article: Article) -> bool:
    """Whether the member may change the article's words.

    Who edits may change what no site beyond theirs has published; an author what is their own, until it is published.
    What a site has taken off or recalled it may bring back, and then its readers see these words.
    """
    published = Placement.objects.filter(article=article).exclude(status=Placement.Status.DRAFT)
    sites = frozenset(published.values_list("site_id", flat=True))
    mine = article.written_by_id == request.user.pk and request.membership.may(Power.WRITE)
    if not request.membership.may(Power.EDIT):
        return mine and not sites
    edited = request.membership.sites_with(Power.EDIT)
    return edited is None or sites <= edited


def sites_with(request: TenantRequest, power: Power) -> QuerySet[Site]:
    """The tenant's sites on which the member holds the power, by domain."""
    owned = Site.objects.filter(ownership__tenant=request.tenant).order_by("domain")
    limited = request.membership.sites_with(power)
    return owned if limited is None else owned.filter(pk__in=limited)


def _sites(membership: Membership) -> frozenset[int] | None:
    return None if membership.all_sites else frozenset(limit.site_id for limit in membership.limits.all())


def memberships_of(user: User) -> list[Membership]:
    """Where somebody works, by the tenant's name."""
    with across_tenants("one's own memberships say which tenants one may choose from"):
        return list(Membership.objects.filter(user=user).select_related("tenant").order_by("tenant__name"))


def _membership(user: User, slug: str) -> Membership:
    with across_tenants("the membership is what opens the tenant's scope"):
        mine = Membership.objects.filter(user=user, tenant__slug=slug).select_related("tenant")
        found = mine.prefetch_related("limits").first()
    if found is None:
        raise Http404
    return found
