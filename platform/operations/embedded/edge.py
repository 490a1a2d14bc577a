"""The embedded Traefik: the files of the checkout's traefik/ folder, on a loopback port."""

from pathlib import Path

import yaml

from operations.embedded.child import Service
from operations.embedded.ports import HOST, accepts


def service(
    program: Path,
    *,
    files: Path,
    folder: Path,
    port: int,
    platform_domain: str,
    application: int,
    readers: int | None = None,
) -> Service:
    """Traefik as a child, on `port`, before the application on port `application`.

    With `readers`, the port of another server, only staff's hosts go to `application`. Of the static configuration in
    `files` it changes the address and the place of the dynamic one, nothing else.
    """
    static = yaml.safe_load((files / "traefik.yml").read_text())
    static["entryPoints"]["web"]["address"] = f"{HOST}:{port}"
    static["providers"]["file"]["directory"] = str(files / "dynamic")
    written = folder / "traefik.yml"
    written.write_text(yaml.safe_dump(static))
    return Service(
        name="traefik",
        command=[program, f"--configFile={written}"],
        environment={
            "PLATFORM_DOMAIN": platform_domain,
            "MASTHEAD_APPLICATION": f"http://{HOST}:{application}",
            "MASTHEAD_READERS": f"http://{HOST}:{readers}" if readers else "",
        },
        ready=lambda: accepts(port),
    )
