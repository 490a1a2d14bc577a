"""Ask a server of this machine for a page, by address; names ending in .localhost resolve in browsers only."""

import http.client
from contextlib import closing

from operations.embedded.ports import HOST


def status_of(*, port: int, host: str, path: str = "/") -> int | None:
    """The HTTP status of GET `path` for the Host header `host`; None if nothing answers within 2 s."""
    with closing(http.client.HTTPConnection(HOST, port, timeout=2)) as connection:
        try:
            connection.request("GET", path, headers={"Host": host, "Connection": "close"})
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
