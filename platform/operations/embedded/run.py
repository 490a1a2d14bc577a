"""One run of Masthead on this machine: what starts, in which order, and when it is said to be ready."""

import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from operations.embedded import application, edge, redis
from operations.embedded.asking import status_of
from operations.embedded.folder import Folder
from operations.embedded.ports import listen
from operations.embedded.postgres import Cluster
from operations.embedded.programs import find
from operations.embedded.refusals import Exit, Refused
from operations.embedded.supervisor import Supervisor
from operations.embedded.voice import Voice

NO_TRAEFIK = (
    "Traefik is not here: its wheel has no build for this platform. Put a traefik 3.7 or newer on the PATH, "
    "or go without it: --no-edge"
)


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

    @property
    def internal_host(self) -> str:
        return f"internal.{self.platform_domain}"


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
        traefik = self._traefik()
        shares = application.shares(plan.surfaces, reader_server=plan.reader_server, with_edge=plan.with_edge)
        listeners = [listen(0 if traefik else plan.port) for _ in shares]
        if traefik:
            listen(plan.port).close()
        environment = self._data_services()
        with self._voice.step("Migrations"):
            self._manage(environment, "migrate", "--no-input")
        logins = self._demo(environment) if plan.with_demo else []
        sites = self._ask(environment, "site", "list", "--json")
        for share, listener in zip(shares, listeners, strict=True):
            self._serve(share, listener, environment)
        if traefik:
            ports = [listener.getsockname()[1] for listener in listeners]
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
                    )
                )
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

    def _traefik(self) -> Path | None:
        if not self._plan.with_edge:
            return None
        program = find("traefik")
        if program is None:
            raise Refused(Exit.MISSING, NO_TRAEFIK)
        return program

    def _data_services(self) -> dict[str, str]:
        plan = self._plan
        database_url, redis_url = plan.database_url, plan.redis_url
        program = None if redis_url else find("redis-server")
        cluster = None if database_url else Cluster(plan.data)
        if cluster:
            database_url = cluster.url
        if program:
            redis_url = redis.url(plan.data)
        self._supervisor.facts = {
            "database_url": database_url,
            "redis_url": redis_url or None,
            "public_port": plan.port,
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
            "PORT": str(plan.port),
            "MASTHEAD_DATA": str(plan.data),
            "PYTHONUNBUFFERED": "1",
        }

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
                lambda: status_of(port=plan.port, host=f"{host}:{plan.port}") in {200, 302},
                f"http://{host}:{plan.port}/ does not answer well",
                server,
            )


def first_host(plan: Plan, sites: list[dict[str, Any]]) -> str | None:
    """The host whose page proves that all is well: a live site's, else a staff front's; None for neither."""
    live = [str(site["domain"]) for site in sites if site["state"] == "live"] if "reader" in plan.surfaces else []
    staff = [f"{surface}.{plan.platform_domain}" for surface in ("studio", "ops") if surface in plan.surfaces]
    return next(iter([*live, *staff]), None)


def _must_answer(database_url: str) -> None:
    try:
        psycopg.connect(database_url, connect_timeout=5).close()
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise Refused(Exit.FAILED, f"The PostgreSQL that DATABASE_URL names does not answer: {reason}") from error
