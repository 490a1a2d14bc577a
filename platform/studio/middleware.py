"""The middleware of the studio."""

from typing import cast

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase

# Nothing is loaded from elsewhere and nothing in a page runs or styles by itself: words written by others stay words.
CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class SignedIn(LoginRequiredMiddleware):
    """Every page but the sign-in wants somebody signed in; none of them is kept by a cache."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = cast("HttpResponseBase", self.get_response(request))
        response["Cache-Control"] = "no-store"
        response["Content-Security-Policy"] = CONTENT_POLICY
        return response
