"""Many requests at the same moment for one page."""

import selectors
import socket

from benchmarks.load import Target
from operations.embedded.ports import HOST

RUSH = 200
PATIENCE_SECONDS = 60


def rush(port: int, target: Target) -> list[int]:
    """The statuses of RUSH requests: all are connected before the first is sent, all are sent before any is read."""
    host, path = target
    connections = [socket.create_connection((HOST, port), timeout=PATIENCE_SECONDS) for _ in range(RUSH)]
    try:
        for connection in connections:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        return [int(answer.split(b" ", 2)[1]) for answer in _read(connections)]
    finally:
        for connection in connections:
            connection.close()


def _read(connections: list[socket.socket]) -> list[bytes]:
    answers = dict.fromkeys(connections, b"")
    with selectors.DefaultSelector() as selector:
        for each in connections:
            selector.register(each, selectors.EVENT_READ, each)
        while selector.get_map():
            ready = selector.select(PATIENCE_SECONDS)
            if not ready:
                raise TimeoutError("Some of the requests are never answered.")
            for key, _ in ready:
                connection: socket.socket = key.data
                chunk = connection.recv(65536)
                answers[connection] += chunk
                if not chunk:
                    selector.unregister(connection)
                    # At once: gunicorn's thread that accepts waits up to 2 s for the other side's end.
                    connection.close()
    return list(answers.values())
