"""What is written down for the edge: the two forms agree, and start.sh puts in what is secret."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.operations.test_embedded_edge import FILES

TOKEN = "a-token-of-the-tests-which-is-long-enough"


def written(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((FILES / name).read_text())
    return found


def started(tmp_path: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    """start.sh, with a program in Traefik's place that shows what it is given."""
    shows = tmp_path / "shows"
    shows.write_text('#!/bin/sh\necho "$@" >&2\ncat "${1#--configFile=}"\n')
    shows.chmod(0o700)
    variables = {
        "PATH": os.environ["PATH"], "TRAEFIK": str(shows), "TMPDIR": str(tmp_path), "EDGE_TOKEN": TOKEN,
        "MASTHEAD_INTERNAL": "http://staff:8000", "PLATFORM_DOMAIN": "platform.test",
    }  # fmt: skip
    return subprocess.run(
        ["/bin/sh", FILES / "start.sh"], env=variables | changes, capture_output=True, text=True, check=False
    )


def test_the_token_and_the_addresses_are_put_in_and_nobody_else_reads_them(tmp_path: Path) -> None:
    done = started(tmp_path)
    found = yaml.safe_load(done.stdout)
    assert found["providers"]["http"] == {
        "endpoint": "http://staff:8000/edge/traefik.json", "pollInterval": "1s", "pollTimeout": "10s",
        "headers": {"Host": "internal.platform.test", "Authorization": f"Bearer {TOKEN}"},
    }  # fmt: skip
    for name in ("web", "websecure"):
        assert found["entryPoints"][name]["forwardedHeaders"] == {"trustedIPs": []}
    assert TOKEN not in done.stderr
    assert (tmp_path / "traefik.yml").stat().st_mode & 0o077 == 0


def test_only_listed_addresses_may_speak_for_others(tmp_path: Path) -> None:
    found = yaml.safe_load(started(tmp_path, TRUSTED_PROXY_ADDRESSES="10.0.0.7, 192.0.2.0/24").stdout)
    for name in ("web", "websecure"):
        assert found["entryPoints"][name]["forwardedHeaders"] == {"trustedIPs": ["10.0.0.7", "192.0.2.0/24"]}


@pytest.mark.parametrize(
    ("variable", "value"),
    [("EDGE_TOKEN", ""), ("EDGE_TOKEN", "a|b"), ("PLATFORM_DOMAIN", ""), ("TRUSTED_PROXY_ADDRESSES", "], api: {")],
)
def test_what_is_missing_or_breaks_out_is_refused(tmp_path: Path, variable: str, value: str) -> None:
    done = started(tmp_path, **{variable: value})
    assert done.returncode != 0
    assert done.stdout == ""


def test_both_forms_have_the_same_limits_and_neither_a_dashboard() -> None:
    plain, tls = written("traefik.yml"), written("tls.yml")
    for form in (plain, tls):
        assert "api" not in form
        assert form["global"] == {"checkNewVersion": False, "sendAnonymousUsage": False}
    assert plain["entryPoints"]["web"]["http"] == tls["entryPoints"]["web"]["http"]
    secure = tls["entryPoints"]["websecure"]
    assert secure["http"] == {**tls["entryPoints"]["web"]["http"], "tls": {}}
    assert "http3" in secure
    assert tls["accessLog"]["format"] == "json"
    assert tls["metrics"]["prometheus"]["entryPoint"] == "metrics"
