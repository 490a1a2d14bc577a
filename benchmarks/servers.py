"""Everything that answers requests in a measurement, each as one worker on the server's core, on a port of its own."""

import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from benchmarks import cores
from operations.embedded import edge, logs, redis
from operations.embedded.asking import status_of
from operations.embedded.child import Child, Service
from operations.embedded.ports import HOST, accepts, listen
from operations.embedded.programs import find

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_SECONDS = 60.0
# The port that Masthead's public addresses imply: the Host header is then the hostname alone, as behind an edge.
PUBLIC_PORT = 80

NGINX = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx-errors.log;
events {{ worker_connections 512; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    default_type text/html;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{
        listen {address};
        root {pages}/$host;
        index index.html;
    }}
}}
"""


@dataclass(frozen=True)
class Running:
    """A server that answers on `port`."""

    name: str
    port: int
    pid: int
    log: Path

    @cached_property
    def pids(self) -> list[int]:
        return cores.family(self.pid)

    def failed(self, how: str) -> RuntimeError:
        """An error that ends with what the server said last."""
        return RuntimeError(f"{self.name}: {how}. Its last words:\n{logs.tail(self.log)}")

    def cpu_seconds(self) -> float:
        """Of the server and its workers."""
        return cores.cpu_seconds(self.pids)

    @property
    def memory_mb(self) -> float:
        """Of one worker: what descends from the first process, or that one where it works alone."""
        workers = self.pids[1:] or self.pids
        return max(cores.memory_mb(pid) for pid in workers)


@dataclass(frozen=True)
class Servers:
    """Starts servers for one database. `pages` holds the finished pages of floors, a folder a host."""

    folder: Path
    database_url: str
    redis_url: str
    pages: Path

    def masthead(
        self,
        server: str,
        *,
        cache_mb: int,
        workers: int = 1,
        redis_url: str = "",
        settings: str = "settings.embedded",
        beside: Mapping[str, str] = MappingProxyType({}),
    ) -> Service:
        """On "gunicorn" or "granian", for readers alone. `cache_mb` 0 holds no page; `beside` joins the environment."""
        environment = {
            "DJANGO_SETTINGS_MODULE": settings,
            "REDIS_URL": redis_url,
            "PORT": str(PUBLIC_PORT),
            "MASTHEAD_DATA": str(self.folder),
            "SURFACES": "reader",
            "PAGE_CACHE_MB": str(cache_mb),
            "WORKERS": str(workers),
            **beside,
        }
        command = _gunicorn("settings.gunicorn") if server == "gunicorn" else [sys.executable, "-m", "settings.granian"]
        return self._service(f"masthead-{server}-{cache_mb}", command, environment)

    def stock(self, *, cached: bool) -> Service:
        module = f"benchmarks.peers.{'cached' if cached else 'settings'}"
        environment = {"DJANGO_SETTINGS_MODULE": module, "REDIS_URL": self.redis_url, "WORKERS": "1"}
        return self._service(
            module, _gunicorn("benchmarks.configuration", "benchmarks.peers.wsgi:application"), environment
        )

    def floor(self, kind: str) -> Service:
        """A finished page without any framework, on "sync", "gthread" or "granian"; or "nginx", out of a file."""
        if kind == "nginx":
            return self._nginx()
        environment = {"FLOOR_PAGES": str(self.pages), "WORKERS": "1"}
        command = _gunicorn("benchmarks.configuration", "--worker-class", kind, "benchmarks.floors.wsgi:application")
        if kind == "granian":
            command = [sys.executable, "-m", "benchmarks.floors.granian"]
        return self._service(f"floor-{kind}", command, environment)

    def _service(self, name: str, command: list[str], environment: Mapping[str, str]) -> Service:
        own = {"DATABASE_URL": self.database_url, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}"}
        return Service(name=name, command=command, environment={**own, **environment}, folder=ROOT, ready=lambda: True)

    def _nginx(self) -> Service:
        program = find("nginx")
        if program is None:
            raise FileNotFoundError("nginx")
        return Service(name="nginx", command=[program, "-e", "stderr", "-c"], ready=lambda: True)

    def address(self, service: Service, port: int) -> Service:
        """The service, told to listen on `port`."""
        if service.name != "nginx":
            return replace(service, environment={**service.environment, "BIND": f"{HOST}:{port}"})
        folder = self.folder / f"nginx-{port}"
        folder.mkdir()
        written = folder / "nginx.conf"
        user = "user root;\n" if os.getuid() == 0 else ""
        written.write_text(user + NGINX.format(folder=folder, address=f"{HOST}:{port}", pages=self.pages))
        return replace(service, command=[*service.command, str(written)])

    @contextmanager
    def running(self, service: Service, host: str, *, path: str = "/") -> Iterator[Running]:
        """Start it on the server's core; it has answered 200 for the host when the block begins, and ends after it."""
        port = free_port()
        with _started(self.address(service, port), self.folder, cores.SERVER) as child:
            running = Running(service.name, port, child.pid, self.folder / "log" / f"{service.name}.log")
            _await(child, running, host, path)
            yield running

    @contextmanager
    def behind_traefik(self, upstream: Running, host: str) -> Iterator[Running]:
        """Traefik on the load's core with the checkout's configuration before the upstream."""
        program = find("traefik")
        if program is None:
            raise FileNotFoundError("traefik")
        port = free_port()
        folder = self.folder / f"traefik-{port}"
        folder.mkdir()
        service = edge.service(
            program, files=ROOT / "traefik", folder=folder, port=port, platform_domain="masthead.localhost",
            application=upstream.port,
        )  # fmt: skip
        with _started(service, self.folder, cores.LOAD) as child:
            running = Running("traefik", port, child.pid, self.folder / "log" / "traefik.log")
            _await(child, running, host, "/")
            yield running


def _gunicorn(configuration: str, *words: str) -> list[str]:
    return [sys.executable, "-m", "gunicorn", "--config", f"python:{configuration}", "--max-requests", "0", *words]


def free_port() -> int:
    with listen(0) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def running_redis(folder: Path) -> Iterator[str]:
    """A Redis with room for every page of a measurement; gives its REDIS_URL."""
    program = find("redis-server")
    if program is None:
        raise FileNotFoundError("redis-server")
    service = redis.service(program, folder)
    service = replace(service, command=[*service.command, "--maxmemory", "1gb"])
    with _started(service, folder, cores.SERVER):
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not service.ready():
            if time.monotonic() > deadline:
                raise TimeoutError("Redis does not answer.")
            time.sleep(0.05)
        yield redis.url(folder)


@contextmanager
def _started(service: Service, folder: Path, core: int) -> Iterator[Child]:
    (folder / "log").mkdir(exist_ok=True)
    with cores.on(core):
        child = Child(service, folder / "log" / f"{service.name}.log")
    try:
        yield child
    finally:
        child.ask_to_end()
        deadline = time.monotonic() + 5
        while child.status() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        child.kill()


def _await(child: Child, running: Running, host: str, path: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (accepts(running.port) and status_of(port=running.port, host=host, path=path) == 200):
        if child.status() is not None or time.monotonic() > deadline:
            raise running.failed(f"It does not answer 200 for {host}{path}")
        time.sleep(0.05)
