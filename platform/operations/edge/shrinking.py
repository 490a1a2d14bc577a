"""When a document is not handed out: it is empty, or it has suddenly lost many names.

Traefik takes an empty document at its word and forgets every name. A database that was emptied, restored or mixed up
must not do that, so a person confirms a large loss, `manage.py edge confirm`; deeds do not confirm themselves, since a
mistake may be a deed. Until then the endpoint answers 503 and every edge keeps what it has.
"""

import logging
from datetime import timedelta

from django.core.cache import cache
from django.utils import timezone

from events.emitting import emit
from events.models import Event

CONFIRMED, HELD_BACK = "edge.confirmed", "edge.held_back"
_NAMES = "operations.edge.names"
log = logging.getLogger(__name__)

# So many names may go at once, and so much of all.
FEW = 5
SHARE = 0.1
# A confirmation is for the moment.
CONFIRMED_FOR = timedelta(hours=1)


def has_shrunk(now: int, before: int) -> bool:
    return before - now > max(FEW, before * SHARE)


def objection(*, now: int, before: int, with_certificate: int, of: int) -> str:
    """Why a document of `now` names is not handed out in place of one of `before`; "" if nothing speaks against it.

    `with_certificate` of the `of` hostnames have a certificate, readable or not.
    """
    if now == 0:
        return f"There is no certificate to serve ({with_certificate} names have one, of {of})."
    expected = max(before, with_certificate)
    if has_shrunk(now, expected) and not _is_confirmed(now):
        return f"{expected - now:,} of {expected:,} names are gone. If this is right: manage.py edge confirm"
    return ""


def remembered() -> int:
    """How many names the last document had, of whatever process: a new one must not take a loss for the beginning."""
    try:
        return int(cache.get(_NAMES) or 0)
    except Exception as error:  # noqa: BLE001 -- each cache has errors of its own
        log.warning("The cache does not answer: %s", error)
        return 0


def remember(names: int) -> None:
    try:
        cache.set(_NAMES, names, None)
    except Exception as error:  # noqa: BLE001 -- each cache has errors of its own
        log.warning("The cache does not answer: %s", error)


def confirm(names: int) -> None:
    """Say that there are to be so many names now, for the next hour."""
    emit(CONFIRMED, names=names)


def _is_confirmed(now: int) -> bool:
    since = timezone.now() - CONFIRMED_FOR
    said = Event.objects.filter(name=CONFIRMED, created_at__gt=since).order_by("-id").first()
    return said is not None and not has_shrunk(now, int(said.payload["names"]))
