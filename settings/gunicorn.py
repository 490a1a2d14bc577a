"""gunicorn's configuration, and gunicorn: `python -m settings.gunicorn`, where flags of gunicorn's may follow and win.

docs/performance.md has the figures behind the values.
"""

import os
import socket
import sys
from typing import Any

from settings.serving import APPLICATION, BACKLOG, BIND, GRACE_SECONDS, KEEP_ALIVE, THREADS, WORKERS, settle

# After so many seconds a connection that is silent still is accepted all the same.
DEFER_SECONDS = 10

wsgi_app = APPLICATION
bind = BIND
backlog = BACKLOG
workers = WORKERS
# A sync worker closes every connection after its answer, and a slow client holds all of it.
worker_class = "gthread"
threads = THREADS
keepalive = KEEP_ALIVE
graceful_timeout = GRACE_SECONDS

# Loaded once, before the workers are forked: they share its memory, and a new one answers at once.
preload_app = True
# A net for what leaks in spite of all: far apart, since a worker's page cache goes with it, and not all at once.
max_requests = 1_000_000
max_requests_jitter = 200_000

# A choice of 200 articles and 200 sites stands in an address.
limit_request_line = 8190

# No header of a client becomes part of the WSGI environment's routing, and nobody is believed about the scheme.
forwarder_headers = ""
forwarded_allow_ips = ""

# The workers' heartbeat: in memory where there is a file system for it, so that a slow disk kills nobody.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108
# It would open a socket in the home directory, which a container has not.
control_socket_disable = True


def when_ready(server: Any) -> None:
    settle()
    for listener in server.LISTENERS:
        wake_for_requests_alone(listener.sock)


def wake_for_requests_alone(listener: socket.socket) -> None:
    """Let the kernel keep a connection until something was sent on it.

    An edge dials ahead of its need, and gthread gives a silent connection a thread for up to five seconds: two such
    connections too many, and a worker answered a hundredth of its requests.
    """
    if hasattr(socket, "TCP_DEFER_ACCEPT") and listener.family != socket.AF_UNIX:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, DEFER_SECONDS)


if __name__ == "__main__":
    import runpy

    sys.argv = ["gunicorn", "--config", "python:settings.gunicorn", *sys.argv[1:]]
    runpy.run_module("gunicorn", run_name="__main__")
