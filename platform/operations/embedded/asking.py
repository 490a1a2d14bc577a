"""Ask a server of this machine for a page, by address; names ending in .localhost resolve in browsers only."""

import http.client
import socket
import ssl
from contextlib import closing
from pathlib import Path

from operations.embedded.ports import HOST

PATIENCE = 2  # seconds


def status_of(*, port: int, host: str, path: str = "/", trusting: Path | None = None) -> int | None:
    """The HTTP status of GET `path` for the Host header `host`; None if nothing answers within 2 s.

    `trusting`: the roots of a certificate that must be the host's; without, it is plain HTTP.
    """
    with closing(http.client.HTTPConnection(HOST, port, timeout=PATIENCE)) as connection:
        try:
            if trusting:
                connection.sock = _secured(port, host.partition(":")[0], trusting)
            connection.request("GET", path, headers={"Host": host, "Connection": "close"})
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None


def _secured(port: int, name: str, roots: Path) -> ssl.SSLSocket:
    plain = socket.create_connection((HOST, port), PATIENCE)
    try:
        return ssl.create_default_context(cafile=str(roots)).wrap_socket(plain, server_hostname=name)
    except BaseException:
        plain.close()
        raise
