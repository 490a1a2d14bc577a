"""Mail through the outbox: written with the deed that causes it, sent by the relay, and sealed in between."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import sanitize_address

from events.emitting import emit
from events.handling import Hopeless
from sites_core.sealing import Unreadable, seal, unseal

PURPOSE = "events.mail"
EVENT = "mail"
# Twenty with the pauses between them are ten hours: a night in which the mail server was away.
ATTEMPTS = 20
# Longer than a server that answers each step in its last second.
LEASE = timedelta(minutes=5)


class Outbox(BaseEmailBackend):
    """A backend that sends nothing. Each message is an event of the running transaction: what is rolled back was never
    said, and a mail server that is away holds up nobody.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """How many have a recipient. Raises BadHeaderError or ValueError for what can never be sent."""
        written = [message for message in email_messages if message.recipients()]
        for message in written:
            _write(message)
        return len(written)


def _write(message: EmailMessage) -> None:
    # Made once, with its Message-ID: whoever gets it twice can tell.
    made: Any = message.message()
    encoding = message.encoding or settings.DEFAULT_CHARSET
    envelope = {
        "from": sanitize_address(message.from_email, encoding),
        "to": [sanitize_address(address, encoding) for address in message.recipients()],
    }
    sealed = seal(PURPOSE, json.dumps(envelope).encode() + b"\n" + made.as_bytes(linesep="\r\n"))
    emit(EVENT, sealed=sealed, message_id=str(made["Message-ID"]))


def send(message_id: str, sealed: bytes) -> None:
    """Send what was written, by the backend that MAIL_BACKEND names."""
    if not settings.MAIL_BACKEND:
        raise ImproperlyConfigured("EMAIL_URL says where mail goes, and this process was not told.")
    try:
        envelope, _, content = unseal(PURPOSE, sealed).partition(b"\n")
    except Unreadable as error:
        raise Hopeless(
            f"SECRET_KEY changed since the mail was written, without SECRET_KEY_FALLBACKS. {error}"
        ) from error
    known = json.loads(envelope)
    message = Written(from_email=known["from"], to=known["to"], content=content)
    get_connection(settings.MAIL_BACKEND).send_messages([message])


class Written(EmailMessage):
    """A message that was made before, for backends that take a message's bytes: all of Django's own do."""

    def __init__(self, *, from_email: str, to: list[str], content: bytes) -> None:
        # The envelope alone; what the header says of recipients is in the content.
        super().__init__(from_email=from_email, to=to)
        self.content = content

    def message(self, **options: Any) -> Any:
        return Content(self.content)


@dataclass(frozen=True)
class Content:
    """What backends ask of the message that they get from EmailMessage.message()."""

    content: bytes

    def as_bytes(self, unixfrom: bool = False, linesep: str = "\n") -> bytes:
        return self.content.replace(b"\r\n", linesep.encode())

    def get_charset(self) -> None:
        """None: its bytes are UTF-8 or less."""
