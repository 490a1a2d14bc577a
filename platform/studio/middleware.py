"""The middleware of the studio."""

from collections.abc import Callable
from typing import cast

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase


class SignedIn(LoginRequiredMiddleware):
    """Every page but the sign-in wants somebody signed in; none of them is kept by a cache."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = cast("HttpResponseBase", self.get_response(request))
        # But for what can never change: a picture's name changes with it.
        if "immutable" not in response.get("Cache-Control", ""):
            response["Cache-Control"] = "no-store"
        return response

    def handle_no_permission(  # type: ignore[override]  # more than a redirect
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        """A script follows a redirect without a word, and would take the sign-in for what it asked for."""
        if asked_by_script(request):
            sentence = "Your session has ended. Sign in again in another tab; what you typed here is still here.\n"
            headers = {"Studio-Session": "ended"}
            return HttpResponse(sentence, status=403, content_type="text/plain; charset=utf-8", headers=headers)
        return super().handle_no_permission(request, view_func)


def asked_by_script(request: HttpRequest) -> bool:
    """Whether a script of a page asks, and not the browser for a page. Browsers say so themselves."""
    return "HX-Request" in request.headers or request.headers.get("Sec-Fetch-Dest") == "empty"
