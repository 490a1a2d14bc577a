"""Who does what about which events. Each app registers its handlers in a module named `handlers`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from django.utils.module_loading import autodiscover_modules

Handler = Callable[..., None]


class Later(Exception):
    """Nothing went wrong, and it is too early: the event comes again `after` that time, and counts as not tried.

    What a handler within the transaction had written by then is taken back.
    """

    def __init__(self, after: timedelta) -> None:
        super().__init__(f"again in {after}")
        self.after = after


class Hopeless(Exception):
    """Trying again would change nothing: the event is a dead letter at once, and says why."""


@dataclass(frozen=True, slots=True)
class Handling:
    """How events of one name are delivered.

    `outside`: the handler speaks to the world and may take long, so it runs in no transaction; it may come twice after
    a crash, and is written for that. Any other runs in the transaction that marks its event as done: what it does in
    the database happens once, whatever is killed when. `patient`: there may be very many, and nobody waits for one of
    them in particular, so that all others go before.
    """

    handler: Handler
    outside: bool
    attempts: int
    lease: timedelta
    patient: bool = False


_handlings: dict[str, Handling] = {}


def handles(
    name: str,
    *,
    outside: bool = False,
    attempts: int = 10,
    lease: timedelta = timedelta(seconds=60),
    patient: bool = False,
) -> Callable[[Handler], Handler]:
    """Register the function for events of the name. It is called with the payload as keywords.

    With `outside` the lease must be longer than the handler may take. After so many `attempts` the event is a dead
    letter: a person looks at it in ops.
    """

    def register(handler: Handler) -> Handler:
        if name in _handlings:
            raise ValueError(f"Two handlers for “{name}”.")
        _handlings[name] = Handling(handler, outside, attempts, lease, patient)
        return handler

    return register


def handling_of(name: str) -> Handling:
    """Raises LookupError for a name that nobody handles: of a later release, or misspelt."""
    discover()
    try:
        return _handlings[name]
    except KeyError:
        raise LookupError(f"Nobody handles events named “{name}”.") from None


def patient_names() -> list[str]:
    discover()
    return sorted(name for name, handling in _handlings.items() if handling.patient)


@cache
def discover() -> None:
    """Load every app's `handlers`: by whoever delivers, and not by servers of pages."""
    autodiscover_modules("handlers")


def describe(payload: dict[str, Any]) -> str:
    """A payload in a line, for people."""
    return ", ".join(f"{name} {value}" for name, value in sorted(payload.items()))
