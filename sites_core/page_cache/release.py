"""A name for the code that makes pages: a page that another release made is not this one's."""

import hashlib
from pathlib import Path

from django.conf import settings

_MADE_OF = {".py", ".html", ".css", ".js", ".svg", ".mo"}


def release() -> str:
    """16 hexadecimal digits over every file that can shape a page, and the settings that URLs are made of."""
    digest = hashlib.blake2b(digest_size=8)
    facts = [settings.PUBLIC_SCHEME, str(settings.PUBLIC_PORT), settings.PLATFORM_DOMAIN]
    digest.update("\n".join(facts).encode())
    for path in sorted(_files(Path(settings.ROOT))):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _files(root: Path) -> list[Path]:
    folders = [root / name for name in ("settings", "sites_core", "tenants", "platform")]
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in _MADE_OF]
    # The lock names every library.
    return files + [path for path in (root / "hosts.py", root / "uv.lock") if path.exists()]
