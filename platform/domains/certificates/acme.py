"""The client of a certificate authority: from a name and a key to a chain of certificates.

One name an order, so that one name's failure is never another's. Whatever goes wrong is raised as one of the three
kinds of `problems`.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from acme import challenges, messages
from acme.client import ClientV2
from acme.crypto_util import make_csr
from cryptography.x509 import ExtensionNotFound
from django.conf import settings

from domains.certificates.account import registered
from domains.certificates.network import Network, pause_asked
from domains.certificates.problems import OUTSIDE, AuthorityTrouble, NameAtFault, Problem, refused, sorted_out
from domains.certificates.proving import shown

log = logging.getLogger(__name__)

# Seconds that an order may take, from the first request to the chain.
ORDER_SECONDS = 120.0
# Between two looks at what the authority has to finish: from the first to the longest.
FIRST_LOOK, LONGEST_LOOK = 0.05, 5.0
# How long a client is good before it asks for the directory again.
CLIENT_SECONDS = 3600.0

T = TypeVar("T")


class Authority(ClientV2):
    """The authority of ACME_DIRECTORY, for one thread."""

    def __init__(self, directory: str, *, unknown: str = "") -> None:
        self.key, account = registered(directory, unknown=unknown)
        network = Network(self.key, bundle=settings.ACME_CA_BUNDLE)
        super().__init__(ClientV2.get_directory(directory, network), network)
        network.account = account
        self.made = time.monotonic()

    def obtain(self, name: str, key_pem: bytes) -> str:
        """The chain in PEM, the name's own certificate first. Raises Problem."""
        order = self.new_order(make_csr(key_pem, [name]))
        if order.body.status != messages.STATUS_READY:
            for authorization in order.authorizations:
                self._authorize(name, authorization)
        try:
            order = self.begin_finalization(order)
        except messages.Error as error:
            if error.code != "orderNotReady":
                raise
        return self._chain(order, time.monotonic() + ORDER_SECONDS)

    def renew_at(self, chain_pem: str) -> datetime | None:
        """When the authority says that this certificate should be renewed; None where it says nothing. Never raises."""
        if not self.tells_renewal:
            return None
        try:
            return self.renewal_time(chain_pem.encode())[0]
        except (*OUTSIDE, ExtensionNotFound) as error:
            log.info("The authority does not say when to renew: %s", error)
            return None

    @property
    def tells_renewal(self) -> bool:
        return "renewalInfo" in self.directory.to_partial_json()

    def _authorize(self, name: str, authorization: messages.AuthorizationResource) -> None:
        if authorization.body.identifier.value != name.removeprefix("*."):
            raise AuthorityTrouble("The certificate authority asks about another name.")
        if authorization.body.status == messages.STATUS_VALID:
            return
        challenge = _answerable(name, authorization)
        response, answer = challenge.chall.response_and_validation(self.key)
        with shown(name, challenge.chall, answer):
            # From here on: the time that a hook takes is not the authority's.
            deadline = time.monotonic() + ORDER_SECONDS
            self.answer_challenge(challenge, response)
            ended = self._look(
                lambda: self._post_as_get(authorization.uri),
                messages.Authorization.from_json,
                lambda body: body.status not in {messages.STATUS_PENDING, messages.STATUS_PROCESSING},
                deadline,
            )
        if ended.status != messages.STATUS_VALID:
            raise refused(next((one.error for one in ended.challenges if one.error is not None), None))

    def _chain(self, order: messages.OrderResource, deadline: float) -> str:
        body: messages.Order = self._look(
            lambda: self._post_as_get(order.uri),
            messages.Order.from_json,
            lambda body: body.status in {messages.STATUS_VALID, messages.STATUS_INVALID},
            deadline,
            seen=order.body,
        )
        if body.status == messages.STATUS_INVALID:
            raise sorted_out(body.error) if body.error else AuthorityTrouble("The authority dropped the order.")
        if not body.certificate:
            raise AuthorityTrouble("The certificate authority has a certificate and does not say where.")
        return str(self._post_as_get(body.certificate).text)

    def _look(
        self,
        ask: Callable[[], Any],
        read: Callable[[Any], T],
        ended: Callable[[T], bool],
        deadline: float,
        seen: T | None = None,
    ) -> T:
        """Ask until it has ended, seldom and more seldom, or as the authority says."""
        if seen is not None and ended(seen):
            return seen
        pause = FIRST_LOOK
        while True:
            answer = ask()
            body = read(answer.json())
            if ended(body):
                return body
            said = pause_asked(answer)
            wait = min(max(pause, said.total_seconds() if said else 0.0), LONGEST_LOOK)
            if time.monotonic() + wait > deadline:
                raise AuthorityTrouble("The certificate authority did not finish in time.")
            time.sleep(wait)
            pause *= 2


def _answerable(name: str, authorization: messages.AuthorizationResource) -> messages.ChallengeBody:
    """The challenge that we answer: by HTTP for a name, by DNS for a wildcard."""
    kind = challenges.DNS01 if name.startswith("*.") else challenges.HTTP01
    for challenge in authorization.body.challenges or ():
        if isinstance(challenge.chall, kind) and challenge.status == messages.STATUS_PENDING:
            return challenge
    raise NameAtFault("The certificate authority offers no way to prove the name that is known here.")


_of_thread = threading.local()


@contextmanager
def authority() -> Iterator[Authority]:
    """This thread's client of ACME_DIRECTORY. What it raises inside comes out as a Problem, and it is made anew."""
    try:
        yield _known()
    except NameAtFault:
        raise
    except Problem:
        forget()
        raise
    except OUTSIDE as error:
        lost = isinstance(error, messages.Error) and error.code == "accountDoesNotExist"
        _of_thread.unknown = _of_thread.client.net.account.uri if lost and _held() else ""
        problem = sorted_out(error)
        if not isinstance(problem, NameAtFault):
            forget()
        raise problem from error


def forget() -> None:
    """Let this thread's client go: its connections, and its nonces, which belong to the authority that gave them."""
    if held := _held():
        held.net.session.close()
    _of_thread.client = None


def _held() -> Authority | None:
    held: Authority | None = getattr(_of_thread, "client", None)
    return held


def _known() -> Authority:
    held = _held()
    wanted = (settings.ACME_DIRECTORY, settings.ACME_CA_BUNDLE)
    if held and (_of_thread.wanted != wanted or time.monotonic() - held.made > CLIENT_SECONDS):
        forget()
    if not _held():
        _of_thread.client = Authority(settings.ACME_DIRECTORY, unknown=getattr(_of_thread, "unknown", ""))
        _of_thread.wanted, _of_thread.unknown = wanted, ""
    return _of_thread.client  # type: ignore[no-any-return]  # a thread's own attributes have no types
