"""The embedded Traefik: the files of the checkout's traefik/ folder, on loopback ports."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from operations.embedded.application import command as application_command
from operations.embedded.asking import status_of
from operations.embedded.child import Service
from operations.embedded.ports import HOST, accepts


@dataclass(frozen=True)
class Tls:
    """Where the edge ends TLS: its port, the token that opens the certificates, and where its metrics are."""

    port: int
    token: str
    metrics_port: int


def service(
    program: Path,
    *,
    files: Path,
    folder: Path,
    port: int,
    platform_domain: str,
    application: int,
    readers: int | None = None,
    tls: Tls | None = None,
) -> Service:
    """Traefik as a child, on `port`, before the application on port `application`.

    With `readers`, the port of another server, only staff's hosts go to `application`. Of the static configuration in
    `files` it changes the addresses, the place of the dynamic one and what start.sh puts in, nothing else.
    """
    static = yaml.safe_load((files / ("tls.yml" if tls else "traefik.yml")).read_text())
    static["entryPoints"]["web"]["address"] = f"{HOST}:{port}"
    static["providers"]["file"]["directory"] = str(files / "dynamic")
    if tls:
        _end_tls(static, tls, application=application, platform_domain=platform_domain)
        static["providers"]["file"]["directory"] = str(dynamic(files, folder))
    written = folder / "traefik.yml"
    written.touch(mode=0o600)
    written.write_text(yaml.safe_dump(static))
    return Service(
        name="traefik",
        command=[program, f"--configFile={written}"],
        environment={
            "PLATFORM_DOMAIN": platform_domain,
            "MASTHEAD_APPLICATION": f"http://{HOST}:{application}",
            "MASTHEAD_READERS": f"http://{HOST}:{readers}" if readers else "",
            "MASTHEAD_HTTPS_PORT": str(tls.port) if tls else "",
            # All of this machine's requests come from one address.
            **dict.fromkeys(("MASTHEAD_RATE", "MASTHEAD_IN_FLIGHT", "TRUSTED_PROXY_ADDRESSES"), ""),
        },
        # It listens before it has read its routers.
        ready=lambda: accepts(tls.port) and status_of(port=port, host=platform_domain) == 301 if tls else accepts(port),
    )


def copier(*, checkout: Path, folder: Path, environment: Mapping[str, str]) -> Service:
    """What keeps the last good certificates in files, as a child."""
    words = ("edge", "--skip-checks", "sync", str(names(folder)), "--watch")
    following = application_command(*words, checkout=checkout, environment=environment)
    return replace(following, name="edge-files")


def names(folder: Path) -> Path:
    """The folder of the file provider below the data folder."""
    return folder / "edge"


def dynamic(files: Path, folder: Path) -> Path:
    """That folder, with the checkout's routers in it beside the certificates."""
    place = names(folder)
    place.mkdir(mode=0o700, exist_ok=True)
    shutil.copyfile(files / "dynamic" / "masthead.yml", place / "masthead.yml")
    return place


def _end_tls(static: dict[str, Any], tls: Tls, *, application: int, platform_domain: str) -> None:
    for name, port in (("websecure", tls.port), ("metrics", tls.metrics_port)):
        static["entryPoints"][name]["address"] = f"{HOST}:{port}"
    for name in ("web", "websecure"):
        static["entryPoints"][name]["forwardedHeaders"] = {"trustedIPs": []}
        static["entryPoints"][name]["transport"]["lifeCycle"]["graceTimeOut"] = "1s"
    asked: Mapping[str, Any] = {
        "endpoint": f"http://{HOST}:{application}/edge/traefik.json",
        "headers": {"Host": f"internal.{platform_domain}", "Authorization": f"Bearer {tls.token}"},
    }
    static["providers"]["http"] |= asked
