"""The floor: a finished page out of a dict, before any framework. What an application server costs by itself."""

import os
from collections.abc import Iterable
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

# A folder a host, below it a folder a path, in it the page: as nginx serves them.
_folder = Path(os.environ["FLOOR_PAGES"])


def _pages() -> dict[tuple[str, str], tuple[list[tuple[str, str]], list[bytes]]]:
    held = {}
    for file in _folder.rglob("index.html"):
        host, *path = file.parent.relative_to(_folder).parts
        body = file.read_bytes()
        headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
        held[host, "/" + "".join(f"{part}/" for part in path)] = headers, [body]
    return held


PAGES = _pages()


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    found = PAGES.get((environ["HTTP_HOST"], environ["PATH_INFO"]))
    if found is None:
        start_response("404 Not Found", [("Content-Length", "0")])
        return []
    headers, body = found
    start_response("200 OK", headers)
    return body
