"""The middleware of ops."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from tenants.scope import across_tenants


class AcrossTenants:
    """Platform staff see every tenant's rows; whoever is not, meets closed managers on this host."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not (request.user.is_active and getattr(request.user, "is_staff", False)):
            return self.get_response(request)
        with across_tenants("platform staff see every tenant"):
            return self.get_response(request)
