"""One run of Masthead on this machine: what starts, in which order, and when it is said to be ready."""

import json
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from operations.embedded import application, edge, redis
from operations.embedded.asking import status_of
from operations.embedded.authority import NO_PEBBLE, Authority
from operations.embedded.folder import Folder
from operations.embedded.ports import HOST, free, listen
from operations.embedded.postgres import Cluster
from operations.embedded.programs import find
from operations.embedded.refusals import Exit, Refused
from operations.embedded.supervisor import PATIENCE, Supervisor
from operations.embedded.voice import Voice

NO_TRAEFIK = (
    "Traefik is not here: its wheel has no build for this platform. Put a traefik 3.7 or newer on the PATH, "
    "or go without it: --no-edge"
)

# HTTPS is so far above the port of plain HTTP: 8443 by default.
TLS_APART = 443


@dataclass(frozen=True)
class Plan:
    """What a run is asked for. A URL that is given names a server that runs already."""

    checkout: Path
    data: Path
    port: int
    platform_domain: str
    surfaces: frozenset[str]
    database_url: str
    redis_url: str
    with_edge: bool
    with_demo: bool
    reader_server: str = application.GUNICORN
    with_tls: bool = False

    @property
    def internal_host(self) -> str:
        return f"internal.{self.platform_domain}"

    @property
    def tls_port(self) -> int:
        """Where HTTPS is, if anywhere."""
        return self.port + TLS_APART

    @property
    def public_port(self) -> int:
        return self.tls_port if self.with_tls else self.port

    def url(self, host: str) -> str:
        return f"{'https' if self.with_tls else 'http'}://{host}:{self.public_port}/"

    @property
    def roots(self) -> Path | None:
        """What a client has to trust; None without TLS."""
        return self.authority_folder / "roots.pem" if self.with_tls else None

    @property
    def authority_folder(self) -> Path:
        return self.data / "pebble"


@dataclass(frozen=True)
class Running:
    """What a run serves: what `manage.py site list --json` and `manage.py seed_demo --json` gave."""

    sites: list[dict[str, Any]]
    logins: list[dict[str, Any]]


class Run:
    """Brings everything up, step by step."""

    def __init__(self, plan: Plan, folder: Folder, voice: Voice, supervisor: Supervisor) -> None:
        self._plan = plan
        self._folder = folder
        self._voice = voice
        self._supervisor = supervisor

    def begin(self) -> Running:
        """Start everything; back when a page has really been answered. Raises Refused or Stopped."""
        plan = self._plan
        traefik, authority = self._traefik(), self._authority()
        shares = application.shares(plan.surfaces, reader_server=plan.reader_server, with_edge=plan.with_edge)
        listeners = [listen(0 if traefik else plan.port) for _ in shares]
        if traefik:
            listen(plan.port).close()
        if authority:
            listen(plan.tls_port).close()
            authority.prepare(http_port=plan.port, tls_port=plan.tls_port)
        environment = self._data_services(authority)
        with self._voice.step("Migrations"):
            self._manage(environment, "migrate", "--no-input")
        logins = self._demo(environment) if plan.with_demo else []
        sites = self._ask(environment, "site", "list", "--json")
        # It starts beside the servers, and nothing waits for it until they answer.
        relay = application.relay(checkout=plan.checkout, environment=environment)
        if not authority:
            self._supervisor.begin(relay)
        for share, listener in zip(shares, listeners, strict=True):
            self._serve(share, listener, environment)
        ports = [listener.getsockname()[1] for listener in listeners]
        if authority and traefik:
            # What the relay orders is asked for through the edge, and a name that failed has to wait.
            self._certify(authority, environment)
            self._route(traefik, ports, environment)
            self._supervisor.begin(relay)
        with self._voice.step("Relay"):
            self._supervisor.wait(relay.ready, f"{relay.name} does not answer", relay.name)
        if traefik and not authority:
            self._route(traefik, ports, environment)
        self._first_page(sites, shares[-1].server)
        return Running(sites=sites, logins=logins)

    def _serve(self, share: application.Share, listener: socket.socket, environment: Mapping[str, str]) -> None:
        plan = self._plan
        with self._voice.step(f"Application ({share.server})"):
            self._supervisor.start(
                application.service(
                    share,
                    checkout=plan.checkout,
                    listener=listener,
                    internal_host=plan.internal_host,
                    environment=environment,
                )
            )

    def _certify(self, authority: Authority, environment: Mapping[str, str]) -> None:
        with self._voice.step("Certificate authority (Pebble)"):
            self._supervisor.start(authority.names())
            self._supervisor.start(authority.service(_pebble()))

    def _route(self, traefik: Path, ports: list[int], environment: Mapping[str, str]) -> None:
        plan, tls = self._plan, None
        if plan.with_tls:
            tls = edge.Tls(plan.tls_port, environment["EDGE_TOKEN"], metrics_port=free(1)[0])
        with self._voice.step("Edge (Traefik)"):
            self._supervisor.start(
                edge.service(
                    traefik,
                    files=plan.checkout / "traefik",
                    folder=plan.data,
                    port=plan.port,
                    platform_domain=plan.platform_domain,
                    application=ports[0],
                    readers=ports[1] if len(ports) > 1 else None,
                    tls=tls,
                )
            )
            if tls:
                self._supervisor.start(edge.copier(checkout=plan.checkout, folder=plan.data, environment=environment))

    def _authority(self) -> Authority | None:
        if not self._plan.with_tls:
            return None
        _pebble()
        return Authority(self._plan.authority_folder, *free(3))

    def _traefik(self) -> Path | None:
        if not self._plan.with_edge:
            return None
        program = find("traefik")
        if program is None:
            raise Refused(Exit.MISSING, NO_TRAEFIK)
        return program

    def _data_services(self, authority: Authority | None) -> dict[str, str]:
        plan = self._plan
        database_url, redis_url = plan.database_url, plan.redis_url
        program = None if redis_url else find("redis-server")
        cluster = None if database_url else Cluster(plan.data)
        if cluster:
            database_url = cluster.url
        if program:
            redis_url = redis.url(plan.data)
        of_edge = self._of_edge(authority)
        self._supervisor.facts = {
            "database_url": database_url,
            "redis_url": redis_url or None,
            "public_port": plan.public_port,
            **{name.lower(): value for name, value in of_edge.items()},
        }
        if cluster:
            with self._voice.step("PostgreSQL"):
                cluster.create()
                self._supervisor.start(cluster.service())
        else:
            _must_answer(database_url)
        if program:
            with self._voice.step("Redis"):
                self._supervisor.start(redis.service(program, plan.data))
        elif not redis_url:
            self._voice.line("Redis is not here: running without it, each worker has a cache of its own.")
        return {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "PORT": str(plan.public_port),
            "MASTHEAD_DATA": str(plan.data),
            "PYTHONUNBUFFERED": "1",
            **of_edge,
        }

    def _of_edge(self, authority: Authority | None) -> dict[str, str]:
        """What the application knows of the edge before it, which other commands find in run.json too."""
        known = {"EDGE_TOKEN": secrets.token_urlsafe(32), "PUBLIC_SCHEME": "https" if authority else "http"}
        if authority:
            known |= {
                "EDGE_TLS_ADDRESS": f"{HOST}:{self._plan.tls_port}",
                "ACME_DIRECTORY": authority.directory,
                "ACME_CA_BUNDLE": str(authority.bundle),
            }
        return known

    def _demo(self, environment: Mapping[str, str]) -> list[dict[str, Any]]:
        with self._voice.step("Demo"):
            logins: list[dict[str, Any]] = self._ask(environment, "seed_demo", "--json")["logins"]
        return logins

    def _manage(self, environment: Mapping[str, str], *words: str, answer: Path | None = None) -> None:
        self._supervisor.run(
            application.command(*words, checkout=self._plan.checkout, environment=environment, answer=answer)
        )

    def _ask(self, environment: Mapping[str, str], *words: str) -> Any:
        answer = self._plan.data / f"{words[0]}.json"
        try:
            self._manage(environment, *words, answer=answer)
            return json.loads(answer.read_text())
        except ValueError as error:
            raise Refused(Exit.FAILED, f"manage.py {' '.join(words)} did not answer in JSON.") from error
        finally:
            answer.unlink(missing_ok=True)

    def _first_page(self, sites: list[dict[str, Any]], server: str) -> None:
        plan = self._plan
        host = first_host(plan, sites)
        if host is None:
            return
        with self._voice.step(f"First page ({host})"):
            self._supervisor.wait(
                lambda: (
                    status_of(port=plan.public_port, host=f"{host}:{plan.public_port}", trusting=plan.roots)
                    in {200, 302}
                ),
                f"{plan.url(host)} does not answer well",
                server,
                # Of HTTPS the first page waits for its certificate, and that for its turn of the schedule.
                patience=3 * PATIENCE if plan.with_tls else PATIENCE,
            )


def first_host(plan: Plan, sites: list[dict[str, Any]]) -> str | None:
    """The host whose page proves that all is well: a live site's, else a staff front's; None for neither."""
    live = [str(site["domain"]) for site in sites if site["state"] == "live"] if "reader" in plan.surfaces else []
    staff = [f"{surface}.{plan.platform_domain}" for surface in ("studio", "ops") if surface in plan.surfaces]
    return next(iter([*live, *staff]), None)


def _pebble() -> Path:
    program = find("pebble")
    if program is None:
        raise Refused(Exit.MISSING, NO_PEBBLE)
    return program


def _must_answer(database_url: str) -> None:
    try:
        psycopg.connect(database_url, connect_timeout=5).close()
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise Refused(Exit.FAILED, f"The PostgreSQL that DATABASE_URL names does not answer: {reason}") from error
