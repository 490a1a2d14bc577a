"""The application's own processes: gunicorn, and commands of manage.py that run to their end."""

import importlib.util
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from operations.embedded.asking import status_of
from operations.embedded.child import Service
from operations.embedded.refusals import Exit, Refused

WORKERS = 2
THREADS = 4


def service(*, checkout: Path, listener: socket.socket, internal_host: str, environment: Mapping[str, str]) -> Service:
    """gunicorn as a child, taking requests from `listener`: while it starts anew, they queue there."""
    if importlib.util.find_spec("gunicorn") is None:
        raise Refused(Exit.MISSING, "gunicorn is not installed: install the dependency group production.")
    port = listener.getsockname()[1]
    return Service(
        name="gunicorn",
        command=[
            sys.executable, "-m", "gunicorn", "settings.wsgi:application",
            "--bind", f"fd://{listener.fileno()}",
            "--workers", str(WORKERS), "--worker-class", "gthread", "--threads", str(THREADS),
            "--keep-alive", "75", "--graceful-timeout", "1",
            "--forwarder-headers", "", "--forwarded-allow-ips", "",  # no header of a client becomes WSGI's environment
            "--no-control-socket",
        ],
        environment=environment,
        folder=checkout,
        sockets=[listener],
        ready=lambda: status_of(port=port, host=internal_host, path="/readyz") == 200,
    )  # fmt: skip


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
