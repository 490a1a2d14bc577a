"""A program is taken from its wheel; where that has none, from the PATH."""

import sys
from pathlib import Path

import pytest

from operations.embedded import programs


@pytest.mark.parametrize("name", ["postgres", "initdb", "redis-server"])
def test_the_wheel_comes_first(name: str) -> None:
    package, _ = programs.WHEELS[name]
    found = programs.find(name)
    assert found
    assert package in found.parts


def test_traefik_is_found_beside_python_though_the_environment_is_not_activated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert programs.find("traefik")


@pytest.mark.parametrize("name", ["postgres", "redis-server", "traefik"])
def test_without_a_wheel_the_path_serves(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_wheels(monkeypatch, tmp_path)
    assert programs.find(name) is None
    (tmp_path / name).write_text("#!/bin/sh\n")
    (tmp_path / name).chmod(0o755)
    assert programs.find(name) == tmp_path / name


def without_wheels(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setattr(programs, "WHEELS", {"postgres": ("a_package_that_is_not_installed", "bin")})
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    monkeypatch.setenv("PATH", str(path))
