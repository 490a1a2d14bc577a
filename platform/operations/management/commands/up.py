"""`manage.py up`: all of Masthead on this machine, in one command."""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from operations.embedded.application import SERVERS
from operations.embedded.folder import explained, held
from operations.embedded.interruptions import noticed
from operations.embedded.introduction import introduction
from operations.embedded.refusals import Exit, Refused, Stopped
from operations.embedded.run import TLS_APART, Plan, Run
from operations.embedded.supervisor import Supervisor
from operations.embedded.voice import Voice

EXPLANATION = """\
Starts PostgreSQL, Redis and Traefik from their wheels (or from the PATH), brings the database up to date, runs the
application behind them and says where everything is. Only this machine can reach it: all of it listens on 127.0.0.1.

Ctrl-C stops everything; a second one does so by force. A service that dies is named and started again; after three
deaths in a minute everything ends. While it runs, every other manage.py command speaks to the same services.
"""

VARIABLES = f"""\
environment:
  PORT             the port to serve on, where --port is not given (8000)
  MASTHEAD_DATA    the folder for the database, uploads and logs (.masthead in the checkout)
  DATABASE_URL     a running PostgreSQL to use, instead of starting one
  REDIS_URL        a running Redis to use, instead of starting one
  PLATFORM_DOMAIN  the domain of studio and ops (masthead.localhost)
  SURFACES         the fronts to serve (reader,studio,ops)
  READER_SERVER    what serves readers, where --reader-server is not given (gunicorn)
  WORKERS          processes of each application server (2)
  THREADS          threads of each of these processes (4)

exit codes:
  0  it ran, and ended because it was asked to
{chr(10).join(f"  {code:d}  {code.meaning}" for code in Exit)}
"""


class Command(BaseCommand):
    help = EXPLANATION
    # The database is not there yet.
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, epilog=VARIABLES, **kwargs)
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="fill an empty platform with the demo's sites, once")
        parser.add_argument(
            "--no-edge", action="store_true", help="without Traefik: one application server itself serves the port"
        )
        parser.add_argument(
            "--tls",
            action="store_true",
            help="serve HTTPS as well, 443 ports above the port, with certificates of Pebble, an authority that runs "
            "on this machine where it is installed",
        )
        parser.add_argument("--port", default=os.environ.get("PORT", "8000"), help="the port to serve on")
        parser.add_argument(
            "--reader-server",
            default=os.environ.get("READER_SERVER", SERVERS[0]),
            help="what serves readers: gunicorn, which serves studio and ops as well, or granian, which stands beside "
            "it behind Traefik; with --no-edge granian serves all of them",
        )

    def handle(self, *args: Any, demo: bool, no_edge: bool, port: str, reader_server: str, **options: Any) -> None:
        try:
            plan = _plan(demo=demo, no_edge=no_edge, tls=options["tls"], port=port, reader_server=reader_server)
            with explained(plan.data):
                self._run(plan)
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=int(refusal.code)) from refusal

    def _run(self, plan: Plan) -> None:
        voice = Voice(sys.stdout)
        with noticed() as interruptions, held(plan.data) as folder:
            supervisor = Supervisor(folder, voice, interruptions)
            try:
                running = Run(plan, folder, voice, supervisor).begin()
                voice.line(f"\n{introduction(plan, running)}\n\nLogs: {plan.data / 'log'}. Ctrl-C stops everything.")
                supervisor.watch()
            except Stopped:
                voice.line("Stopping.")
            finally:
                all_gone = supervisor.stop()
        voice.line("Stopped; nothing is left running." if all_gone else "Stopped; some processes are still ending.")


def _plan(*, demo: bool, no_edge: bool, tls: bool, port: str, reader_server: str) -> Plan:
    data = getattr(settings, "DATA", None)
    if data is None:
        raise Refused(
            Exit.UNUSABLE,
            f"manage.py up needs the settings settings.embedded, not {os.environ['DJANGO_SETTINGS_MODULE']}.",
        )
    if tls and no_edge:
        raise Refused(Exit.UNUSABLE, "It is the edge that ends TLS: --tls goes without --no-edge.")
    return Plan(
        checkout=settings.ROOT,
        data=Path(data).absolute(),
        port=_port(port, highest=65535 - TLS_APART if tls else 65535),
        platform_domain=settings.PLATFORM_DOMAIN,
        surfaces=frozenset(settings.SURFACES),
        database_url=os.environ.get("DATABASE_URL", ""),
        redis_url=os.environ.get("REDIS_URL", ""),
        with_edge=not no_edge,
        with_demo=demo,
        reader_server=_server(reader_server),
        with_tls=tls,
    )


def _port(text: str, *, highest: int) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= number <= highest:
        raise Refused(Exit.UNUSABLE, f"A port is a number from 1 to {highest}, not {text!r}.")
    return number


def _server(name: str) -> str:
    if name not in SERVERS:
        raise Refused(Exit.UNUSABLE, f"Readers are served by {' or '.join(SERVERS)}, not by {name!r}.")
    return name
