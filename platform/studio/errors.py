"""Refusals in the studio's look. Without the request, so that they say the same to everybody and ask no database."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        403, "Not with your role", "Your role in this newsroom does not include this. Its owner can change that."
    )


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(404, "Nothing here", "This page does not exist, or it belongs to a newsroom that you do not work for.")


def broken(request: HttpRequest) -> HttpResponse:
    return _page(500, "That went wrong", "The fault is ours and has been noted. Nothing was changed; please try again.")


def _page(status: int, heading: str, sentence: str) -> HttpResponse:
    return HttpResponse(
        render_to_string("studio/error.html", {"heading": heading, "sentence": sentence}), status=status
    )
