"""Refusals in the studio's look. Without the request, so that they say the same to everybody and ask no database."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views import csrf


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        403, "Not with your role", "Your role in this newsroom does not include this. Its owner can change that."
    )


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(404, "Nothing here", "This page does not exist, or it belongs to a newsroom that you do not work for.")


def broken(request: HttpRequest) -> HttpResponse:
    sentence = (
        "The studio failed at this, and it has been noted. Nothing was changed. "
        "Try again; if it fails again, tell whoever runs this platform."
    )
    return _page(500, "That went wrong", sentence)


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What CSRF_FAILURE_VIEW names: a form without the token of this browser, on whichever front."""
    if getattr(request, "surface", "") != "studio":
        return csrf.csrf_failure(request, reason)
    return _page(
        403,
        "This page was too old",
        "It was open while you signed in or out elsewhere, or it did not come from here. Nothing was changed. "
        "Go back, keep a copy of what you typed, load the page again and send it once more.",
    )


def _page(status: int, heading: str, sentence: str) -> HttpResponse:
    return HttpResponse(
        render_to_string("studio/error.html", {"heading": heading, "sentence": sentence}), status=status
    )
