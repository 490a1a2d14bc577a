"""The application's own processes: its servers, and commands of manage.py that run to their end."""

import importlib.util
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg

from events.waking import LISTENS
from operations.embedded.asking import status_of
from operations.embedded.child import Service
from operations.embedded.refusals import Exit, Refused

GUNICORN, GRANIAN = "gunicorn", "granian"
SERVERS = (GUNICORN, GRANIAN)


@dataclass(frozen=True)
class Share:
    """An application server and the fronts that it serves."""

    server: str
    surfaces: frozenset[str]


def shares(surfaces: frozenset[str], *, reader_server: str, with_edge: bool) -> list[Share]:
    """Who serves what; the last one has the readers, if anybody has.

    Without an edge nothing could tell two servers' hosts apart on one port: one of them then serves everything.
    """
    fronts = surfaces - {"internal"}
    staff = fronts - {"reader"}
    if "reader" not in fronts or reader_server == GUNICORN:
        return [Share(GUNICORN, fronts)]
    if with_edge and staff:
        return [Share(GUNICORN, staff), Share(reader_server, fronts - staff)]
    return [Share(reader_server, fronts)]


def service(
    share: Share, *, checkout: Path, listener: socket.socket, internal_host: str, environment: Mapping[str, str]
) -> Service:
    """An application server as a child, taking requests from `listener`: while it starts anew, they queue there."""
    if importlib.util.find_spec(share.server) is None:
        raise Refused(Exit.MISSING, f"{share.server} is not installed: install the dependency group production.")
    port = listener.getsockname()[1]
    return Service(
        name=share.server,
        command=[sys.executable, "-m", f"settings.{share.server}"],
        environment={
            **environment,
            "BIND": f"fd://{listener.fileno()}",
            "GRACE_SECONDS": "1",
            "SURFACES": ",".join(sorted(share.surfaces)),
        },
        folder=checkout,
        sockets=[listener],
        ready=lambda: status_of(port=port, host=internal_host, path="/readyz") == 200,
    )


def relay(*, checkout: Path, environment: Mapping[str, str]) -> Service:
    """What delivers events, as a child. It answers from when it hears of new ones."""
    return Service(
        name="relay",
        command=[sys.executable, checkout / "manage.py", "relay", "--skip-checks"],
        environment=environment,
        folder=checkout,
        ready=lambda: _listens(environment["DATABASE_URL"]),
    )


def _listens(database_url: str) -> bool:
    """Whether a relay listens at this database."""
    try:
        with psycopg.connect(database_url, connect_timeout=2) as connection:
            asked = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = %s)"
            return connection.execute(asked, [LISTENS]).fetchone() == (True,)
    except psycopg.Error:
        return False


def command(*words: str, checkout: Path, environment: Mapping[str, str], answer: Path | None = None) -> Service:
    """A command of manage.py as a child that runs to its end; its standard output goes into `answer`, if given."""
    return Service(
        name=words[0],
        command=[sys.executable, checkout / "manage.py", *words],
        environment=environment,
        folder=checkout,
        answer=answer,
        ready=lambda: True,
    )
