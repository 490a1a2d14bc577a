"""The embedded Redis: a cache that forgets everything when it ends, behind a unix socket in a private folder."""

import socket
from pathlib import Path
from urllib.parse import quote

from operations.embedded.child import Service
from operations.embedded.sockets import socket_folder


def url(folder: Path) -> str:
    """What REDIS_URL says for the Redis of the data folder."""
    return f"unix://{quote(str(_socket(folder)))}?db=0"


def service(program: Path, folder: Path) -> Service:
    """The server as a child."""
    path = _socket(folder)
    return Service(
        name="redis",
        command=[
            program, "--port", "0", "--unixsocket", path, "--unixsocketperm", "600",
            "--save", "", "--appendonly", "no", "--dir", path.parent, "--daemonize", "no",
            "--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru",
        ],
        ready=lambda: _answers(path),
        keeps_data=True,
    )  # fmt: skip


def _socket(folder: Path) -> Path:
    return socket_folder(folder) / "redis.sock"


def _answers(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False
