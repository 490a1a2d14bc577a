"""granian, for readers' pages: `python -m settings.granian`.

A program of its own because granian's command line can neither take a socket that is open already nor load the
application before it forks.
"""

import ctypes
import multiprocessing
import os
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any

from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from settings.serving import APPLICATION, BACKLOG, BIND, GRACE_SECONDS, HEAD_BYTES, KEEP_ALIVE, THREADS, WORKERS, settle

PR_SET_PDEATHSIG = 1


def listening(bind: str) -> socket.socket:
    """The socket that `bind` names, "fd://7" or "host:port"."""
    if bind.startswith("fd://"):
        return socket.socket(fileno=int(bind.removeprefix("fd://")))
    host, _, port = bind.rpartition(":")
    host = host.strip("[]")
    return socket.create_server(
        (host, int(port)), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=BACKLOG
    )


class Server(MPServer):
    """granian with one listening socket for all workers, made by us or by whoever started us.

    Left alone each worker listens for itself, and the connections that wait for it die with it. granian has no option
    for this: `_init_shared_socket` and what it sets are its own business, and the tests of the embedded application say
    when that changes.
    """

    def __init__(self, listener: socket.socket, **options: Any) -> None:
        super().__init__(APPLICATION, interface=Interfaces.WSGI, backlog=BACKLOG, **options)
        self.listener = listener

    def _init_shared_socket(self) -> None:
        self.listener.set_inheritable(True)
        # Connections inherit it: without it answers wait up to 40 ms for the client to confirm the one before.
        self.listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # The stubs know neither that these are ever set nor what the holder is made of: a file descriptor, whether it
        # is a unix socket, and the backlog.
        descriptor: Any = self.listener.fileno()
        holder: Any = SocketHolder
        self._ssp, self._sso = None, self.listener
        self._sfd, self._shd = descriptor, holder(descriptor, False, BACKLOG)  # noqa: FBT003


def preloaded() -> Callable[..., Any]:
    """The application, loaded before the workers are forked, so that they share its memory."""
    # The application first: it tells the settings that this is a server, which loads its surfaces' apps alone.
    from settings.wsgi import application

    from settings.base import env  # isort: skip

    # granian puts the process's environment into every request's: no secret that the settings have read belongs there,
    # and no HTTP_PROXY, which would pass for a client's header.
    read = env.dump().keys()
    for name in [name for name in os.environ if name in read or name.startswith("HTTP_")]:
        del os.environ[name]
    settle()
    return application


def tied_to(parent: int) -> None:
    """Let the kernel end this process with its parent. A worker left alone would serve on, and nobody would know it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))
    if os.getppid() != parent:  # it died before it was watched
        sys.exit(1)


def main() -> None:
    multiprocessing.set_start_method("fork")
    application = preloaded()
    parent = os.getpid()

    def worker_starts(_target: str) -> Callable[..., Any]:
        tied_to(parent)
        return application

    server = Server(
        listening(BIND),
        workers=WORKERS,
        blocking_threads=THREADS,
        blocking_threads_idle_timeout=600,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE_SECONDS,
        # How many connections a worker holds, idle ones too; further ones wait unanswered until one of them closes.
        backpressure=BACKLOG,
        # Its own HTTP/2 is for clients that speak it in the clear; the edge does not.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=KEEP_ALIVE * 1000, max_buffer_size=HEAD_BYTES),
        websockets=False,
        log_level=LogLevels.warning,
    )
    server.serve(target_loader=worker_starts)


if __name__ == "__main__":
    main()
