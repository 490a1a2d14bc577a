"""Certificates as files for Traefik's file provider, which serves them whatever becomes of the application.

DIR/masthead-names.yml names them; they lie below DIR/certificates. A renewed certificate has another serial, and so
another file: one that changes under the same name Traefik does not notice.
"""

import json
import os
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from operations.edge import shrinking
from operations.edge.pairs import Damaged, Pair, is_served, read, versions
from sites_core.directory import directory

NAMES = "masthead-names.yml"
PAIRS = "certificates"
# What Traefik may still be reading, by the list that it had.
SETTLE_SECONDS = 3.0
_OURS = re.compile(r"[a-z0-9_.-]+-[0-9A-Za-z]+\.(?:crt|key)\Z")


class Withheld(Exception):
    """The files stay as they are; the message says why."""


@dataclass(frozen=True, slots=True)
class Synced:
    """What one turn did. `damaged` certificates were left out."""

    names: int
    written: int
    removed: int
    damaged: tuple[Damaged, ...] = ()


class Folder:
    """A folder of the file provider. `seen_as` is its path as Traefik sees it, in another container for instance."""

    def __init__(self, path: Path, *, seen_as: str = "") -> None:
        self.path = path
        self.pairs = path / PAIRS
        self._seen_as = seen_as or str(path.absolute())
        self._read: dict[str, tuple[int, str]] = {}
        self._damaged: dict[str, Damaged] = {}

    def sync(self, *, settle: float = SETTLE_SECONDS) -> Synced:
        """Make the files what the database says. Raises Withheld, DatabaseError, DirectoryUnavailable and OSError.

        New files first, then the list that names them, then, `settle` seconds later, the old ones go.
        """
        names = directory.names()
        wanted = {name: version for name, version in versions().items() if is_served(name, names)}
        self.pairs.mkdir(mode=0o700, parents=True, exist_ok=True)
        written = self._write_newer(wanted)
        stems = sorted(stem for name, (_, stem) in self._read.items() if name in wanted)
        if objection := shrinking.objection(
            now=len(stems), before=len(self.listed()), with_certificate=len(wanted), of=len(names.by_hostname)
        ):
            raise Withheld(objection)
        self._list(stems)
        removed = self._remove_all_but(stems, settle)
        return Synced(len(stems), written, removed, tuple(self._damaged.values()))

    def listed(self) -> list[str]:
        """The stems of the files that the list names; none where there is no list that can be read."""
        try:
            certificates = json.loads((self.path / NAMES).read_text())["tls"]["certificates"]
            return [Path(one["certFile"]).stem for one in certificates]
        except (OSError, ValueError, KeyError, TypeError):
            return []

    def _write_newer(self, wanted: dict[str, int]) -> int:
        for held in (self._read, self._damaged):
            for name in [name for name in held if name not in wanted]:
                del held[name]
        newer = [name for name, version in wanted.items() if self._version(name) != version]
        written = 0
        for found in read(newer):
            self._read.pop(found.name, None)
            self._damaged.pop(found.name, None)
            if isinstance(found, Damaged):
                self._damaged[found.name] = found
                continue
            written += self._write(found)
            self._read[found.name] = (found.version, stem_of(found))
        return written

    def _version(self, name: str) -> int | None:
        if read := self._read.get(name):
            return read[0]
        damaged = self._damaged.get(name)
        return damaged.version if damaged else None

    def _write(self, pair: Pair) -> bool:
        """Whether anything had to be written."""
        parts = (self.pairs / f"{stem_of(pair)}.key", pair.key), (self.pairs / f"{stem_of(pair)}.crt", pair.chain)
        fresh = [(path, text) for path, text in parts if not _says(path, text)]
        for path, text in fresh:
            _replace(path, text)
        return bool(fresh)

    def _list(self, stems: Iterable[str]) -> None:
        # Traefik takes JSON for YAML, which it is, but not a file that is called .json.
        inside = f"{self._seen_as}/{PAIRS}"
        certificates = [{"certFile": f"{inside}/{stem}.crt", "keyFile": f"{inside}/{stem}.key"} for stem in stems]
        text = json.dumps({"tls": {"certificates": certificates}}, indent=0) + "\n"
        if not _says(self.path / NAMES, text):
            _replace(self.path / NAMES, text)

    def _remove_all_but(self, stems: Iterable[str], settle: float) -> int:
        kept = {f"{stem}.{suffix}" for stem in stems for suffix in ("crt", "key")}
        old = [path for path in self.pairs.iterdir() if path.name not in kept and _OURS.match(path.name)]
        if old:
            time.sleep(settle)
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)


def stem_of(pair: Pair) -> str:
    """The name of a pair's files, without what comes after the dot; `*` is no letter for a file's name."""
    serial = re.sub(r"[^0-9A-Za-z]", "", pair.serial) or str(pair.version)
    return f"{pair.name.replace('*', '_')}-{serial}"


def _says(path: Path, text: str) -> bool:
    try:
        return path.read_text() == text
    except (OSError, UnicodeDecodeError):
        return False


def _replace(path: Path, text: str) -> None:
    """Write it whole or not at all, for its owner alone."""
    fresh = path.with_name(f".{path.name}.new")
    with open(fresh, "w", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(text)
    fresh.replace(path)
