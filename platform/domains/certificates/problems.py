"""Why there is no certificate: which of three kinds it is decides what is done next."""

from datetime import timedelta

import requests
from acme import errors, messages
from josepy.errors import Error as JoseError

# What the authority says of a request and means the name by it.
_OF_THE_NAME = frozenset(
    {
        "caa",
        "compound",
        "connection",
        "dns",
        "dnssec",
        "incorrectResponse",
        "rejectedIdentifier",
        "tls",
        "unknownHost",
        "unsupportedIdentifier",
    }
)
# What the client raises when the authority is away, slow or says what makes no sense.
OUTSIDE = (errors.Error, JoseError, requests.RequestException, OSError, ValueError, KeyError, TypeError, AttributeError)


class Problem(Exception):
    """There is no certificate; why, in a sentence for people. `after`: the authority said when to come again."""

    def __init__(self, sentence: str, *, after: timedelta | None = None) -> None:
        super().__init__(sentence[:1000])
        self.after = after


class RateLimited(Problem):
    """The authority has had enough of us for now."""


class NameAtFault(Problem):
    """The name's own fault: its DNS, its CAA records, or that the authority gives it no certificate at all."""


class AuthorityTrouble(Problem):
    """The authority is down, slow, confused, or does not like our account. No name is to blame."""


def sorted_out(error: Exception) -> Problem:
    """What the client raised, as one of the three kinds."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, errors.IssuanceError):
        return sorted_out(error.error)
    if isinstance(error, messages.Error):
        return _said(error)
    if isinstance(error, requests.Timeout | errors.TimeoutError):
        return AuthorityTrouble("The certificate authority did not answer in time.")
    if isinstance(error, requests.ConnectionError):
        return AuthorityTrouble("The certificate authority could not be reached.")
    return AuthorityTrouble(f"The certificate authority answered something unexpected: {_brief(error)}.")


def refused(error: messages.Error | None) -> Problem:
    """Why an authorization is invalid: the authority has asked the name, so that it is the name's fault."""
    if error is not None and error.code in {"serverInternal", "rateLimited"}:
        return sorted_out(error)
    return NameAtFault(f"The authority's check of the name failed: {_sentence(error)}")


def _said(error: messages.Error) -> Problem:
    sentence = f"The certificate authority refused: {_sentence(error)}"
    if error.code == "rateLimited":
        return RateLimited(sentence)
    return NameAtFault(sentence) if error.code in _OF_THE_NAME else AuthorityTrouble(sentence)


def _sentence(error: messages.Error | None) -> str:
    if error is None:
        return "it did not say why."
    told = error.detail or error.description or error.typ
    parts = [told, *(part.detail or "" for part in error.subproblems or ())]
    # Anybody may have written it: an authority quotes what a name's server answered.
    line = " ".join(" ".join(parts).split())
    return "".join(letter for letter in line if letter.isprintable())[:600].rstrip(".") + "."


def _brief(error: Exception) -> str:
    return " ".join(f"{type(error).__name__} {error}".split())[:200]
