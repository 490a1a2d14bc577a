"""`manage.py relay`: delivers what the platform's deeds left to be done."""

import argparse
import json
import signal
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, connection

from events.broker import Broker
from events.models import Event
from events.relay import Relay, drain
from events.schedule import come_round, next_turn

HELP = """\
Deliver events: mails, checks of domains, orders of certificates, and all else that a deed leaves to be done once it is
committed; and what is periodic. It runs until it is asked to end, and then finishes what it has in hand.

`manage.py up` and compose run one. Several share the work; each event is in one hand at a time. A relay that is killed
loses nothing: what it had in hand is due again when its lease ends.

With EVENTS_BROKER_URL it hands events on to Celery's workers instead of delivering them itself. Start these by
`celery -A events.celery worker`.
"""
EXAMPLES = """\
examples:
  manage.py relay                 (until Ctrl-C or SIGTERM; a second one ends it at once)
  manage.py relay --hands 7       (seven events at a time)
  manage.py relay --once          (what is due now, then end)
  manage.py relay --once --json   (and say how many, for programs)

What was given up after all its attempts waits in ops, under Events, to be looked at and delivered again.

exit codes: 0 done, 1 refused (the sentence says why), 2 the command was not understood
"""
HANDS = 4


class Refused(CommandError):
    """What was asked is not done; the message says why."""


class Command(BaseCommand):
    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="deliver what is due now, here, and end")
        parser.add_argument("--json", action="store_true", help='with --once: print {"done", "waiting", "dead", …}')
        parser.add_argument("--hands", type=_hands, default=HANDS, metavar="N", help=f"events at a time ({HANDS})")

    def handle(self, *args: Any, once: bool, hands: int, **options: Any) -> None:
        if options["json"] and not once:
            raise Refused("--json tells what was delivered, at the end: it goes with --once.")
        if once:
            self._once(as_json=options["json"])
        else:
            _run(hands)

    def _once(self, *, as_json: bool) -> None:
        try:
            come_round()
            done = drain()
            told = {"done": done, **_left(), "next_turn_seconds": round(max(0.0, next_turn()), 1)}
        except Error as error:
            raise Refused(f"The database does not answer: {str(error).strip()}") from error
        if as_json:
            self.stdout.write(json.dumps(told))
        else:
            self.stdout.write("{done} delivered; {waiting} wait, {dead} are dead letters.".format(**told))


def _run(hands: int) -> None:
    relay = Relay(hands=hands, broker=_broker())

    def asked(number: int, frame: FrameType | None) -> None:
        relay.end()
        # Whoever asks again does not want to wait for what is in hand.
        signal.signal(number, signal.SIG_DFL)

    before = {number: signal.signal(number, asked) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        relay.run()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _broker() -> Broker | None:
    if not settings.EVENTS_BROKER_URL:
        return None
    try:
        # Part of the dependency group production, and slow to load.
        from events.celery import CeleryBroker
    except ImportError as error:
        raise Refused(f"EVENTS_BROKER_URL is set, and Celery is not installed: {error}") from error
    return CeleryBroker()


def _hands(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    # One connection is the relay's own.
    most = connection.settings_dict["OPTIONS"].get("pool", {}).get("max_size", 33) - 1
    if not 1 <= number <= most:
        raise argparse.ArgumentTypeError(f"from 1 to {most}, not {text!r}; for more, start another relay.")
    return number


def _left() -> dict[str, int]:
    open_ = Event.objects.filter(done_at=None)
    return {"waiting": open_.filter(dead_at=None).count(), "dead": open_.exclude(dead_at=None).count()}
