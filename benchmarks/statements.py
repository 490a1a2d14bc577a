"""How many SQL statements a request costs.

python -m benchmarks.statements MODULE HOST PATH [HOST PATH …]     MODULE holds a WSGI `application`

Prints a list of numbers. Each page is asked for four times and the least counts: the first fills caches, and twice a
second Masthead asks whether anything changed, whatever is requested.
"""

import json
import sys
from importlib import import_module
from typing import Any

TIMES = 4


def asked(application: Any, host: str, path: str) -> int:
    """Statements of one request for the page."""
    from django.db import connection
    from django.test import RequestFactory
    from django.test.utils import CaptureQueriesContext

    said: list[str] = []

    def start(status: str, *_: object) -> None:
        said.append(status)

    environ = RequestFactory().get(path, headers={"host": host}).environ
    with CaptureQueriesContext(connection) as captured:
        answer = application(environ, start)
        for _ in answer:
            pass
        if hasattr(answer, "close"):
            answer.close()
    if not said[0].startswith("200"):
        raise RuntimeError(f"http://{host}{path} answered {said[0]}")
    return len(captured)


if __name__ == "__main__":
    module, *words = sys.argv[1:]
    loaded = import_module(module).application
    pages = zip(words[::2], words[1::2], strict=True)
    print(json.dumps([min(asked(loaded, host, path) for _ in range(TIMES)) for host, path in pages]))
