"""The tenant that queries are about. Forgetting it is loud: a query on tenant-owned rows outside a scope raises.

There are three doors: `tenant_scope`, the usual one; `across_tenants`, for platform staff and maintenance, with its
reason as an argument so that a reader of the code meets it; and `of_site`, for what one site shows to everybody.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from django.db import models
from django_scopes import get_scope, scope, scopes_disabled
from django_scopes.exceptions import ScopeError
from django_scopes.manager import DisabledQuerySet

if TYPE_CHECKING:
    from tenants.models import Tenant

__all__ = ["ScopeError", "TenantManager", "across_tenants", "of_site", "tenant_scope"]

M = TypeVar("M", bound=models.Model)


class ForgottenTenant(DisabledQuerySet):  # type: ignore[misc]  # the library has no types
    """A queryset whose every question raises ScopeError; also those of our own vocabulary, such as `on` and `live`."""

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_"):
            raise AttributeError(name)
        self.error()
        raise AttributeError(name)


class TenantManager(models.Manager[M]):
    """Sees the rows of the active tenant. The state is django-scopes'; this class has the type that mypy can follow."""

    def get_queryset(self) -> models.QuerySet[M]:
        active: dict[str, Any] = get_scope()
        if not active.get("_enabled", True):
            return super().get_queryset()
        if "tenant" not in active:
            return ForgottenTenant(self.model, using=self._db, missing_scopes={"tenant"})
        return super().get_queryset().filter(tenant=active["tenant"])


@contextmanager
def tenant_scope(tenant: "Tenant") -> Iterator[None]:
    """Queries inside see this tenant's rows alone."""
    with scope(tenant=tenant):
        yield


@contextmanager
def across_tenants(reason: str) -> Iterator[None]:
    """Queries inside see every tenant's rows. `reason` says why that is right here."""
    if not reason:
        raise ValueError("Say why these queries may see every tenant.")
    with scopes_disabled():
        yield


@contextmanager
def of_site(site_id: int) -> Iterator[None]:
    """Queries inside are about one site's public pages: narrower than its tenant, so no tenant is named.

    Every statement inside carries the site; the reader's isolation test crawls each site for another's words.
    """
    if not site_id:
        raise ValueError("Say which site these queries are about.")
    with scopes_disabled():
        yield
