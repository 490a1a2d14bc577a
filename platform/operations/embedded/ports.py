"""Ports of the loopback address."""

import errno
import socket
from contextlib import ExitStack

from operations.embedded.refusals import Exit, Refused

HOST = "127.0.0.1"


def listen(port: int) -> socket.socket:
    """A socket that listens on `port` of 127.0.0.1; 0 is any free one. Raises Refused if that cannot be had."""
    try:
        return socket.create_server((HOST, port), backlog=512)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            other = port + 1 if port < 65535 else 8000
            sentence = f"Port {port} is taken by another program: end that one, or choose another: --port {other}"
        elif error.errno in {errno.EACCES, errno.EPERM}:
            sentence = f"Port {port} is kept for root: choose one above 1023, such as --port 8000"
        else:
            raise
        raise Refused(Exit.PORT_TAKEN, sentence) from error


def accepts(port: int) -> bool:
    """Whether something takes connections on `port`."""
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


def free(how_many: int) -> list[int]:
    """So many ports that nothing listens on, all different."""
    with ExitStack() as held:
        return [held.enter_context(listen(0)).getsockname()[1] for _ in range(how_many)]
