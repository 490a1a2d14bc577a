"""How the authority is spoken to: with time-outs and bounds on what it may answer, and patience with its nonces."""

import io
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from acme import client, messages
from josepy.jwa import ES256
from josepy.jwk import JWK
from requests.adapters import HTTPAdapter

from domains.certificates.problems import AuthorityTrouble, RateLimited

# Seconds for a connection and for each piece of an answer, and for an answer in all.
TIMEOUT_SECONDS = 10
ANSWER_SECONDS = 20.0
# Longer than any chain of certificates.
LARGEST_ANSWER = 512 * 1024
# An authority may refuse a good nonce, and some do so on purpose: https://www.rfc-editor.org/rfc/rfc8555#section-6.5.
NONCES = 12
# What a Retry-After may make us wait.
LONGEST_PAUSE = timedelta(days=1)


class Bounded(HTTPAdapter):
    """Reads an answer whole, as long as it is neither too long nor too slow."""

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        response = super().send(request, *args, **(options | {"stream": True}))
        deadline = time.monotonic() + ANSWER_SECONDS
        body = io.BytesIO()
        for piece in response.iter_content(16 * 1024):
            body.write(piece)
            if body.tell() > LARGEST_ANSWER or time.monotonic() > deadline:
                response.close()
                raise AuthorityTrouble("The certificate authority's answer was too long or took too long.")
        body.seek(0)
        # What reads the answer from here on reads it from memory; it is decompressed already.
        read = requests.Response()
        read.status_code, read.reason, read.url = response.status_code, response.reason, response.url
        read.headers, read.request, read.raw = response.headers, response.request, body
        read.encoding = response.encoding
        return read


class Network(client.ClientNetwork):
    """The library's network, for one thread. `bundle`: the file with the roots to trust; "" for the usual ones."""

    def __init__(self, key: JWK, *, bundle: str) -> None:
        super().__init__(key, alg=ES256, user_agent="Masthead", timeout=TIMEOUT_SECONDS)
        self.verify_ssl = bundle or True  # type: ignore[assignment]  # handed to requests, which takes a path
        # TLS alone, whatever address the authority names: nothing is mounted for http://.
        self.session.adapters.clear()
        self.session.mount("https://", Bounded())
        self.session.max_redirects = 2

    def post(self, *args: Any, **options: Any) -> requests.Response:
        for _ in range(NONCES - 1):
            try:
                return self._post_once(*args, **options)
            except messages.Error as error:
                if error.code != "badNonce":
                    raise
        return self._post_once(*args, **options)

    @classmethod
    def _check_response(cls, response: requests.Response, content_type: str | None = None) -> requests.Response:
        # Here, because what the library raises no longer has the header.
        after = pause_asked(response)
        if response.status_code == 503:
            raise AuthorityTrouble("The certificate authority is busy.", after=after)
        try:
            return super()._check_response(response, content_type)
        except messages.Error as error:
            if error.code == "rateLimited" or response.status_code == 429:
                raise RateLimited(f"The certificate authority limits us: {error.detail}", after=after) from error
            raise


def pause_asked(response: requests.Response) -> timedelta | None:
    """What the answer's Retry-After says, seconds or a date; None where it says nothing that makes sense."""
    said = response.headers.get("Retry-After", "").strip()
    try:
        after = timedelta(seconds=int(said)) if said.isdecimal() else parsedate_to_datetime(said) - datetime.now(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(after, timedelta()), LONGEST_PAUSE)
