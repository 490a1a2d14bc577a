"""The edge before other application servers than those of `manage.py up`, several of a kind."""

import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings

from operations.embedded import edge
from operations.embedded.child import Child
from operations.embedded.programs import find
from tests.stack.program import free_port, until
from tests.stack.wire import Asked, Wire

PLATFORM = "masthead.localhost"
# By then Traefik has followed: it takes up one change in two seconds.
FOLLOWED_SECONDS = 2.5


@dataclass
class Edge:
    """Traefik on `port`, by the checkout's files; `servers` may be told anew while it runs."""

    port: int
    dynamic: Path

    def tell(self, *servers: int) -> None:
        """By the one line of the dynamic configuration that docs/deployments.md names; the file is replaced whole."""
        written = (settings.ROOT / "traefik" / "dynamic" / "masthead.yml").read_text()
        line = '"application" (splitList " " (env "MASTHEAD_APPLICATION"))'
        assert line in written
        told = " ".join(f'"{_url(port)}"' for port in servers)
        partly = self.dynamic.with_suffix(".new")
        partly.write_text(written.replace(line, f'"application" (list {told})'))
        partly.replace(self.dynamic)

    def drain(self, *left: int) -> None:
        """From the return on only these servers get requests."""
        self.tell(*left)
        time.sleep(FOLLOWED_SECONDS)


@contextmanager
def fronted(folder: Path, *, application: Sequence[int], readers: Sequence[int] = ()) -> Iterator[Edge]:
    """An edge before the servers on these ports; with `readers`, only staff's hosts go to `application`."""
    program = find("traefik")
    assert program
    port = free_port()
    files = folder / "traefik"
    subprocess.run(["cp", "-a", str(settings.ROOT / "traefik"), str(files)], check=True)
    service = edge.service(
        program, files=files, folder=folder, port=port, platform_domain=PLATFORM, application=application[0]
    )
    told = {"MASTHEAD_APPLICATION": _urls(application), "MASTHEAD_READERS": _urls(readers)}
    log = folder / "traefik.log"
    child = Child(replace(service, environment={**service.environment, **told}), log)
    try:
        until(lambda: _has_routers(port), otherwise=log.read_text)
        yield Edge(port, files / "dynamic" / "masthead.yml")
    finally:
        child.kill()


def _has_routers(port: int) -> bool:
    """It listens before it has read its dynamic configuration; the application's word shows that it has."""
    with suppress(OSError), Wire(port) as wire:
        return b"no site of this name" in wire.ask(Asked("GET", "/", (("Host", "nobody.test"),))).body
    return False


def _urls(ports: Sequence[int]) -> str:
    return " ".join(map(_url, ports))


def _url(port: int) -> str:
    return f"http://127.0.0.1:{port}"
