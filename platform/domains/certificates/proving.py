"""Showing the authority what it asks for: a file on the name's own host, or a record in its zone."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from acme import challenges
from django.conf import settings
from django.utils import timezone

from domains.certificates.problems import AuthorityTrouble, NameAtFault
from domains.models import Challenge

# Base64url, as https://www.rfc-editor.org/rfc/rfc8555#section-8.3 has it; it becomes part of a path.
TOKEN = re.compile(r"[A-Za-z0-9_-]{16,200}\Z", re.ASCII)
# An order ends before it. What a process that was killed left is then of no use to anybody.
GOOD_FOR = timedelta(minutes=10)
HOOK_SECONDS = 180


@contextmanager
def shown(name: str, challenge: challenges.KeyAuthorizationChallenge, answer: str) -> Iterator[None]:
    """Inside, whoever asks for the challenge's answer gets it."""
    if isinstance(challenge, challenges.DNS01):
        with _record(challenge.validation_domain_name(name.removeprefix("*.")), answer):
            yield
    else:
        with _file(name, challenge.encode("token"), answer):
            yield


@contextmanager
def _file(name: str, token: str, answer: str) -> Iterator[None]:
    if not TOKEN.match(token):
        raise AuthorityTrouble("The certificate authority's token is none.")
    Challenge.objects.update_or_create(
        token=token, defaults={"name": name, "answer": answer, "until": timezone.now() + GOOD_FOR}
    )
    try:
        yield
    finally:
        Challenge.objects.filter(token=token).delete()


@contextmanager
def _record(name: str, value: str) -> Iterator[None]:
    """The hook returns when the record can be seen."""
    _hook("add", name, value)
    try:
        yield
    finally:
        _hook("remove", name, value)


def _hook(deed: str, name: str, value: str) -> None:
    try:
        subprocess.run(
            [settings.ACME_DNS_HOOK, deed, name, value],
            check=True,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=HOOK_SECONDS,
        )
    except subprocess.CalledProcessError as error:
        said = " ".join(error.stderr.decode(errors="replace").split())[:300]
        raise NameAtFault(f"ACME_DNS_HOOK could not {deed} the record {name}: {said or error}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NameAtFault(f"ACME_DNS_HOOK could not be run: {error}") from error
