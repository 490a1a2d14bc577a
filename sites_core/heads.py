"""HEAD as it must be answered: GET's headers and no body. Django leaves that to the server, and servers complain."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


def close(body: Iterable[bytes]) -> None:
    """Let a WSGI application know that nobody reads any further: Django then ends its request."""
    getattr(body, "close", lambda: None)()


def heads_without_body(application: WSGIApplication) -> WSGIApplication:
    """The application, whose answers to HEAD carry no body."""

    def answered(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = application(environ, start_response)
        if environ["REQUEST_METHOD"] != "HEAD":
            return body
        close(body)
        return []

    return answered
