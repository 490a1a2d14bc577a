"""Masthead's settings, with a count of what reaches Django: a byte for each request in the file that RENDERS names."""

import os
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class Rendered:
    """Middleware. Appended bytes of several processes do not overwrite each other."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.file = os.open(os.environ["RENDERS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        os.write(self.file, b".")
        return self.get_response(request)
