"""The middleware of the studio."""

from typing import cast

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class SignedIn(LoginRequiredMiddleware):
    """Every page but the sign-in wants somebody signed in; none of them is kept by a cache."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = cast("HttpResponseBase", self.get_response(request))
        response["Cache-Control"] = "no-store"
        return response
